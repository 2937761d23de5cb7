"""Articles planned from the form of the searches: as many as asked, each with its own title."""

import re
from itertools import pairwise

import pytest

from nightdesk.providers.text.offline.ideas import plan_ideas
from nightdesk.providers.text.questions import ClustersToPlan, ClusterToPlan, PlannedIdea, SiteBrief

SITE = SiteBrief(name="Breathe", subject="Air at home")
KEYWORDS = {
    "Air purifiers": ["air purifier", "best air purifier", "how to clean an air purifier"],
    "HEPA filters": [
        "hepa filter",
        "hepa filter vs carbon filter",
        "what is a hepa filter",
        "hepa filter types",
    ],
    "Humidifiers": [
        "humidifier",
        "how often to clean a humidifier",
        "humidifier vs vaporizer",
        "buy humidifier",
    ],
    "Why is my air dry": ["why is my air dry"],
}


def planned(wanted: int = 3, taken: tuple[str, ...] = (), **keywords: list[str]) -> list[PlannedIdea]:
    clusters = [
        ClusterToPlan(number=number, name=name, keywords=found)
        for number, (name, found) in enumerate((keywords or KEYWORDS).items(), 1)
    ]
    asked = ClustersToPlan(site=SITE, clusters=clusters, ideas_per_cluster=wanted, taken=list(taken))
    return plan_ideas(asked).ideas


@pytest.mark.parametrize("wanted", [1, 3, 7])
def test_each_cluster_gets_as_many_ideas_as_asked(wanted: int) -> None:
    ideas = planned(wanted)
    assert [sum(idea.cluster == number for idea in ideas) for number in (1, 2, 3, 4)] == [wanted] * 4


def test_no_title_comes_twice_and_none_that_is_taken() -> None:
    first = planned()
    again = planned(taken=tuple(idea.title for idea in first))
    titles = [idea.title for idea in first + again]
    assert len(set(titles)) == len(titles)


def test_neighbouring_titles_do_not_follow_one_pattern() -> None:
    ideas = planned(1, **{f"Filter {n}": [f"filter {n}"] for n in range(12)})
    skeletons = [re.sub(r"filters? \d+", "X", idea.title, flags=re.I) for idea in ideas]
    assert all(one != other for one, other in pairwise(skeletons))
    assert len(set(skeletons)) >= 4


@pytest.mark.parametrize(
    ("search", "structure", "intent"),
    [
        ("hepa filter vs carbon filter", "comparison", "commercial"),
        ("difference between hepa and carbon", "comparison", "informational"),
        ("how to clean a humidifier", "how_to", "informational"),
        ("best air purifier", "review", "commercial"),
        ("air purifier for sale", "review", "transactional"),
        ("types of air filter", "list", "informational"),
        ("why is my air dry", "faq", "informational"),
        ("what is a hepa filter", "guide", "informational"),
    ],
)
def test_the_form_of_a_search_decides_structure_and_intent(search: str, structure: str, intent: str) -> None:
    (idea,) = planned(1, Cluster=[search])
    assert (idea.structure, idea.intent) == (structure, intent)


def test_two_pairs_to_compare_make_two_comparisons() -> None:
    ideas = planned(2, Filters=["hepa filter vs carbon filter", "fan vs window"])
    assert [idea.structure for idea in ideas] == ["comparison", "comparison"]
    assert len({frozenset(idea.title.split()) for idea in ideas}) == 2


def test_an_idea_targets_its_clusters_keywords_and_leads_with_its_own() -> None:
    for idea in planned():
        given = list(KEYWORDS.values())[idea.cluster - 1]
        assert set(idea.keywords) <= set(given)


def test_outlines_have_four_to_eight_sections_without_a_repeated_heading() -> None:
    for idea in planned(5):
        headings = [section.heading for section in idea.outline]
        assert 4 <= len(headings) <= 8, idea.title
        assert len(set(headings)) == len(headings), idea.title
        assert 700 <= idea.words <= 1400


def test_titles_carry_no_filler() -> None:
    said = " ".join(idea.title for idea in planned(7))
    assert not re.search(r"ultimate|everything you need|in today's|unlock|game.?chang", said, re.I)
