"""A hook does nothing that was not signed, in time, once, and in the one charset (PROMISES T25)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from api.api_house import Tenant, add_keywords
from nightdesk.bootstrap import House
from nightdesk.desk.paging import Paging
from nightdesk.desk.people import Operator
from nightdesk.desk.topics import TopicFilter, Topics
from nightdesk.kit import signatures

BODY = json.dumps({"title": "What a compost heap does in winter", "url": "https://a.test/heap"}).encode()
JSON = "application/json"
LATIN = json.dumps({"title": "Caf\u00e9 society"}, ensure_ascii=False).encode("latin-1")


@dataclass(frozen=True)
class Call:
    """A call as a program makes it; the signature is made of what is set here unless it is given."""

    secret: str
    stamp: int
    body: bytes = BODY
    kind: str | None = JSON
    signed: bytes | None = None
    signature: str | None = None
    timestamp: str | None = None
    more: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()

    @property
    def headers(self) -> list[tuple[str, str]]:
        made = signatures.header([self.secret], self.stamp, self.signed or self.body)
        found = [
            ("Nightdesk-Timestamp", self.timestamp or str(self.stamp)),
            ("Nightdesk-Signature", self.signature or made),
        ]
        if self.kind is not None:
            found.append(("Content-Type", self.kind))
        return [one for one in found if one[0] not in self.without] + list(self.more)


Spoil = Callable[[Call], Call]
BAD: dict[str, Spoil] = {
    "no signature": lambda call: replace(call, without=("Nightdesk-Signature",)),
    "no timestamp": lambda call: replace(call, without=("Nightdesk-Timestamp",)),
    "another secret": lambda call: replace(call, secret="whs_" + "x" * 43),
    "another body than was signed": lambda call: replace(call, signed=BODY + b" "),
    "another timestamp than was signed": lambda call: replace(call, timestamp=str(call.stamp + 1)),
    "too old": lambda call: replace(call, stamp=call.stamp - signatures.WINDOW - 5),
    "from the future": lambda call: replace(call, stamp=call.stamp + signatures.WINDOW + 5),
    "a timestamp in milliseconds": lambda call: replace(call, timestamp=f"{call.stamp}000"),
    "a timestamp that is no number": lambda call: replace(call, timestamp="now"),
    "a signature cut short": lambda call: replace(call, signature="v1=" + "a" * 63),
    "a signature in capitals": lambda call: replace(
        call, signature="v1=" + signatures.sign(call.secret, call.stamp, call.body).upper()
    ),
    "a signature without its version": lambda call: replace(
        call, signature=signatures.sign(call.secret, call.stamp, call.body)
    ),
    "two signature headers": lambda call: replace(call, more=(("Nightdesk-Signature", "v1=" + "a" * 64),)),
    "two timestamps": lambda call: replace(call, more=(("Nightdesk-Timestamp", str(call.stamp - 1)),)),
    "more signatures than a change of secret needs": lambda call: replace(
        call, signature=",".join(["v1=" + "a" * 64] * 5)
    ),
    "UTF-16": lambda call: replace(call, body=BODY.decode().encode("utf-16")),
    "declared as UTF-16": lambda call: replace(call, kind="application/json; charset=utf-16"),
    "declared as Latin 1": lambda call: replace(call, kind="application/json; charset=iso-8859-1"),
    "Latin 1 that calls itself JSON": lambda call: replace(call, body=LATIN),
    "a form": lambda call: replace(call, kind="application/x-www-form-urlencoded"),
    "no kind at all": lambda call: replace(call, kind=None),
}


CASES = 12
"""That PROMISES T25 asks for: bad signatures, times and charsets, and repeats beside them."""


def test_there_are_as_many_cases_as_were_promised_of_every_kind() -> None:
    calls = {name: spoil(Call("whs_" + "s" * 43, 1_800_000_000)) for name, spoil in BAD.items()}
    good = Call("whs_" + "s" * 43, 1_800_000_000)
    assert len(
        {(tuple(call.headers), call.body) for call in calls.values()} - {(tuple(good.headers), good.body)}
    ) == len(BAD)
    of_time = [name for name, call in calls.items() if call.stamp != good.stamp or call.timestamp]
    of_charset = [name for name, call in calls.items() if call.kind != good.kind or call.body != good.body]
    of_signature = BAD.keys() - {*of_time, *of_charset}
    print(
        f"T25: {len(BAD)} bad calls: {len(of_signature)} of the signature, {len(of_time)} of the time,"
        f" {len(of_charset)} of the charset; each is refused, and repeats within the window are"
    )
    assert len(BAD) >= CASES
    assert min(len(of_signature), len(of_time), len(of_charset)) >= 3


@pytest.fixture
def now(house: House) -> int:
    return int(house.clock.now().timestamp())


async def make(house: House, alice: Tenant, does: Any = "topic", line: Any = "article") -> tuple[str, str]:
    """The hook's address and its secret."""
    made, secret = await house.desk.webhooks.hooks.add(
        Operator(alice.workspace), "from the newsroom", alice.site, does, line
    )
    return f"/api/v1/hooks/{made.token}", secret


async def send(client: httpx2.AsyncClient, address: str, call: Call) -> httpx2.Response:
    return await client.post(address, content=call.body, headers=call.headers)


async def titles(house: House, tenant: Tenant) -> list[str]:
    page = await house.desk.topics.page(
        tenant.workspace, tenant.site, TopicFilter(), Paging(Topics.orders["newest"], 50)
    )
    return [topic.title for topic in page.items]


async def test_what_is_signed_well_is_done_without_a_key(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, secret = await make(house, alice)
    answer = await send(nobody, address, Call(secret, now))
    assert answer.status_code == 200, answer.text
    assert answer.json()["topic_id"]
    assert await titles(house, alice) == ["What a compost heap does in winter"]


@pytest.mark.parametrize("name", BAD)
async def test_what_is_not_signed_as_it_should_be_is_refused_and_nothing_is_done(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int, name: str
) -> None:
    address, secret = await make(house, alice)
    answer = await send(nobody, address, BAD[name](Call(secret, now)))
    assert answer.status_code == 401, (name, answer.text)
    assert answer.json()["code"] == "not_believed"
    assert await titles(house, alice) == []
    # The hook itself is in order: what was refused was refused for its fault.
    assert (await send(nobody, address, Call(secret, now))).status_code == 200


async def test_the_same_call_is_taken_once_within_its_window_and_told_so(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, secret = await make(house, alice)
    call = Call(secret, now - 200)
    statuses = [(await send(nobody, address, call)).status_code for _ in range(3)]
    assert statuses == [200, 409, 409]
    # A second signature over the very same is the same call still.
    twice = replace(call, signature=signatures.header([secret, "whs_" + "y" * 43], call.stamp, call.body))
    assert (await send(nobody, address, twice)).status_code == 409
    assert len(await titles(house, alice)) == 1


async def test_a_hook_that_does_not_exist_answers_as_one_that_does_not_believe(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, secret = await make(house, alice)
    unknown = await send(nobody, address[:-4] + "aaaa", Call(secret, now))
    unsigned = await send(nobody, address, Call("whs_" + "z" * 43, now))
    told = [{**answer.json(), "request_id": ""} for answer in (unknown, unsigned)]
    assert told[0] == told[1]
    assert unknown.status_code == unsigned.status_code == 401
    for odd in ("../keys", "%00", "a" * 5000, "ä"):
        assert (await send(nobody, f"/api/v1/hooks/{odd}", Call(secret, now))).status_code in (401, 404)


async def test_a_body_cannot_choose_what_is_done_or_where(
    house: House, alice: Tenant, bob: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, secret = await make(house, alice)
    body = json.dumps(
        {"title": "A new bridge over the river", "site_id": bob.site, "workspace_id": bob.workspace}
        | {"does": "run", "line": "video"}
    ).encode()
    assert (await send(nobody, address, Call(secret, now, body))).status_code == 200
    assert await titles(house, bob) == []
    assert await titles(house, alice) == ["A new bridge over the river"]
    assert await house.desk.runs.active(alice.workspace) == []


async def test_one_hook_s_secret_does_not_open_another(
    house: House, alice: Tenant, bob: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, _ = await make(house, alice)
    _, other = await make(house, bob)
    assert (await send(nobody, address, Call(other, now))).status_code == 401


async def test_after_a_change_of_secret_both_are_believed_for_a_day_and_then_the_new_one_alone(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, old = await make(house, alice)
    hooks = house.desk.webhooks.hooks
    (made,) = await hooks.listed(alice.workspace)
    new = await hooks.rotate(Operator(alice.workspace), made.id)
    assert old != new
    assert (await send(nobody, address, Call(new, now))).status_code == 200
    assert (await send(nobody, address, Call(old, now - 1))).status_code == 200
    async with house.store.everywhere() as session:
        await session.execute(text("update hooks set before_until = now() - interval '1 second'"))
    assert (await send(nobody, address, Call(old, now - 2))).status_code == 401
    assert (await send(nobody, address, Call(new, now - 2))).status_code == 200


async def test_a_hook_starts_its_line_and_says_when_one_runs_already(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    await add_keywords(house, alice, 20)
    address, secret = await make(house, alice, "run")
    first = await send(nobody, address, Call(secret, now, b"{}"))
    assert first.status_code == 200, first.text
    (run,) = await house.desk.runs.active(alice.workspace)
    assert first.json()["run_id"] == str(run.id)
    second = await send(nobody, address, Call(secret, now + 1, b"{}"))
    assert second.status_code == 200
    assert "run" in second.json()["says"]
    assert second.json()["run_id"] is None
    assert len(await house.desk.runs.active(alice.workspace)) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[1]", 422), (b"{", 422), (b'{"title": 7}', 422), (b"{}", 422), (b'{"title": ""}', 422)],
)
async def test_what_is_signed_well_and_cannot_be_used_is_told_and_may_come_again(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int, body: bytes, status: int
) -> None:
    address, secret = await make(house, alice)
    call = Call(secret, now, body)
    assert [(await send(nobody, address, call)).status_code for _ in range(2)] == [status, status]
    assert await titles(house, alice) == []


async def test_only_post_is_a_call_and_too_much_is_not_read(
    house: House, alice: Tenant, nobody: httpx2.AsyncClient, now: int
) -> None:
    address, secret = await make(house, alice)
    assert (await nobody.get(address)).status_code == 405
    assert (await send(nobody, address, Call(secret, now, b" " * 70_000))).status_code == 413
