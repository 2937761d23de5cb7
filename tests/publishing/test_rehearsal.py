"""The frame of the fake platforms: each fault strikes the request that it is aimed at, and no other."""

import ssl
from collections.abc import Sequence

import httpx2
import pytest

from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.http.transport import GuardedTransport
from nightdesk.rehearsal.faults import FAULTS, TAKEN, UNSENT
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post
from nightdesk.rehearsal.serving import Served, serving

SILENCE = 0.3
"""Seconds until the client gives up; only silence is waited for that long."""


class Wall(FakePlatform):
    """Takes what is pinned to it."""

    name = "wall"

    def __init__(self) -> None:
        super().__init__()
        self.pinned: list[Post] = []

    async def answer(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer.of([post.id for post in self.pinned if self.shows(post.id)])
        post = Post(str(self.number()), "me", text=request.body.decode("utf-8", "replace"))
        self.pinned.append(post)
        self.made(post.id)
        return Answer.of({"id": post.id}, 201)

    def posts(self) -> Sequence[Post]:
        return self.pinned


def client(served: Served) -> httpx2.AsyncClient:
    trusted = ssl.create_default_context(cadata=served.trusted.decode()) if served.trusted else None
    through = GuardedTransport(served.guard(), keep_alive=4, certificates=trusted)
    return httpx2.AsyncClient(transport=through, base_url=served.address, timeout=SILENCE)


async def outcome(asking: httpx2.AsyncClient) -> str:
    """In a word, how pinning something ended."""
    try:
        answer = await asking.post("/pins", content="hello")
        return f"{answer.status_code} {'json' if answer.json() else ''}"
    except (httpx2.TransportError, FetchRefused, ValueError) as failure:
        return type(failure).__name__


EXPECTED = {
    "refused": {"ConnectError"},
    "unknown_host": {"FetchRefused"},
    "bad_certificate": {"ConnectError"},
    "reset_at_once": {"ReadError", "WriteError", "ConnectError"},
    "reset_after_sending": {"ReadError", "RemoteProtocolError"},
    "busy": {"503 json"},
    "html": {"JSONDecodeError"},
    "unauthorized": {"401 json"},
    "forbidden": {"403 json"},
    "too_many": {"429 json"},
    "quota": {"403 json"},
    "expired": {"401 json"},
    "taken_then_reset": {"ReadError", "RemoteProtocolError"},
    "taken_then_silence": {"ReadTimeout"},
    "taken_then_500": {"500 json"},
    "taken_then_truncated": {"RemoteProtocolError"},
    "taken_then_html": {"JSONDecodeError"},
    "taken_unseen": {"ReadError", "RemoteProtocolError"},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_strikes_one_request_in_its_own_way(fault):
    async with serving(Wall(), secure=True) as served, client(served) as asking:
        assert await outcome(asking) == "201 json"
        served.platform.faults.strike(fault)
        assert await outcome(asking) in EXPECTED[fault]
        assert len(served.platform.posts()) == (2 if fault in TAKEN else 1)
        assert await outcome(asking) == "201 json"
        assert served.platform.faults.struck == [fault]


def test_what_is_certainly_unsent_is_never_what_the_platform_took():
    assert not set(UNSENT) & set(TAKEN)


async def test_a_fault_is_aimed_by_the_line_of_a_request_and_how_often_it_comes():
    async with serving(Wall()) as served, client(served) as asking:
        served.platform.faults.strike("busy", at="POST /pins", skip=1, times=2)
        assert (await asking.get("/pins")).status_code == 200
        assert [await outcome(asking) for _ in range(4)] == ["201 json", "503 json", "503 json", "201 json"]


async def test_what_was_taken_unseen_is_shown_at_the_third_look():
    async with serving(Wall()) as served, client(served) as asking:
        served.platform.faults.strike("taken_unseen")
        await outcome(asking)
        assert [len((await asking.get("/pins")).json()) for _ in range(4)] == [0, 0, 1, 1]


async def test_forms_and_bodies_in_chunks_are_read():
    async def chunks():
        yield b"one "
        yield b"two"

    async with serving(Wall()) as served, client(served) as asking:
        await asking.post("/pins", content=chunks())
        await asking.post(
            "/pins", files={"media": ("a.png", b"\x89PNG\r\n\x00", "image/png")}, data={"kind": "x"}
        )
        assert served.platform.posts()[0].text == "one two"
        assert {(one.name, one.filename, one.body) for one in served.platform.requests[1].parts()} == {
            ("kind", "", b"x"),
            ("media", "a.png", b"\x89PNG\r\n\x00"),
        }
