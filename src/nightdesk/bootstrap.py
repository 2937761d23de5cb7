"""Opens the whole house from its settings; the only file that knows everybody."""

import asyncio
import os
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError, DBAPIError

from nightdesk import __version__
from nightdesk.desk import Desk
from nightdesk.desk.accounts import Accounts, Connecting, Looks, Openings, Watch
from nightdesk.desk.automation import Automation
from nightdesk.desk.autopilot import AutoModes, Autopilot, Prices
from nightdesk.desk.badges import Badges
from nightdesk.desk.choices import Choices
from nightdesk.desk.costs import Costs
from nightdesk.desk.credits import Credits
from nightdesk.desk.feeds import Feeds
from nightdesk.desk.founding import Founding
from nightdesk.desk.health import Health
from nightdesk.desk.insights import Insights
from nightdesk.desk.live import Live
from nightdesk.desk.niches import Niches
from nightdesk.desk.notices import Courier, Notices, Outbox, Sending, Wording
from nightdesk.desk.overview import Overview
from nightdesk.desk.people import (
    Doorkeeper,
    Entrance,
    Invitations,
    Passwords,
    People,
    SecondFactors,
    Sessions,
)
from nightdesk.desk.planner import Planner
from nightdesk.desk.prompts import Prompts
from nightdesk.desk.providers import Providers
from nightdesk.desk.publishing import Calendar, Composer, Publishing, Stories, stands, still_approved
from nightdesk.desk.publishing.leading import Leading
from nightdesk.desk.repeats import Repeats
from nightdesk.desk.resealing import reseal_all
from nightdesk.desk.results import Results
from nightdesk.desk.retention import Pruning, Retention
from nightdesk.desk.review import Review
from nightdesk.desk.runs import Runs
from nightdesk.desk.scraping import Means, Scraping
from nightdesk.desk.search import Search
from nightdesk.desk.sites import Sites
from nightdesk.desk.sources import Sources
from nightdesk.desk.tool_rights import ToolRights
from nightdesk.desk.topics import TopicMeans, Topics
from nightdesk.desk.topics.using import Using
from nightdesk.desk.totals import Totals
from nightdesk.desk.trials import Trials
from nightdesk.desk.videos import Videos
from nightdesk.desk.videos.share import ShareTold
from nightdesk.desk.videos.taking import FootageTaken
from nightdesk.desk.voices import Installer, Voices
from nightdesk.desk.webhooks import Webhooks
from nightdesk.desk.workspaces import Workspaces
from nightdesk.engine.batch import Batches
from nightdesk.engine.chores import Chore, keep
from nightdesk.engine.control import Control
from nightdesk.engine.gpu import OneOwner
from nightdesk.engine.outgoing import Outgoing, OutgoingMeans, Sender, Settling
from nightdesk.engine.runner import Runner
from nightdesk.engine.settling import Settler
from nightdesk.engine.timetable import Timetable
from nightdesk.engine.upkeep import Upkeep
from nightdesk.engine.worker import Rhythm, Worker
from nightdesk.kit import sealing
from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.pace import Pace
from nightdesk.kit.vault import Vault, with_vault
from nightdesk.lines import all_lines
from nightdesk.provider_defaults import defaults, large_files, studio
from nightdesk.providers.limits import Limits
from nightdesk.publishers import Ground, caps
from nightdesk.publishers.tool_server import Program
from nightdesk.settings import Settings, described
from nightdesk.sources.feeds.politeness import Manners
from nightdesk.sources.feeds.reading import FeedReader
from nightdesk.sources.pages import PageMeans, open_pages
from nightdesk.sources.trends import ToolServer, open_trends
from nightdesk.stage import QUEUES
from nightdesk.store.announcing import Announcer
from nightdesk.store.files import Files
from nightdesk.store.migrations import migrate
from nightdesk.store.postgres import DatabaseUnavailable, EmbeddedPostgres
from nightdesk.store.postgres.watch import keep_running
from nightdesk.store.quota import Quota
from nightdesk.store.session import APP_ROLE, WIDE_ROLE, Store, plain_address
from nightdesk.store.tables.workers import KeyCheck


@dataclass(frozen=True)
class House:
    """Everything, opened."""

    settings: Settings
    clock: Clock
    store: Store
    files: Files
    control: Control
    upkeep: Upkeep
    desk: Desk
    announcer: Announcer
    postgres: EmbeddedPostgres | None
    chores: Sequence[Chore]
    gpu: OneOwner
    outgoing: Outgoing
    autopilot: Autopilot

    def worker(self, queues: Sequence[str] = QUEUES, rhythm: Rhythm | None = None) -> Worker:
        """A worker for those queues; its rhythm is the settings' own unless one is given."""
        name = _name()
        settler = Settler(self.store, self.control.runner, self.clock)
        batches = Batches(
            self.store,
            self.control.runner,
            settler,
            self.desk.providers.make_bench,
            self.clock,
            name,
            self.announcer.announce,
            {"gpu": self.gpu},
        )
        rhythm = rhythm or Rhythm(
            lease=self.settings.lease,
            patience=self.settings.database_patience,
            at_once=self.settings.worker_at_once,
        )
        return Worker(plain_address(self.store.url, WIDE_ROLE), batches, self.upkeep, queues, rhythm)

    def timetable(self) -> Timetable:
        """A timetable; any number may look at once."""
        return Timetable(self.store, self.upkeep, self.clock, _name(), announce=self.announcer.announce)

    async def do_chores(self, stopping: asyncio.Event) -> None:
        """Does the house's chores until told to stop; any number of processes may."""
        await keep(self.chores, stopping)

    async def keep_database(self) -> None:
        """Brings the embedded database back whenever it dies; runs until cancelled."""
        if self.postgres is not None:
            await keep_running(self.postgres, self.clock)


def _name() -> str:
    """Of a process that shows that it lives; its random part lets no two be taken for one."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[House]:
    """Starts the database where it is ours, brings its schema up to date, checks the key, opens the rest.

    Raises `DatabaseUnavailable`, `SchemaIsNewer`, or a `NeedsPerson` about the secret key; nothing has been
    changed then.
    """
    clock = clock or SystemClock()
    postgres = None if settings.database_url else EmbeddedPostgres(settings.data_dir)
    if postgres is not None:
        await asyncio.to_thread(postgres.start)
    try:
        url = settings.database_url.get_secret_value() if settings.database_url else str(postgres.url())  # type: ignore[union-attr]
        await asyncio.to_thread(_migrate, url, settings.database_patience)
        store = Store(url, patience=settings.database_patience)
        announcer = Announcer(plain_address(store.url, APP_ROLE))
        try:
            async with FeedReader(clock) as reader:
                sealer = await _sealer(settings, store, clock)
                house = _furnish(settings, clock, store, sealer, announcer, reader, postgres)
                try:
                    yield house
                finally:
                    await house.gpu.aclose()
                    await house.desk.providers.close()
        finally:
            await announcer.close()
            await store.close()
    finally:
        if postgres is not None:
            await asyncio.to_thread(postgres.stop)


def _migrate(url: str, patience: float) -> None:
    """Raises `DatabaseUnavailable` too where the operator's own database cannot be had or brought to date."""
    try:
        migrate(url, patience=patience)
    except ArgumentError as error:
        raise DatabaseUnavailable(
            "NIGHTDESK_DATABASE_URL is no address of a database; it looks like "
            "postgresql://user:password@host:5432/name."
        ) from error
    except (DBAPIError, psycopg.Error) as error:
        raise DatabaseUnavailable(_why(error.orig if isinstance(error, DBAPIError) else error)) from error


def _why(error: BaseException | None) -> str:
    """What a person is told when the schema could not be brought up to date; see `migrate`."""
    said = " ".join(str(error).split())
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return (
            f"The database cannot be used: {said} See that it runs and that NIGHTDESK_DATABASE_URL is right."
        )
    return (
        f"The database could not be brought up to this version of Nightdesk. It said: {said.rstrip('.')}. "
        "All of that is one transaction, so nothing was changed. "
        "Put right what the database names, and start again."
    )


def _furnish(
    settings: Settings,
    clock: Clock,
    store: Store,
    sealer: sealing.Sealer,
    announcer: Announcer,
    reader: FeedReader,
    postgres: EmbeddedPostgres | None,
) -> House:
    quota = Quota(store, settings.workspace_storage_mb * 2**20, settings.site_documents)
    files = Files(settings.storage, reserve=settings.disk_reserve_mb * 2**20, clock=clock, room=quota.room)
    fetcher = Fetcher(Guard(), clock, agent=f"Nightdesk/{__version__}")
    limits = Limits()
    pages = Fetcher(Guard(allow=settings.allowed_addresses), clock, agent=f"Nightdesk/{__version__}")
    sources = _sources(settings, store, pages, quota)
    means = replace(
        studio(settings, clock, limits),
        tell=ShareTold(store, clock, announcer.announce).tell,
        gather=Using(store, clock, sources).gather_of,
        take=FootageTaken(store).take,
    )
    providers = Providers(defaults(settings), sealer, files, clock, limits, fetcher, means)
    control = Control(Runner(all_lines(), clock, providers.price))
    openings = _openings(settings, store, sealer, clock)
    desk = _desk(settings, store, announcer, reader, providers, control, quota, pages, sources, openings)
    outgoing = _outgoing(openings, files, announcer)
    watch = Watch(openings, Looks(openings), announcer.announce)
    prices = Prices(store, providers, desk.videos.reckoning)
    areas = (desk.review, desk.videos, desk.topics, desk.runs)
    pilot = Autopilot.over(store, files, clock, prices, *areas)
    chores = _chores(desk, _outbox(settings, store, clock), Pruning(store, files, clock), outgoing, watch)
    chores.append(Chore("autopilot.round", 60.0, pilot.round))
    chores.append(Chore("publications.lead", 60.0, Leading(store, clock, openings.publisher).round))
    upkeep = Upkeep(store, control, files)
    gpu = OneOwner(_of_this_host() / "gpu.lock", clock)
    return House(
        settings,
        clock,
        store,
        files,
        control,
        upkeep,
        desk,
        announcer,
        postgres,
        chores,
        gpu,
        outgoing,
        pilot,
    )


def _of_this_host() -> Path:
    """A folder that every desk of this user on this host shares, and no other host does."""
    return Path(tempfile.gettempdir()) / f"nightdesk-{os.getuid()}"


def _desk(
    settings: Settings,
    store: Store,
    announcer: Announcer,
    reader: FeedReader,
    providers: Providers,
    control: Control,
    quota: Quota,
    pages: Fetcher,
    sources: Sources,
    openings: Openings,
) -> Desk:
    clock, files, sealer = providers.clock, providers.files, providers.sealer
    automation, doorkeeper = Automation(store, control), Doorkeeper(store, clock, Passwords(sealer))
    insights = Insights(store, control, automation)
    founding, sites, choices = Founding(store), Sites(store, clock), Choices(store, providers)
    trends = open_trends(pages, reader.read, _tool_servers(settings))
    topics = Topics(store, clock, TopicMeans(providers, sources, trends))
    feeds, trials = Feeds(store, pages, reader), Trials(store, providers)
    means = Means(store, pages, reader, clock, topics.gather, Manners(clock), announcer.announce)
    voices = Voices(store, trials, Installer(providers.means.voices, large_files(settings, clock)))
    runs = Runs(store, control, automation, insights, announcer.announce)
    videos = Videos.over(store, control, providers, runs, topics, voices)
    results = Results.over(store, clock, openings.publisher)
    filming = (videos.starting.start, videos.affording.check, results.growth.hours)
    niches = Niches.over(store, files, sites, automation, choices, feeds, topics, *filming)
    return Desk(
        **_people(doorkeeper, founding),
        **_told(store, clock),
        sites=sites,
        credits=Credits(store, control),
        providers=providers,
        choices=choices,
        automation=automation,
        auto_modes=AutoModes.over(sites, insights, topics, Prices(store, providers, videos.reckoning)),
        insights=insights,
        overview=Overview(store, control),
        runs=runs,
        planner=Planner.over(store, control, quota),
        review=Review.over(store, control, files, clock),
        sources=sources,
        repeats=Repeats(store, sealer),
        health=Health(store, files, sealer, clock),
        trials=trials,
        voices=voices,
        videos=videos,
        prompts=Prompts(store, providers, trials),
        notices=_notices(settings, store, clock, sealer),
        topics=topics,
        niches=niches,
        feeds=feeds,
        scraping=Scraping(means),
        accounts=(accounts := Accounts(openings)),
        connecting=Connecting(openings, accounts, settings.public_url, f"http://127.0.0.1:{settings.port}"),
        publishing=Publishing(store, clock, Stories(store), Calendar(store, clock)),
        results=results,
        workspaces=Workspaces(store, clock, quota),
        webhooks=_webhooks(settings, store, clock, sealer, topics, runs),
        pace=Pace(settings.requests_a_minute, clock.monotonic),
    )


def _people(doorkeeper: Doorkeeper, founding: Founding) -> dict[str, Any]:
    return {
        "founding": founding,
        "people": People(doorkeeper.store, doorkeeper.clock),
        "invitations": Invitations(doorkeeper),
        "sessions": Sessions(doorkeeper),
        "second_factors": SecondFactors(doorkeeper),
        "entrance": Entrance(doorkeeper, founding),
    }


def _told(store: Store, clock: Clock) -> dict[str, Any]:
    return {
        "costs": Costs(store),
        "totals": Totals(store, clock),
        "live": Live(store, plain_address(store.url, APP_ROLE), plain_address(store.url, WIDE_ROLE)),
        "badges": Badges(store),
        "search": Search(store),
        "retention": Retention(store, clock),
        "tool_rights": ToolRights(store, clock),
    }


def _openings(settings: Settings, store: Store, sealer: sealing.Sealer, clock: Clock) -> Openings:
    guard = Guard(allow=settings.allowed_addresses)
    data = settings.data_dir.expanduser().resolve()
    programs = tuple(described(Program, settings.tool_programs, "NIGHTDESK_TOOL_PROGRAMS"))
    ground = Ground(data, guard, clock, f"Nightdesk/{__version__}", programs)
    return Openings(store, sealer, clock, ground)


def _outgoing(openings: Openings, files: Files, announcer: Announcer) -> Outgoing:
    settling = Settling(openings.store, openings.clock, stands, announcer.announce, still_approved)
    composer = Composer(openings.store, files)
    sending = Sender(settling, openings.of_taken, composer.compose)
    return Outgoing(OutgoingMeans(sending, _name(), caps()))


def _sources(settings: Settings, store: Store, pages: Fetcher, quota: Quota) -> Sources:
    return Sources(
        store, pages, quota, open_pages(PageMeans(pages, settings.allowed_addresses, settings.browser))
    )


def _notices(settings: Settings, store: Store, clock: Clock, sealer: sealing.Sealer) -> Notices:
    courier = Courier(allow=settings.allowed_addresses)
    return Notices(Sending(store, clock, courier, sealer), _wording(settings))


def _webhooks(
    settings: Settings, store: Store, clock: Clock, sealer: sealing.Sealer, topics: Topics, runs: Runs
) -> Webhooks:
    guard, wide = Guard(allow=settings.allowed_addresses), plain_address(store.url, WIDE_ROLE)
    agent, public_url = f"Nightdesk/{__version__}", settings.public_url.rstrip("/")
    return Webhooks.over(store, clock, sealer, (guard, agent), (wide, public_url), (topics, runs))


def _chores(desk: Desk, outbox: Outbox, pruning: Pruning, outgoing: Outgoing, watch: Watch) -> list[Chore]:
    return [
        Chore("publications.send", 2.0, outgoing.send_due),
        Chore("results.read", 60.0, desk.results.readings.read_due),
        Chore("accounts.watch", 60.0, watch.round),
        Chore("notices.write", 5.0, outbox.fill),
        Chore("notices.send", 5.0, desk.notices.sending.send),
        Chore("webhooks.write", 5.0, desk.webhooks.filling.fill),
        Chore("webhooks.send", 5.0, desk.webhooks.sending.send),
        Chore("webhooks.tidy", 3600.0, desk.webhooks.sending.tidy),
        Chore("retention.prune", 600.0, pruning.prune),
        Chore("retention.files", 6 * 3600.0, pruning.sweep_files),
        Chore("feeds.scrape", 30.0, desk.scraping.scrape_due),
        Chore("videos.run", 5.0, desk.videos.starting.run_waiting),
        Chore("topics.stock", 600.0, desk.topics.keep_stocked),
    ]


def _tool_servers(settings: Settings) -> list[ToolServer]:
    return described(ToolServer, settings.tool_servers, "NIGHTDESK_TOOL_SERVERS")


def _wording(settings: Settings) -> Wording:
    return Wording(settings.public_url.rstrip("/"))


def _outbox(settings: Settings, store: Store, clock: Clock) -> Outbox:
    return Outbox(store, clock, plain_address(store.url, WIDE_ROLE), _wording(settings))


async def _sealer(settings: Settings, store: Store, clock: Clock) -> sealing.Sealer:
    """The sealer, held against the check value in the database; written there at the very first start.

    After a change of key everything is sealed anew, and the check value last: then the old key may go.
    """
    async with store.everywhere() as session:
        check = await session.scalar(select(KeyCheck.sealed))
    sealer = await asyncio.to_thread(_load_sealer, settings, clock, first=check is None)
    # That it can also seal is seen at the start, not when somebody enters a key.
    fresh = await asyncio.to_thread(sealer.check_value)
    async with store.everywhere() as session:
        new = insert(KeyCheck).values(id=1, sealed=fresh).on_conflict_do_nothing()
        await session.execute(new)
        check = str(await session.scalar(select(KeyCheck.sealed)))
    await asyncio.to_thread(sealer.verify, check)
    if sealer.is_old(check) and await reseal_all(store, sealer):
        async with store.everywhere() as session:
            await session.execute(update(KeyCheck).where(KeyCheck.sealed == check).values(sealed=fresh))
    return sealer


def _load_sealer(settings: Settings, clock: Clock, *, first: bool) -> sealing.Sealer:
    folder = settings.data_dir.expanduser().resolve()
    given = settings.secret_key.get_secret_value() if settings.secret_key else None
    if not settings.vault_url:
        return sealing.load(folder, given, create=first)
    token = settings.vault_token.get_secret_value() if settings.vault_token else ""
    return with_vault(Vault(settings.vault_url, token, settings.vault_key, clock), folder, given)
