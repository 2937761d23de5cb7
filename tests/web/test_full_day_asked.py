"""A piece that is planned or moved onto a full day: the toast tells on which day it goes out instead."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.desk.accounts import AccountChanges, NewAccount
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing import Wish

HTMX = {"HX-Request": "true"}
TUESDAY = datetime(2031, 11, 25, 9, tzinfo=UTC)
SAYS = "“Small shelf” takes 1 a day and has 1 on Tuesday: it goes out on Wednesday 26 November at 09:00."


async def test_asking_dragging_and_the_form_tell_of_a_day_that_is_full(house: Any, owner: Any) -> None:
    desk, by = house.desk, Operator(owner.workspace)
    site = await desk.sites.create(owner.workspace, "Full days")
    account = await desk.accounts.connect(by, NewAccount("folder", "Small shelf", {"folder": "small"}))
    await desk.accounts.link(by, account.id, site.id)
    await desk.accounts.change(by, account.id, AccountChanges(day_cap=1))
    whose = Tenant(owner.workspace, site.id, "", owner.client)
    videos = [await film(house, whose, status="approved", reviewed_at=datetime.now(UTC)) for _ in range(3)]
    numbers = []
    for video, at in zip(videos[:2], (TUESDAY, TUESDAY + timedelta(days=7)), strict=True):
        wish = Wish(video_id=video.id, accounts=[account.id], at=at)
        numbers.append((await desk.publishing.publish(by, wish))[0].id)
    form = {"account": str(account.id), "when": "at", "at": "2031-11-25T09:00"}
    asked = await owner.client.post(f"/publish/video/{videos[2].id}", data=form, headers=HTMX)
    assert f"at its time. {SAYS}" in asked.text
    drag = {"number": str(numbers[1]), "day": "2031-11-25", "zone": "UTC"}
    dragged = await owner.client.post("/calendar/move", data=drag, headers=HTMX)
    thursday = "it goes out on Thursday 27 November at 09:00."
    assert "is planned for Thursday 27 November, 09:00 (UTC)." in dragged.text
    assert f"has 1 on Tuesday: {thursday}" in dragged.text
    typed = {"at": "2031-11-25T11:30"}
    moved = await owner.client.post(f"/publications/{numbers[1]}/move", data=typed, headers=HTMX)
    assert "it goes out on Thursday 27 November at 11:30." in moved.text
    week = (await owner.client.get("/calendar?day=2031-11-25")).text
    assert SAYS in week
