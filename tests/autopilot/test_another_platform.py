"""A platform that is added by one entry in the registry: the API takes it, auto mode publishes there."""

from datetime import timedelta
from typing import cast

import pytest

from autopilot.one_night import Night
from nightdesk.publisher import Live, Login, Piece, Record, Standing, Token, Unknown
from nightdesk.publishers import KINDS, Ground, Kind
from nightdesk.publishers.fields import Field
from nightdesk.store.tables.publishing import Account

NAME = "pinboard"
PINNED: list[str] = []


class Pinboard:
    """Takes whatever is pinned on it."""

    platform = NAME
    repeats = "blind"

    def faults(self, piece: Piece) -> list[str]:
        return []

    async def look(self) -> Standing:
        return Standing("the board in the hall")

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        return None

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        PINNED.append(piece.title)
        return Live(str(len(PINNED)), "https://pinboard.test/1")

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Unknown:
        return Unknown("Nobody looks there.")

    async def aclose(self) -> None:
        """Keeps nothing open."""


def opened(login: Login, ground: Ground) -> Pinboard:
    return Pinboard()


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that has to be said of it."""
    fields = (Field("room", "Room", "Where it hangs."),)
    kind = Kind(NAME, "Pinboard", ("article",), "Hang one up.", fields, opened)  # type: ignore[arg-type]
    monkeypatch.setitem(cast(dict[str, Kind], KINDS), NAME, kind)
    PINNED.clear()


async def test_auto_mode_publishes_to_a_platform_that_only_the_registry_knows(
    night: Night, entry: None
) -> None:
    client, site = night.tenant.client, night.tenant.site
    listed = (await client.get("/api/v1/accounts/platforms")).json()["platforms"]
    assert listed[-1]["fields"][0]["name"] == "room"
    made = await client.post(
        "/api/v1/accounts", json={"platform": NAME, "name": "Hall", "values": {"room": "2"}}
    )
    assert (made.status_code, made.json()["status"]) == (201, "connected")
    number = made.json()["id"]
    assert (await client.post(f"/api/v1/accounts/{number}/niches/{site}")).status_code == 200
    changed = await client.patch(f"/api/v1/niches/{site}", json={"platforms": [NAME, "youtube"], "hours": []})
    assert (changed.status_code, changed.json()["platforms"]) == (200, ["youtube", NAME])
    counts = (await client.get("/api/v1/niches/platforms/stats")).json()
    assert counts[NAME]["active_niches"] == 1
    await night.change(Account, night.account, paused_at=night.clock.now())
    await client.delete(f"/api/v1/accounts/{night.account}")
    await night.approved()
    await night.round()
    (row,) = await night.publications()
    assert (row.account_id, row.planned_at.hour) == (number, 9)
    night.clock.move((row.planned_at - night.clock.now() + timedelta(minutes=1)).total_seconds())
    await night.house.outgoing.send_due()
    (row,) = await night.publications()
    assert (row.state, PINNED) == ("live", [row.title])
    assert (await client.delete(f"/api/v1/accounts/{number}")).status_code == 204


async def test_a_platform_that_nobody_entered_is_refused(
    night: Night,
) -> None:
    made = await night.tenant.client.post("/api/v1/accounts", json={"platform": NAME, "name": "Hall"})
    assert made.status_code == 422
    assert "youtube, instagram" in made.text
    changed = await night.tenant.client.patch(
        f"/api/v1/niches/{night.tenant.site}", json={"platforms": [NAME]}
    )
    assert changed.status_code == 422
