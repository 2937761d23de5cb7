"""T13: on every route another workspace's rows answer as rows that do not exist.

Each place where a number or name of a row can stand (path, query, body) is tried with Bob's rows and with
rows that nobody has, by Alice's key; and each route with no key and with keys that open nothing. Statuses,
headers and bodies must be equal apart from the number asked for and the request's own.
"""

# ruff: noqa: F811 - fixtures are asked for by their names

import asyncio
import itertools
import json
import re
import statistics
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import HTTPException
from psycopg import sql
from sqlalchemy import select, text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api.api_house import (  # noqa: F401 - most are fixtures
    Tenant,
    alice,
    app,
    bob,
    client_of,
    house,
    nobody,
    served,
    settings,
    tenant_of,
)
from api.rows import add, add_chain, add_publication, change
from media.film import clip
from nightdesk.desk.errors import NotFound
from nightdesk.desk.people.roles import Operator
from nightdesk.faces.api.identity import WorkspaceId
from nightdesk.lines.keeping import keep_assets
from nightdesk.store.events import Happening, write
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.videos import OwnPiece, Scene, Video
from nightdesk.store.tables.writer import Image

CANARY = "zebracanary"
FAR = 700_000
"""Bob's rows are numbered from here on, so that their numbers stand nowhere else in an answer."""

CHAIN = ("documents", "keywords", "clusters", "ideas", "tasks", "contents", "images")
NOUNS = (*CHAIN, "keys", "sections", "feeds", "topics", "videos", "exports", "accounts", "publications")
NOUNS += ("webhooks", "hooks", "own_footage")
HOOKS = "/api/v1/webhooks/in"
OF_VIDEOS = ("jobs", "generator", "export")
"""Nouns whose rows are videos."""
OF_OTHERS = {"scraper": "documents", "publishing": "publications", "analytics": "site"} | dict.fromkeys(
    OF_VIDEOS, "videos"
)

QUERY = {
    "site_id": "site",
    "niche_id": "site",
    "niche_slug": "site",
    "run_id": "run",
    "cluster_id": "clusters",
    "content_id": "contents",
    "video_id": "videos",
    "account_id": "accounts",
}
BODY = QUERY | {"idea_id": "ideas", "task_id": "tasks", "ids": "of the noun", "niche_ids": "site"}
BODY |= {"topic_id": "topics", "accounts": "accounts"}
LISTS = ("ids", "niche_ids", "accounts")
PATH = {
    "niche_id": "site",
    "key": "site",
    "slug": "site",
    "run_id": "run",
    "section": "sections",
    "sha256": "exports",
    "piece": "own_footage",
}
OTHER = {"decision": "approve", "kind": "text", "which": "srt", "position": "1", "variant": "1"}
KEYWORD = {"phrase": "a phrase of alice"}
BODIES: dict[str, Any] = {
    "put /api/v1/automation/update_config": {"is_enabled": False},
    "post /api/v1/sites": {"name": "One more"},
    "patch /api/v1/sites/{key}": {"subject": "taken over"},
    "patch /api/v1/sites/{key}/own-footage/{piece}": {"shows": "taken over"},
    "post /api/v1/niches": {"name": "One more niche"},
    "patch /api/v1/niches/{key}": {"style": "taken over"},
    "post /api/v1/niches/import": {},
    "patch /api/v1/niches/{key}/auto-mode": {"accounts": 0},
    "post /api/v1/niches/{key}/rules": {"kind": "article", "hold_minutes": 60},
    "post /api/v1/niches/{key}/let-through/stop": {"content_id": 0},
    "post /api/v1/niches/automate/{key}": {},
    "post /api/v1/niches/smart-schedule/{key}": {},
    "post /api/v1/niches/bulk-automate": {"niche_ids": 0},
    "post /api/v1/niches/trigger-generation": {"niche_ids": 0},
    "post /api/v1/feeds": {"url": "http://alice.invalid/feed"},
    "patch /api/v1/feeds/{number}": {"enabled": False},
    "post /api/v1/topics": {"title": "Taken over"},
    "post /api/v1/topics/propose": {"count": 1},
    "put /api/v1/topics/places": {"places": []},
    "post /api/v1/topics/undo": {"undo": 1},
    "patch /api/v1/topics/{number}": {"dismissed": True},
    "post /api/v1/topics/{number}/use": {"what": "video"},
    "post /api/v1/scraper/scrape": {"niche_slug": 0},
    "put /api/v1/scraper/feeds/{slug}": {"feeds": ["http://alice.invalid/feed"]},
    "post /api/v1/scraper/topics/{slug}/mark-used": {"topic_id": 0},
    "post /api/v1/scraper/ingest": {"url": "http://alice.invalid/page", "niche_slug": 0},
    "post /api/v1/jobs": {"niche_id": 0, "topic": "Taken over"},
    "post /api/v1/jobs/{number}/approve": {},
    "post /api/v1/generator/script": {"niche_id": 0, "topic": "Taken over"},
    "post /api/v1/generator/video": {"niche_id": 0, "topic_id": 0},
    "post /api/v1/generator/approve/{job_id}": {},
    "patch /api/v1/videos/{number}": {"title": "Taken over"},
    "post /api/v1/videos/{number}/rewrite": {},
    "post /api/v1/videos/{number}/thumbnails": {},
    "post /api/v1/videos/{number}/thumbnails/{variant}/choose": {},
    "post /api/v1/videos/{number}/scenes": {"says": "Taken over."},
    "patch /api/v1/videos/{number}/scenes/{position}": {"says": "Taken over."},
    "post /api/v1/videos/{number}/scenes/{position}/remake": {"note": "taken over"},
    "post /api/v1/videos/{number}/scenes/{position}/say-again": {},
    "post /api/v1/videos/{number}/scenes/{position}/move": {"to": 1},
    "post /api/v1/documents": {"url": "http://alice.invalid/page"},
    "post /api/v1/keywords": KEYWORD | {"site_id": 0},
    "post /api/v1/keywords/bulk": [KEYWORD],
    "patch /api/v1/keywords/{number}": {"volume": 7, "cluster_id": 0},
    "post /api/v1/clusters": {"name": "Taken over", "site_id": 0},
    "patch /api/v1/clusters/{number}": {"disabled": True},
    "post /api/v1/ideas": {"cluster_id": 0, "title": "Taken over", "site_id": 0},
    "patch /api/v1/ideas/{number}": {"title": "Taken over"},
    "post /api/v1/tasks": {"idea_id": 0, "site_id": 0},
    "patch /api/v1/tasks/{number}": {"title": "Taken over"},
    "post /api/v1/contents": {"task_id": 0, "title": "Taken over", "markdown": "Words.", "site_id": 0},
    "patch /api/v1/contents/{number}": {"title": "Taken over"},
    "post /api/v1/contents/{number}/{decision}": {},
    "post /api/v1/contents/{number}/sections": {"heading": "How they work", "note": "Taken over"},
    "post /api/v1/contents/decide": {"decision": "approve", "ids": 0},
    "post /api/v1/images": {"content_id": 0, "prompt": "A picture", "alt": "A picture", "site_id": 0},
    "patch /api/v1/images/{number}": {"alt": "Taken over"},
    "post /api/v1/accounts": {"platform": "folder", "name": "One more"},
    "patch /api/v1/accounts/{number}": {"name": "Taken over"},
    "post /api/v1/accounts/{number}/niches/{niche_id}": {},
    "post /api/v1/publishing/publish": {"content_id": 0, "accounts": 0},
    "post /api/v1/publishing/jobs/{number}/confirm": {"live": True, "url": "http://alice.invalid/"},
    "post /api/v1/publishing/jobs/{number}/move": {"scheduled_for": "2030-01-01T08:00:00Z"},
    "post /api/v1/webhooks": {"url": "http://alice.invalid/hears", "wants": ["run.finished"]},
    "patch /api/v1/webhooks/{number}": {"wants": ["run.failed"]},
    "post /api/v1/webhooks/in": {"name": "One more", "site_id": 0, "does": "topic"},
    "put /api/v1/analytics/growth/{number}": {"mode": "off"},
    "post /api/v1/credits/grant": {"amount": 1},
    "post /api/v1/keys": {"name": "one more"},
    "put /api/v1/providers/{kind}": {"choice": "offline"},
    "put /api/v1/providers/{kind}/key": {"key": "sk-of-alice-0000000000"},
    **{f"post /api/v1/{noun}/retry": {"site_id": 0, "ids": 0} for noun in CHAIN[1:]},
}
"""What each body holds besides the rows it names, whose places hold 0."""

FILES = {
    "post /api/v1/keywords/import": b"Keyword,Volume\na phrase,10\n",
    "post /api/v1/topics/import": b"A topic of alice\n",
    "post /api/v1/videos/{number}/scenes/{position}/own": b"no photo",
    "post /api/v1/sites/{key}/own-footage": b"no photo",
    "post /api/v1/feeds/opml": b"<opml version='2.0'><body><outline xmlUrl='http://a.invalid/'/></body></opml>",
}
"""What those take instead of a body."""


@dataclass(frozen=True)
class Place:
    """Where in an operation a row is named, and of which kind it is."""

    where: str
    name: str
    kind: str


@dataclass(frozen=True)
class Operation:
    """One operation of the API's description."""

    method: str
    path: str
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def required(self) -> bool:
        return any(place.where == "path" for place in self.places)


@dataclass
class Rows:
    """The rows of a tenant that an operation may name, by kind."""

    by_kind: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def named(self, place: Place, turn: int) -> Any:
        of_kind = self.by_kind[place.kind]
        return of_kind[turn % len(of_kind)]


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        noun = "hooks" if path.startswith(HOOKS) else path.split("/")[3]
        for method, described in methods.items():
            places = []
            for parameter in described.get("parameters", []):
                name = parameter["name"]
                if parameter["in"] == "path" and name not in OTHER:
                    kind = PATH.get(name, OF_OTHERS.get(noun, noun))
                    assert kind in ("site", "run", *NOUNS), f"{path}: of which kind is {name}?"
                    places.append(Place("path", name, kind))
                elif parameter["in"] == "query" and name in QUERY:
                    places.append(Place("query", name, QUERY[name]))
            body = BODIES.get(f"{method} {path}", {})
            if "requestBody" in described and f"{method} {path}" not in FILES:
                assert f"{method} {path}" in BODIES, f"{method} {path} has no body here yet"
            if isinstance(body, dict):
                named = [name for name in body if name in BODY]
                places += [Place("body", name, noun if name == "ids" else BODY[name]) for name in named]
            yield from named_once(Operation(method, path, tuple(places)))


def named_once(operation: Operation) -> Iterator[Operation]:
    """Where the query and the body may both name the site, it is tried in each alone."""
    sites = [place for place in operation.places if place.name == "site_id"]
    for left_out in sites if len(sites) > 1 else [None]:
        places = tuple(place for place in operation.places if place is not left_out)
        yield Operation(operation.method, operation.path, places)


def request(operation: Operation, rows: dict[Place, Any]) -> dict[str, Any]:
    """What is sent when each place names that row."""
    values = {place.name: row for place, row in rows.items() if place.where == "path"} | OTHER
    made: dict[str, Any] = {"method": operation.method.upper(), "url": operation.path.format(**values)}
    made["params"] = {place.name: row for place, row in rows.items() if place.where == "query"}
    body = BODIES.get(operation.name)
    if isinstance(body, dict):
        given = {place.name: row for place, row in rows.items() if place.where == "body"}
        given = {name: [row] if name in LISTS else row for name, row in given.items()}
        given |= {name: str(row) for name, row in given.items() if name == "niche_slug"}
        made["json"] = {name: value for name, value in body.items() if name not in BODY} | given
    elif body is not None:
        made["json"] = body
    if operation.name in FILES:
        made["files"] = {"file": ("list.csv", FILES[operation.name], "text/csv")}
    return made


def normal(answer: Any, rows: dict[Place, Any]) -> tuple[int, list[tuple[str, str]], str]:
    """The answer without what may differ: the number of the request, and the row that was asked for."""
    body = answer.text.replace(answer.headers["x-request-id"], "REQUEST")
    for row in rows.values():
        body = re.sub(rf"\b{re.escape(str(row))}\b", "ROW", body)
    headers = [(name, value) for name, value in answer.headers.items() if name != "x-request-id"]
    if "ROW" in body:
        headers = [(name, value) for name, value in headers if name != "content-length"]
    return answer.status_code, sorted(headers), body


@dataclass
class Probe:
    """Sends, compares, counts and measures."""

    alice: Tenant
    own: Rows
    foreign: Rows
    missing: Rows
    sent: int = 0
    differences: list[str] = field(default_factory=list)
    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: {"foreign": [], "missing": []})
    )

    async def send(self, client: Any, made: dict[str, Any]) -> Any:
        self.sent += 1
        answer = await client.request(**made)
        if CANARY in answer.text:
            self.differences.append(f"{made}: tells what is Bob's")
        return answer

    async def compare(self, operation: Operation, varied: tuple[Place, ...], turn: int) -> None:
        """The places `varied` name Bob's rows once and nobody's once; the others name Alice's."""
        answers = {}
        order = ("foreign", "missing") if turn % 2 else ("missing", "foreign")
        for whose in order:
            source: Rows = getattr(self, whose)
            rows = {
                place: (source if place in varied else self.own).named(place, turn)
                for place in operation.places
            }
            begun = time.perf_counter()
            answer = await self.send(self.alice.client, request(operation, rows))
            self.seconds[operation.name][whose].append(time.perf_counter() - begun)
            answers[whose] = normal(answer, {place: rows[place] for place in varied})
        where = f"{operation.name} by {[place.name for place in varied]}"
        self.statuses[where][answers["foreign"][0]] += 1
        if answers["foreign"] != answers["missing"]:
            self.differences.append(f"{where}: {answers}")

    async def refuse(self, client: Any, operation: Operation, whose: str) -> None:
        """Without a key that opens something, nothing but 401 is told of any row."""
        source: Rows = getattr(self, whose)
        rows = {place: source.named(place, self.sent) for place in operation.places}
        answer = await self.send(client, request(operation, rows))
        told = normal(answer, rows)
        if told[0] != 401 or "no_identity" not in told[2]:
            self.differences.append(f"{operation.name} without a key: {told}")


async def stock(house: Any, tenant: Tenant, count: int, name: str, folder: Path) -> Rows:
    rows = Rows()
    for turn in range(count):
        site = tenant.site
        if turn:
            made = await house.desk.sites.create(tenant.workspace, f"{name} {turn}")
            site = made.id
        of_site = Tenant(tenant.workspace, site, tenant.token, tenant.client)
        chain = await add_chain(house, of_site, name=f"{name} number {turn}")
        picture = await house.files.put(tenant.workspace, f"{name} picture {turn}".encode(), "image/png")
        facts = {"asset": picture.sha256, "mime": "image/png", "status": "generated", "width": 8, "height": 8}
        await change(house, of_site, Image, chain.image, **facts)
        rows.by_kind["site"].append(site)
        run = await house.desk.runs.run_now(tenant.workspace, site, "article")
        rows.by_kind["run"].append(str(run.id))
        key = await house.desk.people.create_key(tenant.workspace, f"{name} {turn}")
        rows.by_kind["keys"].append(key.id)
        for noun in CHAIN:
            rows.by_kind[noun].append(getattr(chain, noun.removesuffix("s")))
        asked = {"anchor": "h-how", "heading": f"{name} {turn}", "fingerprint": "", "words": 9, "note": name}
        rows.by_kind["sections"].append(await add(house, of_site, Section, content_id=chain.content, **asked))
        address = f"http://{name}.invalid/{turn}"
        rows.by_kind["feeds"].append(await add(house, of_site, Feed, url=address, title=name))
        topic = {"title": f"{name} {turn}", "normal": f"{name} {turn}", "source": "list"}
        rows.by_kind["topics"].append(await add(house, of_site, Topic, **topic))
        named = ("-metadata", f"title={name} {turn}")
        shot = clip(folder / f"{name}{turn}.mp4", 1, "320x240", *named)
        film = await house.files.put(tenant.workspace, shot, "video/mp4")
        rows.by_kind["exports"].append(film.sha256)
        async with house.store.workspace(tenant.workspace) as session:
            await keep_assets(session, tenant.workspace, [film, picture])
        whole = {"file": film.sha256, "cover": picture.sha256, "srt": picture.sha256, "title": name}
        whole |= {"thumbnails": [{"variant": "1", "asset": picture.sha256, "chosen": True}]}
        made = await add(house, of_site, Video, topic=name, status="review", **whole)
        rows.by_kind["videos"].append(made)
        going_out = await add_publication(house, of_site, f"{name} {turn}")
        rows.by_kind["accounts"].append(going_out.account)
        rows.by_kind["publications"].append(going_out.publication)
        by = Operator(tenant.workspace)
        target, _ = await house.desk.webhooks.targets.add(by, address, ["run.finished"])
        rows.by_kind["webhooks"].append(target.id)
        hook, _ = await house.desk.webhooks.hooks.add(by, f"{name} {turn}", site, "topic", "article")
        rows.by_kind["hooks"].append(hook.id)
        own = {"picture": picture.sha256, "mime": "image/png", "width": 8, "height": 8, "shows": name}
        rows.by_kind["own_footage"].append(await add(house, of_site, OwnPiece, **own))
        await add(house, of_site, Scene, video_id=made, position=1, says=f"{name} {turn}", status="filmed")
    return rows


def nobodys(count: int) -> Rows:
    numbers = itertools.count(900_001)
    rows = Rows({kind: [next(numbers) for _ in range(count)] for kind in ("site", *NOUNS)})
    rows.by_kind["run"] = [str(uuid.uuid4()) for _ in range(count)]
    rows.by_kind["exports"] = [uuid.uuid4().hex * 2 for _ in range(count)]
    return rows


def number_from(server: Any, database: str, first: int) -> None:
    """From now on rows are numbered from `first` on."""
    name = database.split("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(server.url(name).replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute("select sequencename from pg_sequences where schemaname = 'public'")
        for (sequence,) in found.fetchall():
            restart = sql.SQL("alter sequence {} restart with {}")
            connection.execute(restart.format(sql.Identifier(sequence), sql.Literal(first)))


async def sum_of(house: Any, workspace: int) -> dict[str, str]:
    """A checksum of everything that a workspace has."""
    tables = text(
        "select table_name from information_schema.columns where table_schema = 'public' "
        "and column_name = 'workspace_id' order by 1"
    )
    async with house.store.everywhere() as session:
        found = {}
        for table in (await session.scalars(tables)).all():
            of_all = "md5(string_agg(t::text, '' order by t::text))"
            rows = text(f"select {of_all} from {table} t where workspace_id = :w")
            found[table] = await session.scalar(rows, {"w": workspace})
        return found


@pytest.mark.parametrize(
    "turns", [pytest.param(1, id="sampled"), pytest.param(10, marks=pytest.mark.prove, id="whole")]
)
async def test_what_is_another_tenants_answers_as_what_does_not_exist(
    house, app, alice, bob, server, database, nobody, turns, tmp_path
):
    own = await stock(house, alice, 1, "alice", tmp_path)
    number_from(server, database, FAR)
    theirs = await stock(house, bob, min(turns, 5), CANARY, tmp_path)
    probe = Probe(alice, own, theirs, nobodys(max(turns, 2)))
    before = await sum_of(house, bob.workspace)
    every = list(operations(app.openapi()))[:: 1 if turns > 1 else 4]
    await alice_reads_her_own(probe, every)
    for turn, operation in itertools.product(range(turns), every):
        for place in operation.places:
            await probe.compare(operation, (place,), turn)
        if len(operation.places) > 1:
            await probe.compare(operation, operation.places, turn)
    await refused_without_a_key(house, app, nobody, alice, probe, every, turns)
    await nothing_is_found(probe, every)
    assert await sum_of(house, bob.workspace) == before, "something of Bob's has changed"
    report(probe, every)
    assert not probe.differences, "\n".join(probe.differences[:5])
    assert turns == 1 or probe.sent >= 1500


async def test_the_probe_finds_a_route_that_lets_out_what_is_another_tenants(
    house, app, alice, bob, server, database, tmp_path
):
    """A hole of each kind: one tells that the row exists, one tells the row."""

    @app.get("/api/v1/documents/hole/{number}")
    async def exists(number: int, workspace: WorkspaceId):
        async with house.store.everywhere() as session:
            found = (await session.scalars(select(Document).where(Document.id == number))).one_or_none()
        if found is not None and found.workspace_id != workspace:
            raise HTTPException(403, "Not yours.")
        raise NotFound("document")

    @app.get("/api/v1/documents/wider/{number}")
    async def told(number: int):
        async with house.store.everywhere() as session:
            found = (await session.scalars(select(Document).where(Document.id == number))).one_or_none()
        return {"title": found.title if found else ""}

    own = await stock(house, alice, 1, "alice", tmp_path)
    number_from(server, database, FAR)
    probe = Probe(alice, own, await stock(house, bob, 1, CANARY, tmp_path), nobodys(1))
    holes = [one for one in operations(app.openapi()) if "/hole/" in one.path or "/wider/" in one.path]
    for operation in holes:
        await probe.compare(operation, operation.places, 0)
    assert len(holes) == 2
    assert any("(403," in difference for difference in probe.differences)
    assert any("tells what is Bob's" in difference for difference in probe.differences)


async def alice_reads_her_own(probe: Probe, every: list[Operation]) -> None:
    """The same requests find what is hers: a 404 is not for a wrong request."""
    for operation in every:
        if operation.method == "get" and operation.path != "/api/v1/events":
            rows = {place: probe.own.named(place, 0) for place in operation.places}
            answer = await probe.send(probe.alice.client, request(operation, rows))
            if answer.status_code != 200:
                probe.differences.append(f"{operation.name} of her own: {answer.status_code}")


async def refused_without_a_key(house, app, nobody, alice, probe, every, turns) -> None:
    revoked = await house.desk.people.create_key(alice.workspace, "revoked")
    await house.desk.people.revoke_key(alice.workspace, revoked.id)
    strange = [revoked.token, "nd_" + "x" * 40, "Bearer", ""] if turns > 1 else [revoked.token]
    clients = [nobody, *(client_of(app, token) for token in strange)]
    for operation, client in itertools.product(every, clients):
        await probe.refuse(client, operation, "foreign")
    for operation in every:
        await probe.refuse(nobody, operation, "missing")
    for client in clients[1:]:
        await client.aclose()


async def nothing_is_found(probe: Probe, every: list[Operation]) -> None:
    """No list of Alice's holds a word of Bob's, whatever she searches for."""
    for operation in every:
        if operation.method == "get" and not operation.required and operation.path != "/api/v1/events":
            sites = [place for place in operation.places if place.name == "site_id"]
            rows = {place: probe.own.named(place, 0) for place in sites}
            made = request(operation, rows)
            for params in ({}, {"search": CANARY}, {"limit": 100}):
                answer = await probe.send(probe.alice.client, made | {"params": made["params"] | params})
                if answer.status_code not in (200, 400):
                    probe.differences.append(f"{operation.name}: {answer.status_code} {answer.text[:200]}")


def report(probe: Probe, every: list[Operation]) -> None:
    apart = [
        (statistics.median(both["foreign"]) * 1000, statistics.median(both["missing"]) * 1000)
        for both in probe.seconds.values()
    ]
    foreign, missing = (statistics.median(column) for column in zip(*apart, strict=True))
    print(
        f"\nT13: {probe.sent} requests, {len(every)} operations, {len(probe.statuses)} ways to name rows; "
        f"{len(probe.differences)} differences; median {foreign:.2f} ms foreign, {missing:.2f} ms missing"
    )
    others = [f"{where}: {dict(found)}" for where, found in probe.statuses.items() if set(found) != {404}]
    print("Answered otherwise than by 404, equally:", *others, sep="\n  ")


async def test_no_event_of_another_tenant_is_told(house, app, alice, bob):
    async with served(app) as address:
        where = f"ws://{address}/ws/events?last_event_id=0"
        headers = {"Authorization": f"Bearer {alice.token}"}
        async with connect(where, additional_headers=headers) as socket:
            for number in range(50):
                tenant = bob if number % 2 else alice
                line = CANARY if tenant is bob else f"line {number}"
                async with house.store.workspace(tenant.workspace) as session:
                    lines = [Happening("run_log", line)]
                    await write(session, tenant.workspace, lines, at=house.clock.now())
            house.announcer.announce()
            told = [json.loads(await asyncio.wait_for(socket.recv(), 10))["message"] for _ in range(25)]
            assert told == [f"line {number}" for number in range(0, 50, 2)]
        started = await bob.client.post("/api/v1/automation/run_now", params={"site_id": bob.site})
        farewells = set()
        for run_id in (started.json()["run_id"], str(uuid.uuid4())):
            async with connect(f"{where}&run_id={run_id}", additional_headers=headers) as socket:
                with pytest.raises(ConnectionClosed):
                    await asyncio.wait_for(socket.recv(), 10)
                farewells.add((socket.close_code, socket.close_reason))
        assert [code for code, _ in farewells] == [4404]
