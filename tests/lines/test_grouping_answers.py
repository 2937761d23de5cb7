"""A model's answer is made a partition, near groups are shown together, mapped keywords stay mapped."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nightdesk.lines.article.grouping import (
    Phrase,
    blocks,
    check_partition,
    group,
    lexicon_for,
    match_existing,
    repair_partition,
    slot_keys,
)
from nightdesk.providers.text.questions import GroupsJudged, NamedCluster

ENGLISH = lexicon_for("en")
NAMES = {number: f"keyword {number}" for number in range(1, 7)}


def answer(**clusters: list[int]) -> GroupsJudged:
    return GroupsJudged(
        clusters=[NamedCluster(name=name, groups=groups) for name, groups in clusters.items()]
    )


def as_dict(judged: GroupsJudged) -> dict[str, list[int]]:
    return {cluster.name: cluster.groups for cluster in judged.clusters}


def test_a_partition_has_no_problems_and_is_left_alone() -> None:
    whole = answer(care=[1, 2], prices=[3, 4, 5, 6])
    assert check_partition(whole, NAMES) == []
    assert repair_partition(whole, NAMES) == whole


def test_what_is_wrong_with_an_answer_is_said_with_the_numbers() -> None:
    problems = check_partition(answer(care=[1, 2, 2], Care=[3, 1, 99]), NAMES)
    assert problems == [
        "these groups are in no cluster: 4, 5, 6",
        "there are no groups with these numbers: 99",
        "these groups come more than once: 1, 2",
        "these names are given to more than one cluster: care",
    ]


def test_a_long_list_of_problems_is_cut_short() -> None:
    problems = check_partition(answer(care=[1]), range(1, 101))
    assert problems[0].endswith("20, 21 and 79 more")


def test_a_repair_drops_repeats_and_strangers_and_puts_missing_groups_back() -> None:
    mended = repair_partition(answer(care=[1, 2, 2], prices=[2, 3, 99], nothing=[1]), NAMES)
    assert as_dict(mended) == {
        "care": [1, 2],
        "prices": [3],
        "keyword 4": [4],
        "keyword 5": [5],
        "keyword 6": [6],
    }


def test_clusters_of_one_name_become_one_in_a_repair() -> None:
    assert as_dict(repair_partition(answer(care=[1, 2], Care=[3, 4, 5, 6]), NAMES)) == {
        "care": [1, 2, 3, 4, 5, 6]
    }


clusters = st.builds(
    NamedCluster,
    name=st.text(min_size=1, max_size=120),
    groups=st.lists(st.integers(-2, 9), min_size=1, max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(clusters, max_size=6), st.dictionaries(st.integers(0, 8), st.text(max_size=200), max_size=9))
def test_whatever_a_model_answers_its_repair_is_a_partition(
    given_clusters: list[NamedCluster], names: dict[int, str]
) -> None:
    mended = repair_partition(GroupsJudged(clusters=given_clusters), names)
    assert check_partition(mended, names) == []
    assert repair_partition(mended, names) == mended


def test_groups_of_one_subject_share_a_block() -> None:
    things = ("kettle", "toaster", "blender", "juicer")
    texts = [f"{word} {thing}" for word in ("best", "buy", "what is a", "kettle vs") for thing in things]
    laid_out = blocks(group([Phrase(text) for text in texts], ENGLISH), at_most=5)
    for thing in ("toaster", "blender", "juicer"):
        plain = {f"best {thing}", f"buy {thing}", f"what is a {thing}"}
        assert any(plain <= {one.representative.text for one in block} for block in laid_out), thing


def test_more_groups_of_one_core_than_a_block_holds_are_cut() -> None:
    found = group([Phrase(f"{word} kettle") for word in ("best", "buy", "what is a")], ENGLISH)
    assert [len(block) for block in blocks(found, at_most=2)] == [2, 1]


def test_a_new_keyword_joins_the_cluster_that_has_its_meaning() -> None:
    existing = {
        7: slot_keys(["best air purifier", "air purifier reviews"], ENGLISH),
        8: slot_keys(["how to clean an air purifier"], ENGLISH),
    }
    new = ["top rated air purifiers 2026", "cleaning air purifiers", "best humidifier"]
    found = group([Phrase(text) for text in new], ENGLISH)
    matched = match_existing(found, existing)
    assert {found[place].representative.text: cluster for place, cluster in matched.items()} == {
        "top rated air purifiers 2026": 7,
        "cleaning air purifiers": 8,
    }


def test_a_keyword_that_could_belong_to_two_clusters_is_left_to_the_model() -> None:
    existing = {1: {"commercial:air purifier"}, 2: {"transactional:air purifier"}}
    assert match_existing(group([Phrase("air purifier")], ENGLISH), existing) == {}


def test_a_keyword_that_compares_does_not_join_the_cluster_of_one_side() -> None:
    existing = {1: slot_keys(["bokashi compost"], ENGLISH)}
    assert match_existing(group([Phrase("bokashi vs compost")], ENGLISH), existing) == {}
