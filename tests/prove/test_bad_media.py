"""Bad media gets its exact answer by every door, within memory and time, and the service goes on (T18)."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.api_house import Tenant
from api.rows import add_chain, read
from media.bad_files import CORPORA, content_of, maker
from media.bad_pictures import TAKEN
from media.media_doors import Door, page_door, providers_doors
from nightdesk.bootstrap import House, open_house
from nightdesk.faces.web.app import make_pages
from nightdesk.settings import Settings
from nightdesk.store.tables.writer import Image
from sources.feed_children import Watch
from web.conftest import client_of

MEMORY = 512 << 20
SECONDS = 20.0
SAMPLE: Mapping[str, Sequence[str]] = {
    "pictures": (
        *("no bytes", "a page with 200", "20,000 x 20,000", "a drawing called .png", "a page behind a PNG"),
        "a name that climbs",
    ),
    "clips": ("a playlist (HLS)", "a list of files (ffconcat)", "half an MP4", "a page behind an MP4"),
    "sounds": ("half of it", "a second of silence", "a page behind it"),
}
_MEMORY = {name: re.compile(rf"{name}:\s+(\d+) kB") for name in ("VmHWM", "VmRSS")}
Doors = Mapping[str, Mapping[str, Door]]


@dataclass
class Told:
    """What came of all files: how often each answer was given, what was wrong, and the worst of each kind."""

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")
    alive: int = 0

    def take(self, case: str, expected: str, answer: str, seconds: float, memory: int) -> None:
        if answer != TAKEN if expected == TAKEN else expected not in answer:
            self.wrong.append(f"{case}: {answer[:300]!r}, not {expected!r}")
        self.answers[expected] += 1
        self.slowest = max(self.slowest, (seconds, case))
        self.largest = max(self.largest, (memory, case))

    def table(self) -> str:
        """How often which answer was given."""
        return "\n".join(f"{count:5}  {answer}" for answer, count in self.answers.most_common())


async def through(doors: Doors, chosen: Mapping[str, Sequence[str]], house: House) -> Told:
    """Brings each of the chosen files in by each of its doors, while somebody asks whether all is well.

    Memory is that of the house alone, before the first file, with what it grew by for this one: the services
    of the test are in the same process, and keep what they gave before.
    """
    told, house_alone = Told(), _resident("VmRSS")
    loop = asyncio.get_running_loop()
    with maker() as making:
        for kind, names in chosen.items():
            for name in names:
                bad = CORPORA[kind][name]
                content = await loop.run_in_executor(making, content_of, kind, name)
                for way, door in doors[kind].items():
                    Path("/proc/self/clear_refs").write_text("5")
                    began, before = time.perf_counter(), _resident("VmRSS")
                    async with Watch() as watch, _looked_after(house, told):
                        answer = await door(content, bad.named)
                    seconds = time.perf_counter() - began
                    grown = max(_resident("VmHWM") - before, 0)
                    memory = max(watch.memory, house_alone + grown)
                    expected = bad.instead.get(way, bad.answer)
                    told.take(f"{kind}, {name}, by {way}", expected, answer, seconds, memory)
    return told


def _resident(name: str) -> int:
    """Bytes of memory that this process holds, or held at most since `clear_refs` began anew (proc(5))."""
    found = _MEMORY[name].search(Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) << 10


@asynccontextmanager
async def _looked_after(house: House, told: Told) -> AsyncIterator[None]:
    """Reads something from the database again and again while the block runs."""

    async def look() -> None:
        while True:
            await asyncio.sleep(0.2)
            assert await house.desk.sites.listed(1)
            told.alive += 1

    task = asyncio.create_task(look())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled(), task.exception()


@asynccontextmanager
async def all_doors(server: Any, folder: Path) -> AsyncIterator[tuple[Doors, House]]:
    """Every door of a house with an owner, a site and an article with a picture."""
    settings = Settings(
        database_url=SecretStr(server.create("bad_media")),
        data_dir=folder / "data",
        disk_reserve_mb=0,
        requests_a_minute=0,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        _env_file=None,
    )
    async with open_house(settings) as house, house.desk.live.open(), providers_doors(folder) as known:
        desk, pages = house.desk, make_pages(house.desk, "0.0.0")
        link = str(await desk.entrance.pending_token())
        who = ("ada@desk.test", "Ada Night", "lantern meadow quiet harbour", "Desk", "en", "Europe/Berlin")
        token = await desk.entrance.begin(link, *who, address="127.0.0.1", agent="a test")
        workspace = await desk.founding.first()
        site = await desk.sites.create(workspace, "Heaps")
        tenant = Tenant(workspace, site.id, token, None)  # type: ignore[arg-type]
        chain = await add_chain(house, tenant)
        async with client_of(pages, token) as client:

            async def logo() -> bytes:
                brand = (await desk.sites.get(workspace, site.id)).brand
                return await house.files.get(workspace, str(brand["logo"]))

            async def picture() -> bytes:
                image = await read(house, tenant, Image, chain.image)
                return await house.files.get(workspace, image.asset)

            at = f"/review/{chain.content}/pictures/{chain.image}/replace"
            ours = {
                "a logo's form": page_door(client, "/settings/brand/logo", "logo", logo, site=site.slug),
                "a picture's form": page_door(client, at, "file", picture),
            }
            yield {**known, "pictures": {**known["pictures"], **ours}}, house
    server.drop("bad_media")


def hold(told: Told) -> None:
    assert told.wrong == []
    assert told.slowest[0] <= SECONDS, told.slowest
    assert told.largest[0] <= MEMORY, told.largest


async def test_a_sample_of_bad_media_gets_its_answers(server: Any, tmp_path: Path) -> None:
    async with all_doors(server, tmp_path) as (doors, house):
        told = await through(doors, SAMPLE, house)
    assert told.wrong == []


async def test_a_door_that_stands_open_is_found_out(server: Any, tmp_path: Path) -> None:
    async def open_door(content: bytes, _: str) -> str:
        return TAKEN

    async with all_doors(server, tmp_path) as (_, house):
        told = await through({"pictures": {"nobody": open_door}}, {"pictures": ("no bytes", "a GIF")}, house)
    assert [one.split(":")[0] for one in told.wrong] == [
        "pictures, no bytes, by nobody",
        "pictures, a GIF, by nobody",
    ]


@pytest.mark.prove
@pytest.mark.timeout(1200)
async def test_all_bad_media_gets_its_answer_within_memory_and_time(server: Any, tmp_path: Path) -> None:
    async with all_doors(server, tmp_path) as (doors, house):
        told = await through(doors, {kind: tuple(files) for kind, files in CORPORA.items()}, house)
    files, ways = sum(map(len, CORPORA.values())), sum(map(len, doors.values()))
    print(
        f"\n{files} bad files by {ways} doors, {told.answers.total()} cases; {len(told.wrong)} wrong answers"
    )
    print(told.table())
    print(
        f"slowest {told.slowest[0]:.1f} s ({told.slowest[1]}); asked {told.alive} times whether all is well"
    )
    print(f"most memory of a process {told.largest[0] >> 20} MB ({told.largest[1]})")
    assert files >= 60
    hold(told)
