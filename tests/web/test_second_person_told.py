"""Where two people approve, the second reads who approved first and what they said of it."""

from collections.abc import Awaitable, Callable

import pytest

from api.api_house import Tenant
from api.rows import add_chain
from desk.video_rows import film
from nightdesk.bootstrap import House
from nightdesk.desk.people import Operator
from nightdesk.desk.review.inputs import Decided
from web.conftest import Person

NOTE = "Read to the end & <b>liked</b>."
SHOWN = "“Read to the end &amp; &lt;b&gt;liked&lt;/b&gt;.”"


@pytest.mark.parametrize("kind", ["article", "video"])
async def test_the_page_names_the_first_and_what_is_left_to_whom(
    house: House, owner: Person, join: Callable[..., Awaitable[Person]], kind: str
) -> None:
    desk, workspace = house.desk, owner.workspace
    site = await desk.sites.create(workspace, f"Two people, {kind}")
    here = Tenant(workspace, site.id, owner.token, owner.client)
    await desk.auto_modes.standings.want_two_people(Operator(workspace), site.id, True)
    first, second = await desk.sessions.caller_of(owner.token), await join(f"Second{kind}", "editor")
    if kind == "article":
        number = (await add_chain(house, here, name=f"heaters of {site.slug}")).content
        at = f"/review/{number}"
        before = await owner.client.get(at)
        await desk.review.decisions.decide(workspace, number, "approve", Decided(note=NOTE), first)
    else:
        number = (await film(house, here)).id
        at = f"/videos/{number}"
        before = await owner.client.get(at)
        await desk.videos.decisions.decide(workspace, number, "approve", note=NOTE, by=first)
    assert "second person" not in before.text
    theirs, mine = (await second.client.get(at)).text, (await owner.client.get(at)).text
    assert "<strong>Ada Night</strong> approved it" in theirs
    assert SHOWN in theirs
    assert "With your approval it is approved by two people" in theirs
    assert "It waits for a second person, who is not you." in mine
    approves = 'value="approve"' if kind == "article" else '"decision": "approve"'
    assert approves in theirs
    assert approves not in mine
    assert "Approved by you" in mine
    assert "Approved by you" not in theirs
    assert "waits for another" in mine
    assert "waits for you" in theirs
    by = await desk.sessions.caller_of(second.token)
    if kind == "article":
        await desk.review.decisions.decide(workspace, number, "approve", Decided(), by)
    else:
        await desk.videos.decisions.decide(workspace, number, "approve", by=by)
    assert SHOWN not in (await second.client.get(at)).text
