"""One piece for several accounts at one minute is one card of the calendar, moved whole or by account."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing import Wish
from nightdesk.store.tables.publishing import Publication

HTMX = {"HX-Request": "true"}
AT = datetime(2032, 3, 2, 9, tzinfo=UTC)


async def two(house: Any, owner: Any, name: str) -> list[int]:
    """Publications of one video on two accounts at once."""
    desk, by = house.desk, Operator(owner.workspace)
    site = await desk.sites.create(owner.workspace, name)
    shelves = [NewAccount("folder", f"{name} {n}", {"folder": f"{site.slug}-{n}"}) for n in (1, 2)]
    accounts = [(await desk.accounts.connect(by, one)).id for one in shelves]
    whose = Tenant(owner.workspace, site.id, "", owner.client)
    video = await film(house, whose, status="approved", reviewed_at=datetime.now(UTC))
    asked = await desk.publishing.publish(by, Wish(video_id=video.id, accounts=accounts, at=AT))
    return [one.id for one in asked]


async def times(house: Any, owner: Any, numbers: list[int]) -> list[datetime]:
    async with house.store.workspace(owner.workspace) as session:
        rows = [await session.get_one(Publication, (owner.workspace, number)) for number in numbers]
        return [row.planned_at for row in rows]


async def test_a_card_is_moved_with_all_its_accounts_and_back(house: Any, owner: Any) -> None:
    first, second = numbers = await two(house, owner, "Cards")
    week = (await owner.client.get("/calendar?day=2032-03-02&site=cards&zone=UTC")).text
    (card,) = re.findall(r'<article class="slots slot-queued".*?</article>', week, re.DOTALL)
    assert f'data-number="{first},{second}"' in card
    for name, number in (("Cards 1", first), ("Cards 2", second)):
        assert re.search(rf'<a href="/publications/{number}"[^>]*>{name}</a>', card), name
        assert f'hx-get="/publications/{number}/move"' in card
        assert f'id="slot_{number}"' in card
    form = {"number": f"{first},{second}", "day": "2032-03-04", "zone": "UTC"}
    moved = await owner.client.post("/calendar/move", data=form, headers=HTMX)
    assert "is planned for Thursday 4 March, 09:00 (UTC) on 2 accounts." in moved.text
    assert await times(house, owner, numbers) == [AT + timedelta(days=2)] * 2
    (way,) = re.findall(r'"(/calendar/back[^"]+)"', moved.text.replace("&amp;", "&"))
    undone = await owner.client.post(way, headers=HTMX)
    assert "is planned as it was before." in undone.text, unquote(way)
    assert await times(house, owner, numbers) == [AT] * 2


async def test_one_account_is_moved_out_of_its_card(house: Any, owner: Any) -> None:
    first, second = numbers = await two(house, owner, "Apart")
    form = {"number": str(second), "day": "2032-03-02", "hour": "11", "zone": "UTC"}
    moved = await owner.client.post("/calendar/move", data=form, headers=HTMX)
    assert "11:00 (UTC)." in moved.text
    assert await times(house, owner, numbers) == [AT, AT + timedelta(hours=2)]
    day = (await owner.client.get("/calendar?view=day&day=2032-03-02&site=apart&zone=UTC")).text
    assert 'class="slots' not in day
    assert day.count('class="slot slot-queued"') == 2
    assert f'id="slot_{first}"' in day


async def test_what_is_no_number_moves_nothing(owner: Any) -> None:
    for number in ("", "x", "1,", "1,x", ",".join("1" * 60)):
        form = {"number": number, "day": "2032-03-04", "zone": "UTC"}
        refused = await owner.client.post("/calendar/move", data=form, headers=HTMX)
        assert refused.status_code == 422, number
    for was in ("", "x@2032-03-04T09:00:00+00:00", "1@never", "²@2032-03-04"):
        refused = await owner.client.post("/calendar/back", params={"was": was}, headers=HTMX)
        assert refused.status_code == 422, was
