"""Members: what each role may do, that an owner always stays, and what the book says of it."""

import asyncio

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.people import NotAllowed, Operator, allows
from people.desk_of_people import GOOD, HERE


def test_an_owner_may_what_an_editor_may_and_an_editor_what_a_viewer_may():
    may = {
        role: [allows(role, needed) for needed in ("viewer", "editor", "owner")]
        for role in ("viewer", "editor", "owner")
    }
    assert may == {
        "viewer": [True, False, False],
        "editor": [True, True, False],
        "owner": [True, True, True],
    }


async def test_members_are_listed_by_name_with_role_and_last_sign_of_life(desk, ana):
    await desk.joined(ana, "Vera", "viewer")
    desk.clock.move(3600)
    ben = await desk.joined(ana, "Ben", "editor")
    shown = await desk.people.members(ana.workspace_id)
    assert [(m.name, m.role) for m in shown] == [("Ana", "owner"), ("Ben", "editor"), ("Vera", "viewer")]
    assert shown[1].seen_at == desk.clock.now()
    assert shown[1].person_id == ben.person_id


async def test_a_role_that_is_changed_holds_for_the_next_request(desk, ana):
    token = await desk.accept(await desk.invitations.invite(ana, "ben@example.org", "viewer"))
    ben = await desk.caller(token)
    await desk.people.change_role(ana, ben.person_id, "editor")
    assert (await desk.caller(token)).role == "editor"
    assert (await desk.people.deeds(ana))[0].about == "ben@example.org: viewer to editor"


async def test_who_is_removed_is_out_at_once_and_forgotten(desk, ana):
    token = await desk.accept(await desk.invitations.invite(ana, "ben@example.org", "editor"))
    await desk.people.remove(ana, (await desk.caller(token)).person_id)
    assert await desk.sessions.caller_of(token) is None
    assert await desk.rows("select 1 from people where email = 'ben@example.org'") == []
    assert len(await desk.rows("select 1 from passwords")) == 1
    assert [(d.who, d.deed) for d in await desk.people.deeds(ana)][:2] == [
        ("Ana", "removed"),
        ("Ben", "joined"),
    ]


async def test_who_belongs_to_another_workspace_too_stays_known_there(desk, ana):
    otto = await desk.elsewhere()
    link = await desk.invitations.invite(ana, otto.email, "viewer")
    await desk.accept(link, "Otto", GOOD)
    await desk.people.remove(ana, otto.person_id)
    assert (await desk.signed_in(otto.email)).workspace_id == otto.workspace_id
    assert [s.workspace_id for s in await desk.sessions.of(otto)] == [otto.workspace_id] * 2


async def test_the_last_owner_neither_leaves_nor_becomes_less(desk, ana):
    await desk.joined(ana, "Ben", "editor")
    for asked in (
        desk.people.remove(ana, ana.person_id),
        desk.people.change_role(ana, ana.person_id, "editor"),
        desk.people.remove(Operator(ana.workspace_id), ana.person_id),
    ):
        with pytest.raises(Conflict, match="at least one owner"):
            await asked
    assert (await desk.people.members(ana.workspace_id))[0].role == "owner"


async def test_of_two_owners_who_remove_each_other_at_once_one_stays(desk, ana):
    ben = await desk.joined(ana, "Ben", "owner")
    ended = await asyncio.gather(
        desk.people.remove(ana, ben.person_id),
        desk.people.remove(ben, ana.person_id),
        desk.people.change_role(ana, ana.person_id, "viewer"),
        desk.people.change_role(ben, ben.person_id, "viewer"),
        return_exceptions=True,
    )
    assert {type(one) for one in ended} <= {type(None), NotAllowed, NotFound, Conflict}
    assert "owner" in {m.role for m in await desk.people.members(ana.workspace_id)}


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_who_is_no_owner_changes_nobody_and_may_leave(desk, ana, role):
    ben = await desk.joined(ana, "Ben", role)
    for asked in (
        desk.people.change_role(ben, ben.person_id, "owner"),
        desk.people.change_role(ben, ana.person_id, "viewer"),
        desk.people.remove(ben, ana.person_id),
        desk.people.deeds(ben),
        desk.people.create_key(ben.workspace_id, "mine", by=ben),
        desk.people.revoke_key(ben.workspace_id, 1, by=ben),
    ):
        with pytest.raises(NotAllowed):
            await asked
    await desk.people.remove(ben, ben.person_id)
    assert len(await desk.people.members(ana.workspace_id)) == 1


async def test_who_was_an_owner_when_the_page_was_opened_changes_nobody_any_more(desk, ana):
    ben = await desk.joined(ana, "Ben", "owner")
    vera = await desk.joined(ana, "Vera", "viewer")
    await desk.people.change_role(ana, ben.person_id, "editor")
    for asked in (
        desk.people.change_role(ben, vera.person_id, "owner"),
        desk.people.remove(ben, vera.person_id),
    ):
        with pytest.raises(NotAllowed):
            await asked


async def test_a_person_of_another_workspace_answers_as_one_who_does_not_exist(desk, ana):
    otto = await desk.elsewhere()
    said = set()
    for number in (otto.person_id, 999_999, 0, -1, 2**64):
        for asked in (desk.people.change_role(ana, number, "viewer"), desk.people.remove(ana, number)):
            with pytest.raises(NotFound) as refused:
                await asked
            said.add(str(refused.value))
    assert said == {"There is no such person."}
    assert (await desk.people.members(otto.workspace_id))[0].role == "owner"


async def test_a_role_that_does_not_exist_is_refused(desk, ana):
    for role in ("admin", "", "Owner"):
        with pytest.raises(Invalid) as refused:
            await desk.people.change_role(ana, ana.person_id, role)
        assert refused.value.field == "role"


async def test_a_person_sets_name_zone_language_and_theme(desk, ana):
    token = await desk.sessions.sign_in(ana.email, GOOD, *HERE)
    await desk.people.change_profile(ana, " Ana María ", "America/Bogota", "es", "dark")
    found = await desk.caller(token)
    assert (found.name, found.timezone, found.language, found.theme) == (
        "Ana María",
        "America/Bogota",
        "es",
        "dark",
    )
    for facts, field in (
        (("", "UTC", "en", "dark"), "name"),
        (("Ana", "Nowhere", "en", "dark"), "timezone"),
        (("Ana", "UTC", "english", "dark"), "language"),
        (("Ana", "UTC", "en", "pink"), "theme"),
    ):
        with pytest.raises(Invalid) as refused:
            await desk.people.change_profile(ana, *facts)
        assert refused.value.field == field


async def test_keys_are_in_the_book_with_who_made_and_revoked_them(desk, ana):
    key = await desk.people.create_key(ana.workspace_id, "newsletter", by=ana)
    await desk.people.revoke_key(ana.workspace_id, key.id, by=ana)
    await desk.people.create_key(ana.workspace_id, "by a client")
    told = [(d.who, d.deed, d.about, d.address) for d in await desk.people.deeds(ana, limit=3)]
    assert [who for who, *_ in told] == ["an API client", "Ana", "Ana"]
    assert told[1] == ("Ana", "key_revoked", f"{key.prefix}…", HERE[0])
    assert told[2][2] == f"newsletter ({key.prefix}…)"
    assert key.token not in str(told)


async def test_the_book_is_read_in_pages_and_tells_no_other_workspaces_deeds(desk, ana):
    otto = await desk.elsewhere()
    for n in range(5):
        await desk.people.create_key(ana.workspace_id, f"key {n}", by=ana)
    first = await desk.people.deeds(ana, limit=4)
    rest = await desk.people.deeds(ana, before=first[-1].id)
    assert [d.id for d in first + rest] == sorted((d.id for d in first + rest), reverse=True)
    assert len(first + rest) == 6
    assert {d.who for d in first + rest} == {"Ana"}
    assert {d.who for d in await desk.people.deeds(otto)} == {"the operator", "Otto"}


async def test_the_application_sees_fellow_members_alone_and_no_password(desk, ana, store):
    otto = await desk.elsewhere()
    names = text("select name from people order by name")
    async with store.workspace(ana.workspace_id) as db:
        assert list(await db.scalars(names)) == ["Ana"]
    async with store.workspace(otto.workspace_id) as db:
        assert list(await db.scalars(names)) == ["Otto"]
    async with store.nobody() as db:
        assert list(await db.scalars(names)) == []
        assert await db.scalar(select(func.workspace_of_link("", desk.clock.now()))) is None
    for query in (
        "select hash from passwords",
        "select checked from guesses",
        "update people set name = 'x'",
        "delete from people",
        "delete from audit",
        "update audit set who = 'x'",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with store.workspace(ana.workspace_id) as db:
                await db.execute(text(query))
