"""The first start: one token, one owner, whoever comes at the same time."""

import asyncio
from datetime import timedelta

import pytest

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people.tokens import make_link
from people.desk_of_people import GOOD, HERE

FACTS = {
    "email": "ana@example.org",
    "name": "Ana",
    "password": GOOD,
    "workspace_name": "The Harbour Gazette",
    "language": "pt-BR",
    "timezone": "America/Bahia",
}


async def begin(desk, token, **facts):
    return await desk.entrance.begin(token, *(FACTS | facts).values(), *HERE)


async def test_the_first_owner_comes_in_names_the_workspace_and_is_signed_in(desk):
    token = await desk.entrance.pending_token()
    caller = await desk.caller(await begin(desk, token))
    assert (caller.name, caller.email, caller.role) == ("Ana", "ana@example.org", "owner")
    assert (caller.language, caller.timezone, caller.theme) == ("pt-BR", "America/Bahia", "system")
    assert [w.name for w in await desk.sessions.workspaces(caller)] == ["The Harbour Gazette"]
    assert (await desk.people.deeds(caller))[0].deed == "began"


async def test_there_is_no_token_once_the_workspace_has_its_owner(desk, ana):
    assert not await desk.entrance.is_open()
    assert await desk.entrance.pending_token() is None


async def test_a_new_start_voids_the_token_of_the_one_before(desk):
    older = await desk.entrance.pending_token()
    newer = await desk.entrance.pending_token()
    with pytest.raises(Invalid) as refused:
        await begin(desk, older)
    assert refused.value.field == "token"
    assert await begin(desk, newer)


async def test_the_token_opens_nothing_a_second_time_or_when_it_is_too_old(desk):
    token = await desk.entrance.pending_token()
    desk.clock.move(timedelta(days=7).total_seconds())
    with pytest.raises(Invalid, match="too old"):
        await begin(desk, token)
    token = await desk.entrance.pending_token()
    await begin(desk, token)
    with pytest.raises(Invalid, match="used already"):
        await begin(desk, token, email="mallory@example.org")


async def test_a_token_made_while_the_owner_came_in_makes_no_second_one(desk, ana):
    """As by a process that started at the same moment."""
    async with desk.store.everywhere() as db:
        late = await make_link(
            db, ana.workspace_id, "start", "", "owner", desk.clock.now(), timedelta(days=7)
        )
    with pytest.raises(Invalid) as refused:
        await begin(desk, late, email="mallory@example.org")
    assert refused.value.field == "token"
    assert len(await desk.people.members(ana.workspace_id)) == 1


async def test_of_two_who_come_with_the_token_at_once_one_becomes_the_owner(desk):
    token = await desk.entrance.pending_token()
    ended = await asyncio.gather(
        *(begin(desk, token, email=f"person{n}@example.org") for n in range(6)), return_exceptions=True
    )
    let_in = [one for one in ended if isinstance(one, str)]
    assert len(let_in) == 1
    assert {one.field for one in ended if isinstance(one, Invalid)} == {"token"}
    assert len(await desk.people.members((await desk.caller(let_in[0])).workspace_id)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", "x" * 32),
        ("token", "' or 1=1 --"),
        ("token", ""),
        ("email", "ana"),
        ("email", "ana@"),
        ("email", "a\0na@example.org"),
        ("email", "ana@" + "e" * 260),
        ("name", "   "),
        ("name", "A\nna"),
        ("name", "A" * 101),
        ("password", "short"),
        ("workspace_name", ""),
        ("language", "../en"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "Mars/Olympus"),
    ],
)
async def test_a_field_that_will_not_do_is_named_and_the_token_stays_good(desk, field, value):
    token = await desk.entrance.pending_token()
    facts = {field: value} if field != "token" else {}
    with pytest.raises(Invalid) as refused:
        await begin(desk, value if field == "token" else token, **facts)
    assert refused.value.field == field
    assert await begin(desk, token)


async def test_the_token_is_kept_as_a_hash_alone(desk):
    token = await desk.entrance.pending_token()
    session = await begin(desk, token)
    for table in ("links", "sessions", "audit", "people", "passwords", "members"):
        kept = str(await desk.rows(f"select * from {table}"))
        assert token not in kept
        assert session not in kept
        assert GOOD not in kept
