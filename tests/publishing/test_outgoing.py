"""A publication's way out: once, whatever the platform does, and held where nobody can know."""

import asyncio
from datetime import timedelta

import pytest

from nightdesk.desk.publishing import Wish
from nightdesk.engine.outgoing import claims
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.publisher import Coming, Unclear, Unknown
from publishing.one_platform import Ground, fails

HALF_AN_HOUR = 1800.0


async def test_it_goes_out_once_and_its_story_tells_every_step(ground: Ground):
    number = await ground.wished()
    row = await ground.sent(number, 2)
    assert (row.state, row.url, len(ground.board.posts)) == ("live", "https://platform.test/1", 1)
    assert await ground.story(number) == ["asked", "taken", "commits", "request", "live"]


async def test_what_is_asked_for_twice_stays_one_publication(ground: Ground):
    made = await ground.approved()
    wishes = [ground.house.desk.publishing.publish(ground.by, _wish(ground, made.id)) for _ in range(6)]
    asked = [one for some in await asyncio.gather(*wishes) for one in some]
    assert len({one.id for one in asked}) == 1
    assert sum(one.new for one in asked) == 1
    await ground.sent(asked[0].id)
    assert len(ground.board.posts) == 1


async def test_two_senders_at_once_send_it_once(ground: Ground):
    numbers = [await ground.wished() for _ in range(3)]
    await asyncio.gather(*(ground.outgoing(f"sender {n}").send_due() for n in range(4)))
    assert [(await ground.row(number)).state for number in numbers] == ["live"] * 3
    assert len(ground.board.posts) == 3


@pytest.mark.parametrize("repeats", ["blind", "token", "repeatable"])
async def test_what_certainly_did_not_arrive_is_sent_again_later(ground: Ground, repeats):
    ground.board.repeats = repeats
    ground.board.prepares.append(Later("It is away.", 60))
    ground.board.commits.append(fails(Later("Too many.", 90)))
    number = await ground.wished()
    row = await ground.sent(number)
    assert (row.state, row.code, row.tries) == ("queued", "later", 1)
    row = await ground.sent(number, pause=61)
    assert (row.state, row.tries, row.sent_at) == ("queued", 2, None)
    row = await ground.sent(number, pause=30)
    assert row.state == "queued", "it goes before the time that the platform asked for"
    row = await ground.sent(number, pause=61)
    assert (row.state, len(ground.board.posts)) == ("live", 1)


async def test_one_that_was_taken_without_an_answer_is_found_and_not_sent_again(ground: Ground):
    ground.board.commits.append(fails(Unclear("The line broke."), taken=True))
    number = await ground.wished()
    assert (await ground.sent(number)).state == "ambiguous"
    row = await ground.sent(number, pause=6)
    assert (row.state, row.remote_id, len(ground.board.posts)) == ("live", "found", 1)


async def test_one_that_nobody_can_know_of_is_held_and_never_sent_by_itself(ground: Ground):
    ground.board.commits.append(fails(Unclear("The line broke.")))
    number = await ground.wished()
    row = await ground.sent(number, 30, HALF_AN_HOUR)
    assert (row.state, row.code, ground.board.posts) == ("held", "cannot_know", [])
    assert "proves nothing" in row.error
    assert row.evidence
    assert len(ground.board.tokens) == 1


async def test_a_person_says_of_a_held_one_that_it_is_live(ground: Ground):
    number = await _held(ground)
    row = await ground.house.desk.publishing.confirm(ground.by, number, live=True, url="https://there.test/7")
    assert (row.state, row.url) == ("live", "https://there.test/7")
    await ground.sent(number, 3, HALF_AN_HOUR)
    assert ground.board.posts == []


async def test_a_person_says_of_a_held_one_that_it_is_not_and_it_is_sent_again(ground: Ground):
    number = await _held(ground)
    await ground.house.desk.publishing.confirm(ground.by, number, live=False)
    row = await ground.sent(number, pause=1)
    assert (row.state, len(ground.board.posts)) == ("live", 1)


@pytest.mark.parametrize("repeats", ["token", "repeatable"])
async def test_with_a_token_it_is_sent_again_by_itself_with_the_same_one(ground: Ground, repeats):
    ground.board.repeats = repeats
    ground.board.commits += [fails(Unclear("No answer.")), fails(Unclear("Again none.", "answered"))]
    number = await ground.wished()
    row = await ground.sent(number, 8, 120)
    assert (row.state, len(ground.board.posts), ground.board.opened) == ("live", 1, 1)
    assert ground.board.tokens == [{"once": 1}] * 3


async def test_what_the_platform_still_works_on_is_asked_for_again(ground: Ground):
    ground.board.commits.append(lambda *_: Coming(20, "It is being encoded."))  # type: ignore[arg-type,return-value]
    ground.board.looks += [Coming(20), Unknown("It was away.")]
    number = await ground.wished()
    row = await ground.sent(number)
    assert (row.state, row.code) == ("ambiguous", "coming")
    ground.board.posts.append(f"{row.key.hex}:0")
    row = await ground.sent(number, 4, 130)
    assert (row.state, len(ground.board.posts)) == ("live", 1)


async def test_a_platform_that_worked_on_it_for_long_may_be_away_for_a_moment(ground: Ground):
    ground.board.commits.append(lambda *_: Coming(20, "It is being encoded."))  # type: ignore[arg-type,return-value]
    ground.board.looks += [*[Coming(20)] * 8, Unknown("It was away."), Coming(20), Unknown("Again.")]
    number = await ground.wished()
    row = await ground.sent(number, 12, 130)
    assert (row.state, row.looks) == ("ambiguous", 1), "looks are counted that found it being worked on"
    ground.board.posts.append(f"{row.key.hex}:0")
    assert (await ground.sent(number, 1, 130)).state == "live"


async def test_what_a_platform_works_on_for_more_than_a_day_is_held(ground: Ground):
    ground.board.commits.append(lambda *_: Coming(20, "It is being encoded."))  # type: ignore[arg-type,return-value]
    ground.board.looks += [Coming(20)] * 40
    number = await ground.wished()
    row = await ground.sent(number, 8, 3 * 3600)
    assert (row.state, row.code) == ("ambiguous", "coming")
    row = await ground.sent(number, 1, 3 * 3600)
    assert (row.state, row.code, row.evidence[-1]["found"]) == ("held", "cannot_know", "coming")
    assert len(ground.board.looks) > 25, "it is asked about ever more seldom"


@pytest.mark.parametrize(
    ("repeats", "outcome"), [("blind", "held"), ("token", "live"), ("repeatable", "live")]
)
async def test_what_the_platform_can_settle_waits_out_a_network_that_is_gone_for_hours(
    ground: Ground, repeats, outcome
):
    ground.board.repeats = repeats
    ground.board.commits.append(fails(Unclear("The line broke.")))
    ground.board.looks += [Unknown("It is not reached.")] * 10
    number = await ground.wished()
    row = await ground.sent(number, 20, HALF_AN_HOUR)
    assert row.state == outcome
    assert len(ground.board.posts) == (outcome == "live")


async def test_what_the_platform_refuses_is_rejected_with_its_words(ground: Ground):
    ground.board.commits.append(fails(Refused("The policy forbids it.")))
    number = await ground.wished()
    row = await ground.sent(number, 3, HALF_AN_HOUR)
    assert (row.state, row.error, ground.board.posts) == ("rejected", "The policy forbids it.", [])


async def test_a_log_in_that_ended_leaves_it_waiting_until_the_account_is_connected_again(ground: Ground):
    ground.board.commits.append(fails(NeedsPerson("Sign in again.")))
    number = await ground.wished()
    row = await ground.sent(number, 3, HALF_AN_HOUR)
    assert (row.state, row.code) == ("queued", "account_disconnected")
    assert (await ground.look()).status == "expired"
    await ground.house.desk.accounts.verify(ground.tenant.workspace, ground.account)
    assert (await ground.sent(number)).state == "live"


async def test_what_a_dead_sender_was_preparing_is_sent_and_what_it_committed_is_looked_for(ground: Ground):
    preparing, committing = await ground.wished(), await ground.wished()
    taken = await _taken(ground, preparing)
    await ground.forget_lease(taken.publication.id)
    assert (await ground.sent(preparing)).state == "live"
    row = await ground.row(committing)
    if row.state == "queued":
        taken = await _taken(ground, committing)
        await ground.sender().settling.committing(taken, None)
        await ground.forget_lease(committing)
        row = await ground.sent(committing, 12, HALF_AN_HOUR)
        assert (row.state, row.code) == ("held", "cannot_know")
        assert len(ground.board.posts) == 1


async def test_a_sender_that_slept_past_its_lease_sends_nothing_and_writes_nothing(ground: Ground):
    number = await ground.wished()
    asleep = await _taken(ground, number)
    await ground.forget_lease(number)
    assert (await ground.sent(number)).state == "live"
    before = await ground.story(number)
    await ground.sender().send(asleep)
    assert len(ground.board.posts) == 1
    assert await ground.story(number) == before


async def test_an_account_sends_one_thing_at_a_time_and_another_does_not_wait_for_it(ground: Ground):
    first, second = await ground.wished(), await ground.wished()
    other = await ground.wished(account=await ground.another_account())
    await _taken(ground, first)
    await ground.outgoing("two").send_due()
    states = [(await ground.row(number)).state for number in (first, second, other)]
    assert states == ["preparing", "queued", "live"]


async def test_a_day_s_cap_moves_what_is_more_to_the_next_day_and_says_why(ground: Ground):
    numbers = [await ground.wished() for _ in range(3)]
    for _ in range(4):
        await ground.outgoing(caps={"folder": 2}).send_due()
    rows = [await ground.row(number) for number in numbers]
    assert [row.state for row in rows] == ["live", "live", "queued"]
    assert "2 a day" in rows[2].moved
    assert timedelta(0) < rows[2].due_at - ground.clock.now() <= timedelta(days=1)


async def test_the_kill_switch_stops_everything_until_it_is_undone(ground: Ground):
    number = await ground.wished()
    await ground.house.desk.publishing.stop(ground.by)
    assert (await ground.sent(number, 2, 60)).state == "queued"
    await ground.house.desk.publishing.resume(ground.by)
    assert (await ground.sent(number)).state == "live"


async def test_what_is_cancelled_in_time_never_goes_out_and_can_be_asked_for_again(ground: Ground):
    number = await ground.wished()
    await ground.house.desk.publishing.cancel(ground.by, number)
    row = await ground.sent(number, 2, 60)
    assert (row.state, ground.board.posts) == ("cancelled", [])
    again = await ground.house.desk.publishing.publish(ground.by, _wish(ground, row.video_id))
    assert [(one.id, one.new) for one in again] == [(number, True)]
    assert (await ground.sent(number)).state == "live"


async def _held(ground: Ground) -> int:
    ground.board.commits.append(fails(Unclear("The line broke.")))
    number = await ground.wished()
    assert (await ground.sent(number, 12, HALF_AN_HOUR)).state == "held"
    return number


async def _taken(ground: Ground, number: int) -> claims.Taken:
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        now = ground.clock.now()
        taken = await claims.take(session, ground.tenant.workspace, number, "a dead one", now, {})
    assert taken is not None
    return taken


def _wish(ground: Ground, video: int | None):

    return Wish(video_id=video, accounts=[ground.account])
