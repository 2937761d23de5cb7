"""The growth rule played through on results with a known truth: it finds it, and goes on trying."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from insights.out_there import NOW, piece
from nightdesk.desk.results.advising import Advice, Piece, advice, hours_for
from nightdesk.desk.results.growth import helps, surely
from nightdesk.desk.results.hooks import HOOKS, OPENINGS, article_form, kind_of_hook, video_form
from nightdesk.desk.results.learning import learn
from nightdesk.desk.results.published import Published
from nightdesk.store.growth import arm_of

UTC_ZONE = ZoneInfo("UTC")
SPOKEN = {
    "question": "Why does it rot?",
    "figure": "3 things rot fast",
    "call": "Stop that!",
    "statement": "It rots",
}
BY_HABIT = (*["statement"] * 6, "figure", "figure", "question", "call")
"""How a writer begins who is asked for nothing."""


def played(
    pieces: int, seed: int, truth: dict[str, float], *, grows: float = 0.0, obeyed: float = 0.8
) -> list[tuple[Advice, Published]]:
    """A site that asks the rule for each piece, a writer who mostly obeys, and an audience whose taste is
    `truth`: natural logarithms. The account grows by `grows` with each piece."""
    dice, history = random.Random(seed), list[tuple[Advice, Published]]()
    learned = learn([], UTC_ZONE, 1)
    for number in range(1, pieces + 1):
        if number % 10 == 0:
            learned = learn([row for _, row in history], UTC_ZONE, 1)
        topic = f"matter {seed} {number}"
        given = advice(learned, arm_of(f"1:{topic}"), Piece("video", "", f"1:{topic}"))
        hook = given.hook if given.hook and dice.random() < obeyed else dice.choice(BY_HABIT)
        reached = 5.5 + grows * number + truth.get(hook, 0.0) + dice.gauss(0, 0.6)
        at = NOW + timedelta(hours=12 * number)
        facts = {"hook": SPOKEN[hook], "title": f"Matter {number}", "topic": topic, "live_at": at}
        history.append((given, piece(number, round(2.718**reached), **facts)))
    return history


@pytest.mark.parametrize(("better", "seed"), [("question", 1), ("call", 2), ("figure", 3)])
def test_it_finds_the_better_hook_of_a_growing_account_and_goes_on_trying(better: str, seed: int) -> None:
    history = played(240, seed, {better: 0.9}, grows=0.01)
    late = history[120:]
    arms = Counter(given.arm for given, _ in history)
    assert 0.22 < arms["trial"] / (arms["trial"] + arms["worked"]) < 0.38
    followed = [given.hook for given, _ in late if given.arm == "worked"]
    assert followed.count(better) > 0.9 * len(followed)
    tried = Counter(given.hook for given, _ in late if given.arm == "trial")
    assert set(tried) == set(OPENINGS), "every beginning stays in the race"
    assert tried[better] < max(tried.values()), "what is known best is tried least"
    left = [given for given, _ in late if given.arm == "held"]
    assert left
    assert {(given.hook, given.format, given.opening) for given in left} == {("", "", "")}
    learned = learn([row for _, row in history], UTC_ZONE, 1)
    assert max(learned.hooks, key=lambda name: learned.hooks[name].estimate) == better
    assert "is more than chance" in helps(learned)


def test_where_the_audience_does_not_care_hardly_anything_is_preferred() -> None:
    preferred = []
    for seed in range(12):
        learned = learn([row for _, row in played(120, 100 + seed, {})], UTC_ZONE, 1)
        preferred.append(max(one.estimate for one in learned.hooks.values()))
    assert sum(one > 0.2 for one in preferred) <= 1


def test_growth_of_the_account_is_not_taken_for_a_better_hook() -> None:
    dice = random.Random(5)
    rows = [
        piece(
            number,
            round(2.718 ** (5 + 0.02 * number + dice.gauss(0, 0.4))),
            hook=SPOKEN["statement" if dice.random() < 1 - number / 200 else "question"],
            live_at=NOW + timedelta(hours=12 * number),
        )
        for number in range(1, 201)
    ]
    learned = learn(rows, UTC_ZONE, 1)
    assert learned.hooks["question"].estimate < 0.15


def test_the_holdout_claims_what_is_chance_no_more_often_than_it_says() -> None:
    claims = 0
    for seed in range(120):
        dice = random.Random(seed)
        rows = [
            piece(number, round(2.718 ** (5 + dice.gauss(0, 1))), topic=f"matter {seed} {number}")
            for number in range(1, 90)
        ]
        claims += "is more than chance" in helps(learn(rows, UTC_ZONE, 1))
    assert claims <= 12, "5 % of 120 are 6"


@pytest.mark.parametrize(("freedom", "told"), [(4, 2.776), (8, 2.306), (30, 2.042), (1e6, 1.960)])
def test_few_pieces_have_to_differ_by_more(freedom: float, told: float) -> None:
    assert surely(freedom) == pytest.approx(told, rel=0.02)


def test_a_trial_of_hours_takes_the_usual_one_that_is_known_least() -> None:
    rows = []
    for number in range(1, 21):
        at = NOW.replace(hour=14 + number % 2) + timedelta(days=number)
        rows.append(piece(number, 1000 if number % 2 else 100, live_at=at))
    learned = learn(rows, UTC_ZONE, 1)
    assert hours_for(learned, "youtube", "trial", (14, 15, 16)) == [16, 14, 15]
    assert hours_for(learned, "youtube", "worked", (14, 15, 16)) == [15]
    assert hours_for(learned, "youtube", "held", (14, 15, 16)) == []


def test_an_opening_is_such_a_hook_and_nobody_is_asked_for_words_that_somebody_else_said() -> None:
    assert OPENINGS.keys() == HOOKS.keys() - {"quotation"}
    assert {kind_of_hook(said): name for name, said in SPOKEN.items()} == {name: name for name in OPENINGS}


@pytest.mark.parametrize(
    ("read", "form", "usual", "found"),
    [
        (video_form, "list 9:16, under 30 seconds", 30, ("list", 25)),
        (video_form, "story 9:16, 30 to 60 seconds", 40, ("story", 40)),
        (video_form, "explainer 16:9, over a minute", 30, ("explainer", 75)),
        (video_form, "", 30, ("", 30)),
        (video_form, "list, under 600 words", 30, ("", 30)),
        (article_form, "list, under 600 words", 1000, ("list", 500)),
        (article_form, "how_to, 600 to 1,200 words", 1000, ("how_to", 1000)),
        (article_form, "over 1,200 words", 1000, ("", 1500)),
        (article_form, "guide", 1000, ("", 1000)),
    ],
)
def test_a_form_is_read_back_as_what_is_asked_for(
    read: Callable[[str, int], tuple[str, int]], form: str, usual: int, found: tuple[str, int]
) -> None:
    assert read(form, usual) == found
