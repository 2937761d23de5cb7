"""What goes out by itself: where an owner signed for it, what passed its checks, what nobody stopped."""

import pytest

from autopilot.one_night import ANOTHER, SERIOUS, Night
from desk.video_rows import film
from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.people import Client, NotAllowed, Operator
from nightdesk.desk.people.roles import Caller
from nightdesk.desk.publishing import Composer
from nightdesk.desk.review.inputs import ContentChanges, Decided, ManyDecided
from nightdesk.desk.videos.deciding_many import take_back
from nightdesk.engine.outgoing import Taken
from nightdesk.store.tables.gate import GateDecision
from nightdesk.store.tables.people import Deed
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.writer import Content


def person(night: Night, number: int, role: str = "owner") -> Caller:
    facts = {"email": "", "timezone": "UTC", "language": "en", "theme": "system"}
    return Caller(night.tenant.workspace, number, 1, f"Person {number}", role=role, **facts)  # type: ignore[arg-type]


async def signed(night: Night, kind: str = "article", hold: int = 60) -> None:
    await night.site(generation_mode="auto_publish")
    await night.house.desk.auto_modes.rules.sign(night.by, night.tenant.site, kind, hold)  # type: ignore[arg-type]


async def deeds(night: Night) -> list[tuple[str, str]]:
    return [(one.deed, one.who) for one in await night.rows(Deed, Deed.id) if "rule" in one.deed]


async def test_an_article_that_passes_waits_for_its_time_and_then_goes_out(night: Night) -> None:
    await signed(night)
    number = await night.article()
    await night.round()
    (held,) = await night.let_through()
    assert (held.state, held.revision) == ("waiting", 1)
    await night.round(minutes=59)
    assert (await night.get(Content, number)).status == "review"
    assert await night.publications() == []
    await night.round(minutes=2)
    content = await night.get(Content, number)
    assert (content.status, content.checks["review"]["who"]) == ("approved", "a rule of the operator")
    (decision,) = await night.rows(GateDecision, GateDecision.id)
    assert (decision.decision, decision.revision) == ("approve", 1)
    assert [one.content_id for one in await night.publications()] == [number]
    assert await deeds(night) == [
        ("rule_signed", "the operator"),
        ("rule_let_through", "a rule of the operator"),
    ]


async def test_what_nobody_reviewed_says_so_where_people_see_it(night: Night) -> None:
    await signed(night, hold=5)
    await night.article()
    await night.round()
    await night.round(minutes=6)
    (row,) = await night.publications()
    taken = Taken(row, await night.get(Account, night.account), 1, looking=False)
    piece = await Composer(night.house.store, night.house.files).compose(taken)
    assert piece.label == ("Made with AI (openai:gpt-5-mini). No person reviewed it before it was published.")


async def test_without_a_rule_all_waits_for_a_person(night: Night) -> None:
    await night.site(generation_mode="auto_publish")
    await night.article()
    await night.round(minutes=600)
    assert (await night.let_through(), await night.publications()) == ([], [])


async def test_in_review_first_a_rule_that_was_signed_lets_nothing_through(night: Night) -> None:
    await signed(night)
    await night.site(generation_mode="review_first")
    await night.article()
    await night.round(minutes=600)
    assert await night.let_through() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"may_publish_itself": False},
        {"checks": {"grounding": {"findings": [SERIOUS]}}},
        {"status": "sent_back"},
    ],
)
async def test_what_does_not_pass_is_not_let_through(night: Night, facts: dict[str, object]) -> None:
    await signed(night)
    await night.article(**facts)
    await night.round()
    assert await night.let_through() == []


async def test_a_video_that_passes_goes_out_and_one_that_fails_waits(night: Night) -> None:
    await signed(night, "video", 5)
    await night.site(videos_a_day=2)
    good = {"video": {"status": "ok", "checks": []}}
    bad = {"video": {"status": "fail", "checks": [{"status": "fail", "message": "It is black."}]}}
    passes = await film(night.house, night.tenant, may_publish_itself=True, checks=good)
    await film(night.house, night.tenant, may_publish_itself=True, checks=bad)
    await film(night.house, night.tenant, may_publish_itself=True, checks={})
    await night.round()
    await night.round(minutes=6)
    assert [one.video_id for one in await night.publications()] == [passes.id]


async def test_a_person_stops_it_in_time_and_it_waits_at_the_gate(night: Night) -> None:
    await signed(night)
    number = await night.article()
    await night.round()
    holds = night.house.desk.auto_modes.holds
    found = await holds.stop_piece(night.by, night.tenant.site, content_id=number)
    assert (found.state, found.why) == ("stopped", "the operator stopped it.")
    await night.round(minutes=600)
    assert (await night.get(Content, number)).status == "review"
    assert len(await night.let_through()) == 1


async def test_once_its_time_is_over_it_cannot_be_stopped_any_more(night: Night) -> None:
    await signed(night)
    number = await night.article()
    await night.round()
    await night.round(minutes=61)
    with pytest.raises(Conflict, match="already"):
        await night.house.desk.auto_modes.holds.stop_piece(night.by, night.tenant.site, content_id=number)


async def test_an_edit_in_its_time_takes_it_back(night: Night) -> None:
    await signed(night)
    number = await night.article()
    await night.round()
    changes = ContentChanges(markdown=ANOTHER)
    await night.house.desk.review.contents.change(night.tenant.workspace, number, changes)
    await night.round(minutes=61)
    (held,) = await night.let_through()
    assert (held.state, held.why) == ("stopped", "It was edited meanwhile; a person approves it.")
    assert (await night.get(Content, number)).status == "review"


async def test_an_edit_after_it_was_let_through_takes_back_the_approval_and_its_place(night: Night) -> None:
    await signed(night, hold=5)
    number = await night.article()
    await night.round()
    await night.round(minutes=6)
    changes = ContentChanges(markdown=ANOTHER)
    await night.house.desk.review.contents.change(night.tenant.workspace, number, changes)
    await night.round(minutes=600)
    assert (await night.get(Content, number)).status == "review"
    assert [one.state for one in await night.publications()] == ["cancelled"]
    assert len(await night.let_through()) == 1


async def test_a_rule_that_was_withdrawn_lets_nothing_through_any_more(night: Night) -> None:
    await signed(night)
    number = await night.article()
    await night.round()
    await night.house.desk.auto_modes.rules.withdraw(night.by, night.tenant.site, "article")
    await night.round(minutes=61)
    assert (await night.get(Content, number)).status == "review"
    assert [one[0] for one in await deeds(night)] == ["rule_signed", "rule_withdrawn"]


async def test_a_rule_lapses_with_the_role_of_its_signer(night: Night) -> None:
    await night.site(generation_mode="auto_publish")
    rules = night.house.desk.auto_modes.rules
    await rules.sign(person(night, 990_001), night.tenant.site, "article", 60)
    await night.article()
    await night.round()
    assert await night.let_through() == []
    assert await rules.in_force(night.tenant.workspace, night.tenant.site) == {}


async def test_only_an_owner_in_person_signs(night: Night) -> None:
    rules, site = night.house.desk.auto_modes.rules, night.tenant.site
    for by in (person(night, 5, "editor"), person(night, 5, "viewer"), Client(night.tenant.workspace, "key")):
        with pytest.raises(NotAllowed):
            await rules.sign(by, site, "article", 60)
    with pytest.raises(NotAllowed):
        await rules.withdraw(person(night, 5, "editor"), site, "article")
    for minutes in (4, 2881):
        with pytest.raises(Invalid):
            await rules.sign(night.by, site, "article", minutes)
    assert await deeds(night) == []


async def test_every_decision_at_the_gate_stands_in_the_book_with_its_person_and_revision(
    night: Night,
) -> None:
    desk, of, ann, ben = night.house.desk, night.tenant.workspace, person(night, 1), person(night, 2)
    number = await night.article(revision=3)
    decided = await desk.review.decisions.decide_many(
        of, None, ManyDecided(ids=[number], decision="approve"), ann
    )
    await desk.review.decisions.undo(of, [one.decision or 0 for one in decided], ben)
    await desk.auto_modes.standings.want_two_people(night.by, night.tenant.site, True)
    for one in (ann, ben):
        await desk.review.decisions.decide(of, number, "approve", Decided(), one)
    video = await film(night.house, night.tenant)
    await desk.videos.decisions.decide(of, video.id, "send_back", note="Louder.", by=Client(of, "the key"))
    await desk.videos.decisions.decide(of, video.id, "reopen", by=ben)
    await take_back(desk.videos.decisions, of, [video.id], ben)
    told = [(one.deed, one.who, one.person_id, one.about) for one in await night.rows(Deed, Deed.id)]
    title = (await night.get(Content, number)).title
    article, of_video = f"article {number}, “{title}” (revision 3)", f"video {video.id}, “How to compost”"
    assert [one[:3] for one in told if one[3] == article] == [
        ("piece_approved", ann.name, 1),
        ("decision_undone", ben.name, 2),
        ("piece_approved_first", ann.name, 1),
        ("piece_approved", ben.name, 2),
    ]
    assert [one[:3] for one in told if one[3].startswith(of_video)] == [
        ("piece_sent_back", "the key", None),
        ("piece_reopened", ben.name, 2),
        ("decision_undone", ben.name, 2),
    ]


async def test_a_piece_needs_two_different_people(night: Night) -> None:
    await night.house.desk.auto_modes.standings.want_two_people(night.by, night.tenant.site, True)
    decide, of = night.house.desk.review.decisions.decide, night.tenant.workspace
    number = await night.article()
    ann, ben = person(night, 1, "editor"), person(night, 2, "editor")
    assert (await decide(of, number, "approve", Decided(revision=1), ann)).status == "review"
    with pytest.raises(Conflict, match="second person"):
        await decide(of, number, "approve", Decided(), ann)
    for nobody in (Client(of, "key"), Operator(of), None):
        with pytest.raises(Conflict, match="two people"):
            await decide(of, number, "approve", Decided(), nobody)
    assert (await decide(of, number, "approve", Decided(revision=1), ben)).status == "approved"


async def test_a_first_approval_is_of_its_revision_alone(night: Night) -> None:
    await night.house.desk.auto_modes.standings.want_two_people(night.by, night.tenant.site, True)
    review, of = night.house.desk.review, night.tenant.workspace
    number = await night.article()
    ann, ben = person(night, 1, "editor"), person(night, 2, "editor")
    await review.decisions.decide(of, number, "approve", Decided(), ann)
    await review.contents.change(of, number, ContentChanges(markdown=ANOTHER), ben)
    assert (await review.decisions.decide(of, number, "approve", Decided(), ben)).status == "review"
    assert (await review.decisions.decide(of, number, "approve", Decided(), ann)).status == "approved"


async def test_a_video_needs_two_different_people_too(night: Night) -> None:
    await night.house.desk.auto_modes.standings.want_two_people(night.by, night.tenant.site, True)
    decide, of = night.house.desk.videos.decisions.decide, night.tenant.workspace
    made = await film(night.house, night.tenant)
    ann, ben = person(night, 1, "editor"), person(night, 2, "editor")
    assert (await decide(of, made.id, "approve", by=ann)).status == "review"
    await decide(of, made.id, "send_back", by=ben)
    await decide(of, made.id, "reopen", by=ben)
    assert (await decide(of, made.id, "approve", by=ben)).status == "review"
    assert (await decide(of, made.id, "approve", by=ann)).status == "approved"


async def test_two_people_and_a_rule_exclude_each_other(night: Night) -> None:
    await signed(night)
    await night.house.desk.auto_modes.standings.want_two_people(night.by, night.tenant.site, True)
    await night.article()
    await night.round()
    assert await night.let_through() == []
    with pytest.raises(Conflict, match="two people"):
        await night.house.desk.auto_modes.rules.sign(night.by, night.tenant.site, "video", 60)
    editor = person(night, 5, "editor")
    with pytest.raises(NotAllowed):
        await night.house.desk.auto_modes.standings.want_two_people(editor, night.tenant.site, False)
