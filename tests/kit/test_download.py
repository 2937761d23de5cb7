"""A large file is brought whole and as it was wanted, or not at all, whatever the other side does."""

import asyncio
import hashlib
import re
from pathlib import Path

import pytest
from scripted_web import Web

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.http.download import OtherBytes, Wanted, download
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Shelf:
    """A server with one file, which gives ranges of it and breaks off after so many bytes, if it is to."""

    def __init__(self, web: Web) -> None:
        self.content, self.breaks_after, self.ranges = CONTENT, 0, True
        self.asked: list[int] = []
        self._web = web
        web.handlers["/file"] = self._give

    async def _give(self, _: str, writer: asyncio.StreamWriter) -> None:
        found = re.search(r"range: bytes=(\d+)-", self._web.heads[-1].lower()) if self.ranges else None
        start = int(found[1]) if found else 0
        self.asked.append(start)
        rest = self.content[start:]
        status = "206 Partial" if found else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(rest)}\r\n\r\n".encode())
        writer.write(rest[: self.breaks_after or None])


@pytest.fixture
def shelf(web: Web) -> Shelf:
    return Shelf(web)


async def brought(web: Web, target: Path, path: str = "/file", told: list[int] | None = None) -> None:
    fetcher = Fetcher(Guard(allow=[("127.0.0.1", web.port)]), SystemClock())
    wanted = Wanted(f"http://127.0.0.1:{web.port}{path}", len(CONTENT), SHA256)
    await download(fetcher, wanted, target, told.append if told is not None else None)


async def test_a_file_comes_under_its_name_when_it_is_whole(web: Web, shelf: Shelf, tmp_path: Path) -> None:
    told: list[int] = []
    await brought(web, tmp_path / "voice", told=told)
    assert (tmp_path / "voice").read_bytes() == CONTENT
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
    assert [path.name for path in tmp_path.iterdir()] == ["voice"]


async def test_a_file_that_breaks_off_is_gone_on_with(web: Web, shelf: Shelf, tmp_path: Path) -> None:
    shelf.breaks_after = 300_000
    with pytest.raises(FetchLater):
        await brought(web, tmp_path / "voice")
    assert not (tmp_path / "voice").exists()
    shelf.breaks_after = 0
    await brought(web, tmp_path / "voice")
    assert (tmp_path / "voice").read_bytes() == CONTENT
    assert shelf.asked == [0, 300_000]


@pytest.mark.parametrize("ranges", [True, False])
async def test_a_part_of_another_file_is_begun_anew(
    web: Web, shelf: Shelf, tmp_path: Path, ranges: bool
) -> None:
    (tmp_path / ".voice.part").write_bytes(b"x" * 1000)
    shelf.ranges = ranges
    await brought(web, tmp_path / "voice")
    assert (tmp_path / "voice").read_bytes() == CONTENT
    assert shelf.asked == ([1000, 0] if ranges else [0])


@pytest.mark.parametrize("content", [CONTENT[:-1] + b"?", CONTENT[:-7], CONTENT * 3])
async def test_other_bytes_are_refused_and_leave_nothing(
    web: Web, shelf: Shelf, tmp_path: Path, content: bytes
) -> None:
    shelf.content = content
    with pytest.raises(OtherBytes, match="not the file that was wanted"):
        await brought(web, tmp_path / "voice")
    assert not list(tmp_path.iterdir())


async def test_a_part_that_is_longer_than_the_file_is_begun_anew(
    web: Web, shelf: Shelf, tmp_path: Path
) -> None:
    async def beyond_it(path: str, writer: asyncio.StreamWriter) -> None:
        if "range:" in web.heads[-1].lower():
            writer.write(b"HTTP/1.1 416 Beyond\r\nContent-Length: 0\r\n\r\n")
        else:
            await shelf._give(path, writer)

    web.handlers["/file"] = beyond_it
    (tmp_path / ".voice.part").write_bytes(b"x" * (len(CONTENT) + 1))
    await brought(web, tmp_path / "voice")
    assert (tmp_path / "voice").read_bytes() == CONTENT


async def test_a_file_that_is_not_there_is_refused(web: Web, tmp_path: Path) -> None:
    web.says("/none", b"", status="404 Not Found")
    with pytest.raises(FetchRefused, match="404"):
        await brought(web, tmp_path / "voice", "/none")
    await web.stop()
    with pytest.raises(FetchLater, match="could not be reached"):
        await brought(web, tmp_path / "voice")
