"""Platforms that answer as none should: packed without end, leading nowhere, repeating secrets."""

import gzip
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people.roles import Operator
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending, Later, NeedsPerson
from nightdesk.kit.http.addresses import same_house
from nightdesk.publisher import Absent, Live, Unclear, Unknown
from nightdesk.publishers.calling import Call, Caller
from nightdesk.publishers.wordpress.site import Limits
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import Served, serving
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress
from publishing.one_platform import Ground
from publishing.wordpress_pieces import short_article
from publishing.wordpress_press import ROLES, Press

SECRET = "ya29.a-token-that-nobody-may-read"


class Says(FakePlatform):
    """Answers everything with what the test gives it."""

    name = "says"

    def __init__(self, said: Answer) -> None:
        super().__init__()
        self.said = said

    async def answer(self, request: Request) -> Answer:
        return self.said

    def posts(self) -> list[Any]:
        return []


async def _asked(said: Answer, call: Call) -> Any:
    async with serving(Says(said)) as served:
        caller = Caller(served.guard(), SystemClock(), name="says", title="It", seconds=10)
        async with aclosing(caller):
            try:
                return await caller.ask(replace(call, url=f"{served.address}/"))
            except Ending as ending:
                return ending


@pytest.mark.parametrize("public", [False, True])
async def test_a_small_answer_that_unpacks_to_one_without_end_is_not_unpacked(public: bool):
    bomb = gzip.compress(b" " * (64 << 20), 9)
    tracemalloc.start()
    try:
        ending = await _asked(
            Answer(200, bomb, {"Content-Encoding": "gzip"}), Call("GET", "", "Looks.", public=public)
        )
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(ending, Unclear if public else Later)
    assert most < 16 << 20


def _repeating(status: int) -> Answer:
    return Answer.of({"error": {"message": f"Malformed access token {SECRET}", "code": 190}}, status)


@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "", "Looks.", headers={"Authorization": f"Bearer {SECRET}"}),
        Call("POST", "", "Renews.", form={"refresh_token": SECRET}),
        Call("GET", "", "Exchanges.", params={"fb_exchange_token": SECRET}),
    ],
    ids=["header", "form", "query"],
)
async def test_a_secret_that_a_platform_repeats_where_it_declines_is_told_to_nobody(status: int, call: Call):
    found = await _asked(_repeating(status), call)
    told = f"{found.why}" if isinstance(found, Ending) else f"{found.text} {found.value}"
    assert "Malformed" in told
    assert SECRET not in told


async def test_a_page_that_repeats_the_password_of_a_site_is_told_without_it():
    call = Call("GET", "", "Looks.", headers={"Authorization": "Basic dXNlcjpzZWNyZXQgcGFzc3dvcmQ="})
    found = await _asked(Answer(200, b"<p>You said secret password, user:secret password."), call)
    assert "secret password" not in found.why


async def test_a_new_log_in_comes_through_as_it_was_given():
    call = Call("POST", "", "Renews.", form={"refresh_token": SECRET})
    said = await _asked(Answer.of({"access_token": "new", "refresh_token": SECRET}), call)
    assert said.at("refresh_token") == SECRET


NOWHERE = ("http://[", "https://127.0.0.1:99999/", "http://[::1/x", "https://h:port/", "//[", "\x00")


@pytest.mark.parametrize("address", NOWHERE)
@pytest.mark.parametrize("header", ["Location", "Link"])
async def test_a_site_that_leads_to_no_address_is_a_matter_for_a_person(address: str, header: str):
    told = address if header == "Location" else f'<{address}>; rel="https://api.w.org/"'
    said = Answer(302 if header == "Location" else 200, b"", {header: told})
    async with serving(Says(said)) as served:
        press = Press(served, {"editor": PASSWORD}, Limits(5, 5))
        async with aclosing(press.opened()) as publisher:
            with pytest.raises((NeedsPerson, Later)):
                await publisher.look()


@pytest.mark.parametrize("address", ["http://[", "https://127.0.0.1:99999", "http://[::1/"])
async def test_an_account_at_no_address_waits_for_its_person(address: str):
    async with serving(Says(Answer())) as served:
        press = Press(served, {"editor": PASSWORD}, Limits(5, 5))
        with pytest.raises(NeedsPerson):
            async with aclosing(press.opened(address=address)) as publisher:
                await publisher.look()


ELSEWHERE = (
    *("https://[", "https://h:99999/", "https://evil.test/upload", "", "//", "file:///etc/passwd"),
    *("http://upload.tiktokapis.com/", "ftp://upload.tiktokapis.com/", "https://upload.tiktokapis.com:8443/"),
    *(
        "https://tiktokapis.com.evil.test/",
        "https://eviltiktokapis.com/",
        "https://evil.test/.tiktokapis.com",
    ),
    *(
        "https://upload.tiktokapis.com@evil.test/",
        "https://a:b@upload.tiktokapis.com/",
        "https://tiktokapis.com/",
    ),
    *(
        "https://evil.test\\.tiktokapis.com/",
        "https://evil.test%2f.tiktokapis.com/",
        "https://evil\u2024tiktokapis.com",
    ),
    *("https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/"),
)
OURS = (
    *("open.tiktokapis.com", "open-upload.tiktokapis.com", "open-upload-i18n.tiktokapis.com"),
    *("open-upload-va.tiktokapis.com", "upload.us.tiktokapis.com", "OPEN-UPLOAD.TIKTOKAPIS.COM:443"),
)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_an_upload_goes_to_no_other_house_and_to_no_address_that_is_none(url: str):
    assert not same_house("https://open.tiktokapis.com", url, "tiktokapis.com")
    assert not same_house("https://www.googleapis.com", url, "googleapis.com")
    assert not same_house("http://127.0.0.1:8000/v2", url, "tiktokapis.com")


@pytest.mark.parametrize("host", OURS)
def test_an_upload_goes_to_any_host_of_the_same_house(host: str):
    assert same_house("https://open.tiktokapis.com", f"https://{host}/video/?upload_id=1", "tiktokapis.com")


def test_a_server_for_trials_takes_uploads_itself_and_no_other_does():
    ours = "http://127.0.0.1:8000"
    assert same_house(ours, "http://127.0.0.1:8000/video/", "tiktokapis.com")
    for other in ("http://127.0.0.1:8001/", "https://127.0.0.1:8000/", "https://open-upload.tiktokapis.com/"):
        assert not same_house(ours, other, "tiktokapis.com")


@pytest.mark.parametrize("url", ["http://[", "https://h:port/x", "javascript:alert(1)", "//x"])
async def test_a_held_one_is_not_live_at_what_is_no_address(ground: Ground, url: str):
    with pytest.raises(Invalid):
        await ground.house.desk.publishing.confirm(Operator(ground.tenant.workspace), 1, live=True, url=url)


@pytest_asyncio.fixture(loop_scope="session")
async def two_sites() -> AsyncIterator[tuple[Served, Served]]:
    async with serving(FakeWordPress()) as one, serving(FakeWordPress()) as other:
        yield one, other


def _press(served: Served) -> Press:
    return Press(served, dict.fromkeys(ROLES, PASSWORD), Limits(5, 5))


async def test_a_post_s_number_counts_on_its_own_site_alone(two_sites: tuple[Served, Served]):
    """The account was given another address: there that number may be anybody's post."""
    ours, theirs = map(_press, two_sites)
    piece, stranger = short_article(), short_article()
    token, of_stranger = await ours.made_ready(piece), await theirs.made_ready(stranger)
    assert token is not None
    assert of_stranger is not None
    assert token["post"] == of_stranger["post"]
    got = await theirs.made_ready(piece, token)
    assert got is not None
    assert got["post"] != of_stranger["post"]
    assert stranger.key in theirs.served.platform.texts[of_stranger["post"]].facts["content"]


async def test_what_was_sent_to_another_site_is_not_known_at_this_one(two_sites: tuple[Served, Served]):
    ours, theirs = map(_press, two_sites)
    piece = short_article()
    token = await ours.made_ready(piece)
    assert isinstance(await ours.committed(piece, token), Live)
    async with aclosing(theirs.opened()) as publisher:
        assert isinstance(await publisher.look_up(piece, token, theirs.lines), Unknown)
        assert isinstance(await publisher.look_up(piece, None, theirs.lines), Absent)
