"""The growth rule: what it believes, how it deals topics out, and what follows from that."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text

from api.api_house import Tenant
from insights.out_there import NOW, account, out, piece
from nightdesk.bootstrap import House
from nightdesk.desk.people import Operator
from nightdesk.desk.results.advising import Piece, advice, advised, hours_for
from nightdesk.desk.results.credibility import believed
from nightdesk.desk.results.growth import helps
from nightdesk.desk.results.hooks import kind_of_hook
from nightdesk.desk.results.learning import learn
from nightdesk.desk.results.usual import compared
from nightdesk.desk.topics.scoring import Material, score
from nightdesk.kit.text import clean
from nightdesk.quality.words import content_words
from nightdesk.store import growth, picking
from nightdesk.store.growth import ENOUGH, RANGES, SLICES, arm_of, slice_of
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site

UTC_ZONE = ZoneInfo("UTC")


def test_what_is_believed_of_a_group_is_as_reckoned_by_hand() -> None:
    found = believed({"a": [1.0, 3.0], "b": [5.0, 7.0]})
    # Within 2, between 7: each group of two counts by 2 / (2 + 2/7).
    assert found["a"].weight == pytest.approx(0.875)
    assert found["a"].estimate == pytest.approx(-2 * 0.875)
    assert found["b"].estimate == pytest.approx(2 * 0.875)


def test_groups_that_differ_by_chance_alone_are_not_believed() -> None:
    found = believed({"a": [0.0, 4.0], "b": [1.0, 3.1]})
    assert {one.weight for one in found.values()} == {0.0}
    assert believed({"only": [3.0, 5.0]})["only"].estimate == 0.0
    assert believed({}) == {}


def test_what_is_believed_is_nearer_to_the_truth_than_the_plain_means() -> None:
    dice = random.Random(7)
    plain = shrunk = 0.0
    for _ in range(200):
        truth = {group: dice.gauss(0, 0.3) for group in range(8)}
        seen = {
            group: [mean + dice.gauss(0, 1) for _ in range(dice.randint(2, 12))]
            for group, mean in truth.items()
        }
        middle = sum(truth.values()) / len(truth)
        for group, one in believed(seen).items():
            plain += (one.mean - (truth[group] - middle)) ** 2
            shrunk += (one.estimate - (truth[group] - middle)) ** 2
    assert shrunk < plain * 0.6


def test_a_piece_is_held_against_others_of_its_account_at_its_age_alone() -> None:
    rows = [piece(n, views) for n, views in enumerate((10, 10, 10, 100), 1)]
    rows += [piece(n, 1_000_000, account_id=2) for n in (8, 9)]
    found = compared(rows)
    assert set(found) == {1, 2, 3, 4}, "an account with two pieces tells nothing of what is usual"
    assert found[4].times > 3 > 1 > found[1].times
    assert "after 7 days, beside 3 others" in found[4].says


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Why does compost smell?", "question"),
        ("Warum riecht Kompost？", "question"),
        ("The 3 mistakes everybody makes", "figure"),
        ("Nobody sold more than 3", "statement"),
        ("„Nie wieder Torf“", "quotation"),
        ("Stop watering!", "call"),
        ("Compost needs air", "statement"),
        ("", "statement"),
    ],
)
def test_hooks_are_told_apart_in_any_language(text: str, kind: str) -> None:
    assert kind_of_hook(text) == kind


def on(title: str, kind: str = "video") -> Piece:
    return Piece(kind, title, f"1:{title.casefold()}")


def learned_from(count: int, good: Any) -> Any:
    """Of `count` pieces, those for which `good` says so reached ten times as much."""
    rows = []
    for number in range(1, count + 1):
        at = datetime(2026, 1, 1, 9 if number % 2 else 20, tzinfo=UTC) + timedelta(days=number)
        title = f"Leaf mould {number} rots slowly" if number % 3 else f"Garden gnomes {number} for sale"
        rows.append(piece(number, 1000 if good(number) else 100 + number, title=title, live_at=at))
    return learn(rows, UTC_ZONE, 1)


def test_the_rule_learns_the_hour_and_the_subject_that_did_well_and_says_why() -> None:
    learned = learned_from(40, lambda number: number % 2 == 0)
    assert hours_for(learned, "youtube", "worked") == [20]
    assert hours_for(learned, "youtube", "held") == hours_for(learned, "tiktok", "worked") == []
    learned = learned_from(40, lambda number: number % 3 == 0)
    subject = learned.subject(content_words("Garden gnomes on sale"))
    assert subject is not None
    assert subject.title.startswith("Garden gnomes")
    assert subject.believed.estimate > 0.5
    told = advice(learned, "worked", on("Garden gnomes for everybody"))
    assert any("Garden gnomes" in why and "believed" in why for why in told.why)
    assert advice(learned, "held", on("Garden gnomes")).hook == ""
    assert "try what is known least" in advice(learned, "trial", on("Garden gnomes")).why[0]


def test_where_nothing_differs_nothing_is_preferred() -> None:
    learned = learned_from(40, lambda _: False)
    assert hours_for(learned, "youtube", "worked") == []
    assert advice(learned, "worked", on("Anything")).hours == {}


def arms_apart(held: int, rule: int) -> str:
    """What is said where the pieces left alone reached `held`, and those of the rule `rule`."""
    rows = [
        piece(number, held if arm_of(f"1:topic {number}") == "held" else rule + number % 7)
        for number in range(1, 200)
    ]
    return helps(learn(rows, UTC_ZONE, 1))


def test_the_holdout_tells_whether_the_rule_helps_and_does_not_claim_what_is_chance() -> None:
    assert "more than chance" in arms_apart(100, 1000)
    assert "may be chance" in arms_apart(103, 100)
    assert "cannot be told yet" in helps(learned_from(10, lambda _: False))


def test_the_parts_are_seven_tenths_three_tenths_and_a_tenth_left_alone() -> None:
    counts = Counter(arm_of(f"1:topic {number}") for number in range(20_000))
    assert counts["held"] / 20_000 == pytest.approx(0.10, abs=0.01)
    rest = counts["worked"] + counts["trial"]
    assert counts["worked"] / rest == pytest.approx(0.70, abs=0.012)
    assert RANGES["trial"][1] == SLICES


async def topics(house: House, tenant: Tenant, titles: list[str]) -> None:
    of = {"workspace_id": tenant.workspace, "site_id": tenant.site, "source": "list"}
    async with house.store.workspace(tenant.workspace) as session:
        rows = [{**of, "title": one, "normal": one.casefold(), "score": n} for n, one in enumerate(titles)]
        await session.execute(insert(Topic), rows)


async def test_the_database_deals_topics_out_as_we_do(house: House, alice: Tenant) -> None:
    titles = ["Compost", "Kräuter für Höfe", "堆肥", "emoji 🌱", "a" * 200]
    await topics(house, alice, titles)
    async with house.store.workspace(alice.workspace) as session:
        rows = await session.execute(
            text(f"select normal, {growth.SLICE} from topics where site_id = :s"), {"s": alice.site}
        )
        for normal, number in rows:
            assert number == slice_of(f"{alice.site}:{normal}")


async def test_topics_are_picked_in_the_shares_of_the_rule_and_the_best_of_each_part_first(
    house: House, alice: Tenant
) -> None:
    await topics(house, alice, [f"Topic number {number}" for number in range(150)])
    await house.desk.results.growth.switch(Operator(alice.workspace), alice.site, "on")
    picked: list[tuple[str, float]] = []
    asked = {"used_for": "test", "now": datetime.now(UTC) + timedelta(minutes=1)}
    async with house.store.workspace(alice.workspace) as session:
        for _ in range(40):
            expected = await picking.best(session, alice.workspace, alice.site)
            topic = await picking.pick(session, alice.workspace, alice.site, **asked)  # type: ignore[arg-type]
            assert topic is not None
            assert expected is not None
            assert topic.id == expected.id
            picked.append((arm_of(f"{alice.site}:{topic.normal}"), topic.score))
    counts = Counter(arm for arm, _ in picked)
    assert (counts["worked"], counts["trial"], counts["held"]) == (25, 11, 4)
    for arm in counts:
        scores = [points for of, points in picked if of == arm]
        assert scores == sorted(scores, reverse=True)


async def test_without_results_a_site_picks_as_ever_and_with_enough_it_follows_by_itself(
    house: House, alice: Tenant
) -> None:
    rule = house.desk.results.growth
    of = await account(house, alice)
    standing = await rule.show(alice.workspace, alice.site)
    assert (standing.mode, standing.follows, standing.measured) == ("auto", False, 0)
    async with house.store.workspace(alice.workspace) as session:
        site = await session.get_one(Site, (alice.workspace, alice.site))
        assert (await advised(session, site, on("Anything"), NOW, {})).arm is None
    for number in range(ENOUGH):
        await out(house, alice, of, NOW + timedelta(hours=number), views={24: number}, title=f"One {number}")
    standing = await rule.show(alice.workspace, alice.site)
    assert (standing.follows, standing.measured) == (True, ENOUGH)
    await rule.switch(Operator(alice.workspace), alice.site, "off")
    assert not (await rule.show(alice.workspace, alice.site)).follows
    async with house.store.workspace(alice.workspace) as session:
        assert await growth.next_arm(session, alice.workspace, alice.site) is None


async def test_counts_that_no_platform_told_are_not_results(house: House, alice: Tenant) -> None:
    of = await account(house, alice, "wordpress")
    for number in range(3):
        await out(house, alice, of, NOW, views={24: None}, title=f"One {number}")
    assert (await house.desk.results.growth.show(alice.workspace, alice.site)).measured == 0


def test_a_topic_like_what_did_well_scores_higher_and_one_left_alone_does_not_move() -> None:
    learned = learned_from(40, lambda number: number % 3 == 0)
    material = Material(["gardens"], [], [], learned)
    plain = Material(["gardens"], [], [])

    def past(title: str, of: Material) -> tuple[float, str]:
        row = Topic(
            workspace_id=1,
            site_id=1,
            title=title,
            normal=clean(title).casefold(),
            summary="",
            source="list",
            told_by=1,
            trend=0.0,
            first_seen_at=NOW,
        )
        whole, reasons = score(row, of, NOW)
        assert whole == pytest.approx(sum(one["points"] for one in reasons))
        return next((one["points"], one["says"]) for one in reasons if one["code"] == "past")

    def dealt(stem: str, arm: str) -> str:
        return next(
            title
            for number in range(200)
            if arm_of(f"1:{(title := f'{stem} no {number}').casefold()}") == arm
        )

    good, says = past(dealt("Garden gnomes", "worked"), material)
    bad, _ = past(dealt("Leaf mould rots", "worked"), material)
    assert good > 5 > bad
    assert "times what is usual" in says
    held = dealt("Garden gnomes", "held")
    assert past(held, material)[0] == past(held, plain)[0]
    assert "trial" in past(dealt("Garden gnomes", "trial"), material)[1]


async def test_a_schedule_takes_the_hour_that_did_well_on_days_that_follow_results(
    house: House, alice: Tenant
) -> None:
    of, now = await account(house, alice), house.clock.now()
    for number in range(30):
        at = (now - timedelta(days=40 - number)).replace(hour=20 if number % 2 else 5, minute=0)
        views = {24: 5000 if number % 2 else 50 + number}
        await out(house, alice, of, at, views=views, title=f"One {number}")
    rule = house.desk.results.growth
    days = [(now + timedelta(days=n)).date() for n in range(2, 60)]
    named = {day: arm_of(f"{alice.site}:youtube:{day.isoformat()}") for day in days}
    follows = next(day for day, arm in named.items() if arm == "worked")
    others = next(day for day, arm in named.items() if arm == "trial")
    assert await rule.hours(alice.workspace, alice.site, "youtube", follows) == [20]
    assert await rule.hours(alice.workspace, alice.site, "youtube", others) == []
    await topics(house, alice, ["Earwigs", "Woodlice"])
    scheduled = await house.desk.niches.filming.schedule(alice.workspace, alice.site, ["youtube"], follows)
    assert scheduled.instants["youtube"].hour == 20
    async with house.store.workspace(alice.workspace) as session:
        used = await session.scalar(
            select(Topic.status).where(Topic.status == "used", Topic.source == "list")
        )
    assert used == "used"
