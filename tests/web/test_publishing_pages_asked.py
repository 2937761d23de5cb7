"""The pages of publishing as requests: what belongs to others, what is refused, and what is never shown."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.api_house import Tenant
from desk.video_rows import film
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.errors import Invalid
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing import Wish
from nightdesk.desk.publishing.options import options_of, spelled
from nightdesk.faces.web import publication_words, publications
from nightdesk.faces.web.slot_times import read_slot
from nightdesk.store.tables.publishing import Account, Publication

HTMX = {"HX-Request": "true"}
_sites = itertools.count(1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
async def whose(house: Any, owner: Any) -> Tenant:
    """The owner's workspace, with a site of the test's own."""
    site = await house.desk.sites.create(owner.workspace, f"Publishing {next(_sites)}")
    return Tenant(owner.workspace, site.id, "", owner.client)


async def planned(house: Any, whose: Tenant, at: datetime) -> int:
    """A video on its way to a folder, at that time."""
    desk, by = house.desk, Operator(whose.workspace)
    account = await desk.accounts.connect(by, NewAccount("folder", "Reels folder", {"folder": "reels"}))
    await desk.accounts.link(by, account.id, whose.site)
    made = await film(house, whose, status="approved", reviewed_at=datetime.now(UTC))
    asked = await desk.publishing.publish(by, Wish(video_id=made.id, accounts=[account.id], at=at))
    return asked[0].id


async def test_a_secret_is_never_on_a_page(house: Any, owner: Any) -> None:
    secret = "abcd efgh ijkl mnop qrst uvwx"
    given = {"address": "http://127.0.0.1:9/", "user": "ada", "password": secret}
    form = {"platform": "wordpress", "name": "Blog"} | {f"values.{name}": one for name, one in given.items()}
    made = await owner.client.post("/accounts/new", data=form, headers=HTMX)
    where = made.headers["hx-redirect"]
    for path in (where, "/accounts"):
        text = (await owner.client.get(path)).text
        assert "Blog" in text
        assert secret not in text
        assert "abcd" not in text
    assert 'type="password"' in (await owner.client.get(where)).text
    wrong = await owner.client.post("/accounts/new", data=form | {"values.address": "blog"}, headers=HTMX)
    assert wrong.status_code == 422
    assert 'data-field="values.address"' in wrong.text


async def test_a_viewer_sees_what_is_planned_and_can_change_nothing(
    house: Any, viewer: Any, whose: Tenant
) -> None:
    number = await planned(house, whose, datetime.now(UTC) + timedelta(hours=2))
    for path in ("/accounts", "/calendar", "/publications", f"/publications/{number}"):
        text = (await viewer.client.get(path)).text
        assert "Reels folder" in text, path
        for button in ("Stop all publishing", "Connect an account", "Another time", "draggable"):
            assert button not in text, (path, button)
    assert (await viewer.client.post(f"/publications/{number}/cancel")).status_code == 403


async def test_a_publication_of_others_is_not_there(house: Any, owner: Any) -> None:
    workspace = await house.desk.founding.found("Another desk that publishes", 100)
    site = await house.desk.sites.create(workspace, "Theirs")
    other = Tenant(workspace, site.id, "", None)  # type: ignore[arg-type]
    number = await planned(house, other, datetime.now(UTC) + timedelta(hours=2))
    assert (await owner.client.get(f"/publications/{number}")).status_code == 404
    for act in ("cancel", "again", "live", "back?at=2030-01-01T00:00:00Z"):
        assert (await owner.client.post(f"/publications/{number}/{act}")).status_code == 404


async def test_a_video_is_published_from_its_page_and_a_move_into_the_past_is_refused(
    house: Any, owner: Any, whose: Tenant
) -> None:
    number = await planned(house, whose, datetime.now(UTC) + timedelta(days=1))
    shown = await house.desk.publishing.stories.show(owner.workspace, number)
    page = await owner.client.get(f"/videos/{shown.publication.video_id}")
    assert f"/publications/{number}" in page.text
    form = {"number": str(number), "day": "2020-02-02", "zone": "Europe/Berlin"}
    refused = await owner.client.post("/calendar/move", data=form, headers=HTMX)
    assert refused.status_code == 422
    assert "stays where it was" in refused.text
    after = await house.desk.publishing.stories.show(owner.workspace, number)
    assert after.publication.planned_at == shown.publication.planned_at


async def test_what_asks_for_a_decision_is_counted_and_filtered(
    house: Any, owner: Any, whose: Tenant
) -> None:
    numbers = {}
    for state in ("held", "ambiguous"):
        numbers[state] = await planned(house, whose, datetime.now(UTC) + timedelta(days=1))
        async with house.store.workspace(owner.workspace) as session:
            (await session.get_one(Publication, (owner.workspace, numbers[state]))).state = state
    counts = await house.desk.publishing.stories.counted(owner.workspace)
    text = (await owner.client.get("/publications")).text
    assert f"<strong>{counts['held']} {'is' if counts['held'] == 1 else 'are'} held</strong>" in text
    assert re.search(rf">Unclear <span[^>]*>{counts['ambiguous']}</span>", text)
    for state, other in (("held", "ambiguous"), ("ambiguous", "held")):
        text = (await owner.client.get(f"/publications?state={state}")).text
        assert f'href="/publications/{numbers[state]}"' in text
        assert f'href="/publications/{numbers[other]}"' not in text
        assert publications.MEANS[state] in text


@pytest.mark.parametrize("typed", ["", "soon", "2026-13-01T10:00", "2026-03-29T02:30", "0001-01-01T00:00"])
def test_a_time_that_is_none_or_that_the_clocks_leave_out_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_slot(typed, BERLIN)


def test_a_time_is_read_in_the_zone_of_the_site() -> None:
    assert read_slot("2026-07-01T09:00", BERLIN) == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert read_slot("2026-12-01T09:00", BERLIN) == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_options_are_read_as_they_are_written() -> None:
    found = options_of("category: News\n\nmade_for_kids: no\nfirst_comment: Read more: here")
    assert found == {"category": "News", "made_for_kids": False, "first_comment": "Read more: here"}
    assert options_of(spelled(found)) == found
    typed = options_of("cover_ms: 1500\ntags: heat, heat pumps,\ncategory: 25\ntitle: 2026")
    assert typed == {"cover_ms": 1500, "tags": ["heat", "heat pumps"], "category": "25", "title": "2026"}
    assert options_of(spelled(typed)) == typed
    with pytest.raises(Invalid):
        options_of("News")


def test_an_account_says_in_days_when_its_log_in_ends_and_what_to_do() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    account: Any = SimpleNamespace(
        status="connected", paused=False, expires_at=now + timedelta(days=3, hours=1)
    )
    told = publication_words.standing(account, now)
    assert (told["days"], told["ends"]) == (3, True)
    assert "ends soon" in told["do"]
    account.expires_at = now + timedelta(days=60)
    assert publication_words.standing(account, now)["do"] == ""
    account.status = "expired"
    assert "secret anew" in publication_words.standing(account, now)["do"]


def test_what_waits_for_an_account_says_so_in_few_words() -> None:
    account: Any = SimpleNamespace(status="connected", paused=False)
    assert publication_words.keeps_back(account) == ""
    account.status = "expired"
    assert "needs you" in publication_words.keeps_back(account)
    account.paused = True
    assert "paused" in publication_words.keeps_back(account)


def test_a_line_of_a_story_says_nothing_twice() -> None:
    line: Any = SimpleNamespace(says="200", data={"status": 200, "kind": "application/json", "url": ""})
    assert publication_words.evidence_of(line) == [("kind", "application/json")]
    line = SimpleNamespace(says="", data={"fence": 3, "status": 404})
    assert publication_words.evidence_of(line) == [("status", 404)]


async def test_a_piece_s_slot_is_told_by_the_clock_of_its_site_that_its_form_asks_in(
    house: Any, owner: Any, whose: Tenant
) -> None:
    await house.desk.sites.change(whose.workspace, whose.site, timezone="America/New_York")
    there = datetime.now(ZoneInfo("America/New_York")) + timedelta(days=1)
    at = there.replace(hour=9, minute=0, second=0, microsecond=0)
    row = await planned(house, whose, at)
    story = await house.desk.publishing.stories.show(whose.workspace, row)
    shown = await owner.client.get(f"/publish/video/{story.publication.video_id}", headers=HTMX)
    assert f"tomorrow 09:00 {at:%Z}" in shown.text
    now, new_york = datetime.now(UTC), ZoneInfo("America/New_York")
    assert publication_words.slot(at, now, new_york, new_york) == "tomorrow 09:00"


async def test_a_held_one_leads_to_the_last_that_is_out_there_and_tells_its_reason_once(
    house: Any, owner: Any, whose: Tenant
) -> None:
    held, out = await planned(house, whose, datetime.now(UTC)), await planned(house, whose, datetime.now(UTC))
    why, url = "The line broke after it was sent.", "https://reels.test/7"
    told = {"at": "2026-11-20T02:00:00+00:00", "code": "cannot_know", "says": why}
    async with house.store.workspace(whose.workspace) as session:
        row, other = [await session.get(Publication, (whose.workspace, one)) for one in (held, out)]
        row.state, row.error, row.evidence = "held", why, [told]
        other.state, other.url, other.account_id = "live", url, row.account_id
    page = (await owner.client.get(f"/publications/{held}")).text
    assert f'<a href="{url}"' in page
    assert page.count(why) == 1


async def test_an_account_that_lacks_something_is_told_of_tonight_once_a_site_uses_it(
    house: Any, owner: Any, whose: Tenant
) -> None:
    desk, by = house.desk, Operator(whose.workspace)
    name = f"Half a folder {whose.site}"
    account = await desk.accounts.connect(by, NewAccount("folder", name, {"folder": "half"}))
    async with house.store.workspace(whose.workspace) as session:
        row = await session.get(Account, (whose.workspace, account.id))
        row.status, row.says = "missing_config", "The name of its folder is missing."
    assert name not in (await owner.client.get("/")).text
    await desk.accounts.link(by, account.id, whose.site)
    tonight = (await owner.client.get("/")).text
    assert name in tonight
    assert "The name of its folder is missing." in tonight
