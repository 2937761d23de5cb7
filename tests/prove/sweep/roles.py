"""What a forked process does: works, keeps the timetable, acts for a person, keeps the database up."""

import asyncio
import importlib
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

from sweep import wall
from sweep.editing import EDITS, keep_by_halves
from sweep.quick_clock import QuickClock

from nightdesk.bootstrap import House, open_house
from nightdesk.desk.videos import VideoWish
from nightdesk.engine.chores import Chore, keep
from nightdesk.engine.control import NotInThisState, RunActive
from nightdesk.engine.outgoing import claims, sending
from nightdesk.engine.worker import Rhythm
from nightdesk.kit import points
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.lines.video import sizes
from nightdesk.media.thumbnails import wanted
from nightdesk.settings import Settings
from nightdesk.sources.pages import PageMeans
from nightdesk.sources.pages.browser import BrowserPages
from nightdesk.store.postgres import EmbeddedPostgres
from nightdesk.store.postgres.watch import keep_running

Order = dict[str, Any]
SEND_EVERY = 0.05
RUN_SETTINGS = {"ideas_per_cluster": 1, "images_in_article": 1}


def settings(order: Order) -> Settings:
    """The operator's settings of an attempt; nothing comes from the environment."""
    facts: dict[str, Any] = {
        "data_dir": Path(order["folder"]),
        "database_url": order["database"],
        "database_patience": order.get("patience", 30.0),
        "secret_key": "a-key-of-the-sweep-and-of-nothing-else",
        "disk_reserve_mb": 0,
        "requests_a_minute": 0,
        "text": "openai:writer",
        "text_base_url": order["models"],
        "images": "openai:painter",
        "images_base_url": order["models"],
        "provider_timeout": 20,
        "allow_addresses": order.get("allow", ""),
    }
    return Settings(_env_file=None, **(facts | order.get("settings", {})))


def role(act: Callable[[House, Order], Coroutine[Any, Any, None]]) -> Callable[[Order], None]:
    """A role that acts in an open house; its points count from before the house is opened."""

    async def live(order: Order) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, tell_what_it_waits_for)
        clock = QuickClock(order["clock"]) if "clock" in order else None
        async with open_house(settings(order), clock=clock) as house:
            await act(house, order)

    def run(order: Order) -> None:
        if order.get("mutant"):
            importlib.import_module("sweep.publishing_mutants").MUTANTS[order["mutant"]].apply(
                Path(order["folder"])
            )
        for shape, size in order.get("frames", {}).items():
            sizes.SIZES[shape] = wanted.SIZES[shape] = tuple(size)  # type: ignore[index]
        points.arm(**order.get("arm", {}))
        asyncio.run(live(order))

    return run


def tell_what_it_waits_for() -> None:
    """Writes into the attempt's log where each of its tasks stands, for who looks into a failure."""
    for task in asyncio.all_tasks():
        task.print_stack(limit=12)


async def work(house: House, order: Order) -> None:
    """Works until SIGTERM."""
    rhythm = Rhythm(**order["rhythm"], patience=house.settings.database_patience)
    worker = house.worker(rhythm=rhythm)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()


async def keep_time(house: House, order: Order) -> None:
    """Starts what is due until SIGTERM."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await house.timetable().run(stopping)


async def act_for_person(house: House, order: Order) -> None:
    """Does what a person asked, one thing after the other; what has been done already is left."""
    workspace, site = order["workspace"], await house.desk.sites.get(order["workspace"], order["site"])
    for what in order["actions"]:
        async with house.store.workspace(workspace) as session:
            run = await house.control.active(session, site, "article")
            try:
                if what == "start":
                    await house.control.start(session, site, "article", "manual", RUN_SETTINGS)
                elif run is not None:
                    facts = {"now": True} if what == "cancel" else {}
                    await getattr(house.control, what)(session, workspace, run.id, **facts)
            except (NotInThisState, RunActive):
                continue


async def order_videos(house: House, order: Order) -> None:
    """Orders two variants of a video."""
    wish = VideoWish(custom_script="Worms eat leaves.", seconds=10, count=2)
    await house.desk.videos.ordering.order(order["workspace"], order["site"], wish)


async def edit_video(house: House, order: Order) -> None:
    """Does what a person does to a video, and notes each thing once it is done."""
    if order.get("by_halves"):
        keep_by_halves()
    for name in order["edits"]:
        await EDITS[name](house.desk.videos, order["workspace"], order["video"])
        with (Path(order["folder"]) / "edits").open("a") as done:
            done.write(f"{name}\n")


async def do_chores(house: House, order: Order) -> None:
    """Does one round of each of the chores that are named, one after the other."""
    chores = {chore.name: chore for chore in house.chores}
    for name in order["chores"]:
        stopping = asyncio.Event()

        async def once(chore: Chore = chores[name], done: asyncio.Event = stopping) -> None:
            try:
                await chore.run()
            finally:
                done.set()

        await keep([Chore(name, 0.0, once)], stopping, grace=60.0)


async def send(house: House, order: Order) -> None:
    """Sends what is due until SIGTERM, under a lease that is over soon."""
    claims.LEASE = sending.LEASE = order["lease"]
    wall.build()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    await keep([Chore("publications.send", SEND_EVERY, house.outgoing.send_due)], stopping)


async def browse(house: House, order: Order) -> None:
    """Has a browser draw a page, again and again."""
    guard = Guard(allow=house.settings.allowed_addresses)
    pages = BrowserPages(PageMeans(Fetcher(guard, house.clock), browser=Path(order["browser"])))
    while True:
        with suppress(Ending):
            await pages.read(order["url"])


def keep_database(order: Order) -> None:
    """Brings the server back whenever it dies."""
    server = EmbeddedPostgres(Path(order["server"]), fsync=False)
    server.start()
    asyncio.run(keep_running(server, SystemClock(), every=0.1))


ROLES: dict[str, Callable[[Order], None]] = {
    "worker": role(work),
    "timetable": role(keep_time),
    "person": role(act_for_person),
    "chores": role(do_chores),
    "browser": role(browse),
    "sender": role(send),
    "orders": role(order_videos),
    "edits": role(edit_video),
    "keeper": keep_database,
}
