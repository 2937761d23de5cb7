"""Groups judged without a model: always a partition, near ones together, names that can be shown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nightdesk.providers.text.offline.clusters import judge_groups
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge, SiteBrief

SITE = SiteBrief(name="Breathe", subject="Air at home")


def judged(*phrases: str, existing: tuple[str, ...] = (), subject: str = SITE.subject) -> GroupsJudged:
    groups = [
        Group(number=number, representative=phrase, keywords=1, volume=1000 - number)
        for number, phrase in enumerate(phrases, 1)
    ]
    site = SITE.model_copy(update={"subject": subject})
    return judge_groups(GroupsToJudge(site=site, groups=groups, existing=list(existing)))


def together(answer: GroupsJudged, one: int, other: int) -> bool:
    return any({one, other} <= set(cluster.groups) for cluster in answer.clusters)


phrases = st.lists(
    st.text("abcdeé ж漢0?…", min_size=1, max_size=20).filter(lambda text: bool(text.strip())),
    min_size=1,
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(phrases)
def test_whatever_the_phrases_each_group_lands_in_exactly_one_cluster(found: list[str]) -> None:
    answer = judged(*found)
    numbers = sorted(number for cluster in answer.clusters for number in cluster.groups)
    assert numbers == list(range(1, len(found) + 1))
    names = [cluster.name.casefold() for cluster in answer.clusters]
    assert len(set(names)) == len(names)


def test_groups_on_one_matter_are_merged_and_others_are_not() -> None:
    answer = judged(
        "hepa filter", "best hepa filter", "hepa filter cleaning", "humidifier", "humidifier salt"
    )
    assert together(answer, 1, 2)
    assert together(answer, 1, 3)
    assert together(answer, 4, 5)
    assert not together(answer, 1, 4)


def test_questions_of_one_frame_are_one_cluster() -> None:
    answer = judged(
        "can you breathe argon",
        "can you breathe helium",
        "can you breathe neon",
        "window fan",
        "window fan noise",
    )
    assert together(answer, 1, 2)
    assert together(answer, 2, 3)
    assert not together(answer, 1, 4)
    assert "Things you can breathe" in [cluster.name for cluster in answer.clusters]


def test_names_are_in_the_plural_with_acronyms_kept() -> None:
    answer = judged("best air purifier for pets", "how to clean a hepa filter", "soil ph", "voc meter")
    assert [cluster.name for cluster in answer.clusters] == [
        "Air purifiers for pets", "How to clean a HEPA filter", "Soil pH", "VOC meters",
    ]  # fmt: skip


def test_a_word_without_a_plural_in_sight_keeps_its_singular() -> None:
    names = [
        cluster.name
        for cluster in judged("carbon to nitrogen ratio", "top dressing lawn with compost").clusters
    ]
    assert names == ["Carbon to nitrogen ratio", "Dressing lawn with compost"] or names == [
        "Carbon to nitrogen ratio", "Top dressing lawn with compost",
    ]  # fmt: skip


def test_a_cluster_that_exists_already_keeps_its_name() -> None:
    answer = judged("hepa filters", existing=("HEPA Filter",))
    assert [cluster.name for cluster in answer.clusters] == ["HEPA Filter"]


def test_a_description_counts_what_is_in_the_cluster() -> None:
    answer = judged("humidifier", "best humidifier")
    assert (
        answer.clusters[0].description == "2 keywords, 1,997 searches a month: humidifier, best humidifier."
    )
