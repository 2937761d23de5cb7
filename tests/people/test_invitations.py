"""One-time links: who gets in by them, as whom, how often and how long."""

import asyncio

import pytest

from nightdesk.desk.errors import Invalid, NotFound, Taken
from nightdesk.desk.people import LinkShown, NotAllowed, Operator, TooManyGuesses, WrongPassword
from people.desk_of_people import BETTER, GOOD, HERE

DAY = 86_400


async def test_who_is_invited_comes_in_with_the_role_and_is_signed_in(desk, ana):
    link = await desk.invitations.invite(ana, "Ben@Example.org", "editor")
    shown = LinkShown("invitation", "ben@example.org", "The Harbour Gazette", "editor")
    assert await desk.invitations.link(link) == shown
    ben = await desk.caller(await desk.accept(link))
    assert (ben.email, ben.role, ben.workspace_id) == ("ben@example.org", "editor", ana.workspace_id)
    assert [deed.deed for deed in await desk.people.deeds(ana)] == ["joined", "invited", "began"]


async def test_a_link_opens_once_also_for_several_at_once(desk, ana):
    link = await desk.invitations.invite(ana, "ben@example.org", "editor")
    ended = await asyncio.gather(*(desk.accept(link) for _ in range(5)), return_exceptions=True)
    assert sorted(isinstance(one, str) for one in ended) == [False] * 4 + [True]
    with pytest.raises(Invalid, match="used"):
        await desk.accept(link)
    with pytest.raises(NotFound):
        await desk.invitations.link(link)
    assert len(await desk.people.members(ana.workspace_id)) == 2


async def test_a_link_is_good_for_seven_days(desk, ana):
    link = await desk.invitations.invite(ana, "ben@example.org", "editor")
    desk.clock.move(7 * DAY - 1)
    assert await desk.invitations.link(link)
    assert [i.expired for i in await desk.invitations.waiting(ana)] == [False]
    desk.clock.move(1)
    with pytest.raises(Invalid, match="too old"):
        await desk.accept(link)
    with pytest.raises(NotFound):
        await desk.invitations.link(link)
    assert [i.expired for i in await desk.invitations.waiting(ana)] == [True]


async def test_a_link_withdrawn_or_made_anew_opens_nothing_any_more(desk, ana):
    first = await desk.invitations.invite(ana, "ben@example.org", "editor")
    second = await desk.invitations.invite(ana, "ben@example.org", "viewer")
    with pytest.raises(NotFound):
        await desk.invitations.link(first)
    (waiting,) = await desk.invitations.waiting(ana)
    assert (waiting.email, waiting.role) == ("ben@example.org", "viewer")
    await desk.invitations.withdraw(ana, waiting.id)
    with pytest.raises(Invalid):
        await desk.accept(second)
    with pytest.raises(NotFound):
        await desk.invitations.withdraw(ana, waiting.id)


async def test_who_belongs_to_the_workspace_is_not_invited_again(desk, ana):
    with pytest.raises(Taken):
        await desk.invitations.invite(ana, "ANA@example.org", "viewer")


@pytest.mark.parametrize("token", ["", "x" * 32, "\0", "' or true --", "é" * 32])
async def test_what_is_no_link_opens_nothing(desk, ana, token):
    with pytest.raises(NotFound):
        await desk.invitations.link(token)
    with pytest.raises(Invalid):
        await desk.accept(token)
    with pytest.raises(Invalid):
        await desk.invitations.join(ana, token)


async def test_the_token_of_the_first_start_is_no_invitation(desk):
    token = await desk.entrance.pending_token()
    with pytest.raises(NotFound):
        await desk.invitations.link(token)
    with pytest.raises(Invalid):
        await desk.accept(token)


@pytest.mark.parametrize("person", ["editor", "viewer"])
async def test_only_owners_invite_withdraw_and_see_who_is_invited(desk, ana, person):
    ben = await desk.joined(ana, "Ben", person)
    for asked in (
        desk.invitations.invite(ben, "c@example.org", "viewer"),
        desk.invitations.waiting(ben),
        desk.invitations.withdraw(ben, 1),
    ):
        with pytest.raises(NotAllowed):
            await asked


async def test_who_was_an_owner_when_the_page_was_opened_invites_nobody_any_more(desk, ana):
    ben = await desk.joined(ana, "Ben", "owner")
    await desk.people.change_role(ana, ben.person_id, "viewer")
    with pytest.raises(NotAllowed):
        await desk.invitations.invite(ben, "c@example.org", "owner")


async def test_who_has_a_password_here_already_joins_with_that_one_alone(desk, ana):
    """Else an owner could invite somebody of another workspace and choose their password for them."""
    otto = await desk.elsewhere()
    link = await desk.invitations.invite(ana, otto.email, "editor")
    with pytest.raises(WrongPassword):
        await desk.accept(link, "Otto", BETTER)
    caller = await desk.caller(await desk.accept(link, "Mallory", GOOD))
    assert (caller.person_id, caller.name, caller.workspace_id) == (otto.person_id, "Otto", ana.workspace_id)
    assert await desk.sessions.caller_of(await desk.sessions.sign_in(otto.email, GOOD, *HERE))


async def test_guesses_by_a_link_are_counted_as_guesses(desk, ana):
    otto = await desk.elsewhere()
    link = await desk.invitations.invite(ana, otto.email, "editor")
    for _ in range(10):
        with pytest.raises(WrongPassword):
            await desk.accept(link, "Otto", BETTER)
    with pytest.raises(TooManyGuesses):
        await desk.accept(link, "Otto", GOOD)


async def test_nobody_joins_by_a_link_for_another_address(desk, ana):
    otto = await desk.elsewhere()
    link = await desk.invitations.invite(ana, "ben@example.org", "editor")
    with pytest.raises(Invalid):
        await desk.invitations.join(otto, link)
    assert await desk.accept(link)


async def test_two_workspaces_that_invite_the_same_stranger_make_one_person(desk, ana):
    otto = await desk.elsewhere()
    links = [await desk.invitations.invite(owner, "ben@example.org", "editor") for owner in (ana, otto)]
    await asyncio.gather(*(desk.accept(link) for link in links), return_exceptions=True)
    for link in links:
        try:
            await desk.accept(link)
        except Invalid:
            continue
    ben = await desk.signed_in("ben@example.org")
    assert [w.id for w in await desk.sessions.workspaces(ben)] == [otto.workspace_id, ana.workspace_id]


async def test_a_poor_field_is_named_and_the_link_stays_good(desk, ana):
    link = await desk.invitations.invite(ana, "ben@example.org", "editor")
    for name, password, field in (
        ("", GOOD, "name"),
        ("Ben", "short", "password"),
        ("Ben", "b e n 1 2 3 4 5 6 7", "password"),
    ):
        with pytest.raises(Invalid) as refused:
            await desk.accept(link, name, password)
        assert refused.value.field == field
    assert await desk.accept(link)


async def test_who_is_locked_out_chooses_a_new_password_by_a_link_of_the_operators(desk, ana):
    link = await desk.invitations.reset(Operator(ana.workspace_id), "Ana@example.org")
    assert (await desk.invitations.link(link)).kind == "reset"
    caller = await desk.caller(await desk.accept(link, "", BETTER))
    assert (caller.person_id, caller.name, caller.role) == (ana.person_id, "Ana", "owner")
    assert len(await desk.sessions.of(caller)) == 1
    with pytest.raises(WrongPassword):
        await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    with pytest.raises(Invalid):
        await desk.accept(link, "", GOOD)


async def test_a_reset_link_is_good_for_a_day_and_for_a_member_alone(desk, ana):
    otto = await desk.elsewhere()
    with pytest.raises(NotFound):
        await desk.invitations.reset(Operator(ana.workspace_id), otto.email)
    link = await desk.invitations.reset(Operator(ana.workspace_id), ana.email)
    desk.clock.move(DAY)
    with pytest.raises(Invalid):
        await desk.accept(link, "", BETTER)


async def test_a_reset_link_ends_with_the_membership_and_with_a_changed_password(desk, ana):
    ben = await desk.joined(ana, "Ben", "editor")
    operator = Operator(ana.workspace_id)
    link = await desk.invitations.reset(operator, ben.email)
    await desk.sessions.change_password(ben, GOOD, BETTER)
    with pytest.raises(Invalid):
        await desk.accept(link, "", GOOD)
    link = await desk.invitations.reset(operator, ben.email)
    await desk.people.remove(ana, ben.person_id)
    with pytest.raises(Invalid):
        await desk.accept(link, "", GOOD)
