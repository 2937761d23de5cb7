"""Media files are whole or absent, found only in their own workspace, in a folder and in a bucket alike."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nightdesk.kit.clock import SetClock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.store.files import INCOMING, DiskLow, Files, NoSuchAsset, SpoiltAsset

PICTURE = b"\x89PNG" + bytes(range(256)) * 50
SHA = hashlib.sha256(PICTURE).hexdigest()


class Bucket(BaseHTTPRequestHandler):
    """The part of S3 that is asked for here; `answer` makes it misbehave with that status."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes]
    answer: int | None

    def _say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        if self.answer:
            return self._say(self.answer)
        if self.command == "PUT":
            self.objects[path] = body
            return self._say(200, ETag='"1"')
        if self.command == "DELETE":
            self.objects.pop(path, None)
            return self._say(204)
        if path not in self.objects:
            return self._say(404)
        content = self.objects[path]
        about = {"ETag": '"1"', "Last_Modified": "Fri, 20 Nov 2026 01:00:00 GMT"}
        if asked := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range") or ""):
            first, last = int(asked[1]), int(asked[2])
            about["Content_Range"] = f"bytes {first}-{last}/{len(content)}"
            return self._say(206, content[first : last + 1], **about)
        self._say_whole(content, about)

    def _say_whole(self, content: bytes, about: dict[str, str]) -> None:
        if self.command == "HEAD":
            self.send_response(200)
            for name, value in about.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
        else:
            self._say(200, content, **about)

    do_GET = do_PUT = do_HEAD = do_DELETE = _serve  # noqa: N815 (the library's names)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Bucket]]:
    kind = type("OwnBucket", (Bucket,), {"objects": {}, "answer": None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "something")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    yield kind
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "folder":
        return Files(tmp_path / "media", reserve=0)
    request.getfixturevalue("bucket")
    return Files("s3://media/nightdesk")


async def collected(files: Files, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in files.read(1, SHA, start, end)])


async def test_what_was_stored_comes_back(files: Files) -> None:
    stored = await files.put(1, PICTURE, "image/png")
    assert (stored.sha256, stored.mime, stored.size) == (SHA, "image/png", len(PICTURE))
    assert await files.get(1, SHA) == PICTURE
    assert await files.size(1, SHA) == len(PICTURE)
    assert await files.exists(1, SHA)


async def test_a_file_from_the_disk_is_stored_like_bytes(files: Files, tmp_path: Path) -> None:
    (tmp_path / "made.png").write_bytes(PICTURE)
    assert await files.put(1, tmp_path / "made.png", "image/png") == await files.put(1, PICTURE, "image/png")
    assert await files.get(1, SHA) == PICTURE


async def test_any_range_of_bytes_can_be_read(files: Files) -> None:
    await files.put(1, PICTURE, "image/png")
    assert await collected(files) == PICTURE
    assert await collected(files, 4, 10) == PICTURE[4:10]
    assert await collected(files, len(PICTURE) - 3) == PICTURE[-3:]
    assert await collected(files, 10, 10**9) == PICTURE[10:]
    assert await collected(files, len(PICTURE)) == b""


async def test_another_workspace_does_not_find_it(files: Files) -> None:
    await files.put(1, PICTURE, "image/png")
    assert not await files.exists(2, SHA)
    with pytest.raises(NoSuchAsset):
        await files.get(2, SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", SHA.upper(), SHA + "/..", "ab" * 31])
async def test_a_name_that_is_no_hash_is_never_a_path(files: Files, name: str) -> None:
    with pytest.raises(NoSuchAsset):
        await files.get(1, name)


async def test_a_deleted_file_is_gone_and_may_be_deleted_again(files: Files) -> None:
    await files.put(1, PICTURE, "image/png")
    await files.delete(1, SHA)
    await files.delete(1, SHA)
    assert not await files.exists(1, SHA)


async def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    files = Files(tmp_path, reserve=0)
    assert await files.put(1, PICTURE, "image/png") == await files.put(1, PICTURE, "image/png")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [SHA]


async def test_below_the_reserve_nothing_is_stored(tmp_path: Path) -> None:
    files = Files(tmp_path, reserve=shutil.disk_usage(tmp_path).total)
    with pytest.raises(DiskLow) as caught:
        await files.put(1, PICTURE, "image/png")
    assert caught.value.free < caught.value.needed
    assert (files.free() or 0) < 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
async def test_a_disk_that_fills_up_leaves_nothing_at_a_final_name(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], stderr=-3).returncode:
        pytest.skip("may not mount here")
    try:
        files = Files(small, reserve=-10 * 2**20)
        with pytest.raises(DiskLow):
            await files.put(1, os.urandom(2 * 2**20), "video/mp4")
        assert not [path for path in small.rglob("*") if path.is_file()]
        await files.put(1, PICTURE, "image/png")
    finally:
        subprocess.run(["umount", small], check=True)


async def test_a_damaged_file_is_not_handed_out_as_whole(tmp_path: Path) -> None:
    files = Files(tmp_path, reserve=0)
    await files.put(1, PICTURE, "image/png")
    (tmp_path / "1" / SHA[:2] / SHA).write_bytes(PICTURE[:-1] + b"x")
    with pytest.raises(SpoiltAsset):
        await files.get(1, SHA)
    (tmp_path / "1" / SHA[:2] / SHA).write_bytes(PICTURE[:100])
    await files.put(1, PICTURE, "image/png")
    assert await files.get(1, SHA) == PICTURE


@pytest.mark.parametrize("point", [1, 2, 3])
async def test_a_writer_killed_at_any_point_leaves_the_file_whole_or_absent(
    tmp_path: Path, point: int
) -> None:
    code = (
        "import asyncio, pathlib, sys; from nightdesk.store.files import Files;"
        "asyncio.run(Files(sys.argv[1], reserve=0).put(1, pathlib.Path(sys.argv[2]), 'image/png'))"
    )
    (tmp_path / "picture").write_bytes(PICTURE)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "media"), str(tmp_path / "picture")],
        env={**os.environ, "NIGHTDESK_KILL_AT": str(point)},
    )
    assert done.returncode == -signal.SIGKILL
    files = Files(tmp_path / "media", reserve=0)
    if await files.exists(1, SHA):
        assert await files.get(1, SHA) == PICTURE
    await files.put(1, PICTURE, "image/png")
    assert await files.get(1, SHA) == PICTURE


async def test_the_sweep_takes_old_remains_and_leaves_young_ones(tmp_path: Path) -> None:
    now = datetime(2026, 11, 20, 3, tzinfo=UTC)
    files = Files(tmp_path, clock=SetClock(now))
    for name, hours in (("old", 30), ("young", 1)):
        (tmp_path / INCOMING / name).write_bytes(b"half")
        stamp = (now - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / INCOMING / name, (stamp, stamp))
    assert await files.sweep(timedelta(days=1)) == 1
    assert [path.name for path in (tmp_path / INCOMING).iterdir()] == ["young"]


async def test_a_bucket_that_refuses_us_needs_a_person(bucket: type[Bucket]) -> None:
    files = Files("s3://media/nightdesk")
    bucket.answer = 403
    with pytest.raises(NeedsPerson, match="credentials"):
        await files.put(1, PICTURE, "image/png")


async def test_a_bucket_that_does_not_exist_needs_a_person(bucket: type[Bucket]) -> None:
    bucket.answer = 404
    with pytest.raises(NeedsPerson, match="does not exist"):
        await Files("s3://media/nightdesk").put(1, PICTURE, "image/png")


async def test_a_bucket_that_is_down_means_later(bucket: type[Bucket]) -> None:
    files = Files("s3://media/nightdesk")
    bucket.answer = 503
    with pytest.raises(Later):
        await files.exists(1, SHA)
