"""Has a desk with secrets do all that it does with them, and asks it for everything that it shows."""

import asyncio
import contextlib
import copy
import json
import logging
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from canaries.desk_with_secrets import PASSWORD, Ground
from canaries.planting import consent_at_the_echo
from psycopg import sql
from sqlalchemy import text
from websockets.asyncio.client import connect

from api.api_house import add_keywords, working
from api.rows import add_chain, change
from desk.video_rows import film
from nightdesk.faces.cli.log_lines import TALKATIVE, write_log_lines
from nightdesk.faces.tools.calling import TABLE
from nightdesk.faces.web.app import PAGES
from nightdesk.faces.web.routes import Guarded
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content
from servers.openai_server import Asked, OpenAIServer
from tools_served.tool_client import over_http

STATUSES = (400, 401, 403, 404, 409, 422, 500, 503, 200)
OURS_OF_THE_TEST = ("websockets.client", "asyncio")
"""Loggers of what the test itself does beside the desk."""


class Kept(logging.Handler):
    """Everything that is logged, at every level, as each kind of log lines writes it, and all it carries."""

    def __init__(self, formatters: Sequence[logging.Formatter]) -> None:
        super().__init__(logging.DEBUG)
        self.formatters = formatters
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(OURS_OF_THE_TEST):
            written = [one.format(copy.copy(record)) for one in self.formatters]
            self.lines.append(f"{record.name} {self.format(record)} {record.__dict__} {written}")


@contextlib.contextmanager
def logged() -> Iterator[Kept]:
    root, formatters = logging.getLogger(), []
    before = root.level, list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in ("nightdesk", *TALKATIVE)}
    for form in ("text", "json"):
        write_log_lines(form)
        formatters.append(root.handlers[0].formatter or logging.Formatter())
    kept = Kept(formatters)
    root.handlers = [kept]
    root.setLevel(logging.DEBUG)
    logging.getLogger("nightdesk").setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.handlers = before[1]
        root.setLevel(before[0])
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


@contextlib.asynccontextmanager
async def listening(ground: Ground) -> AsyncIterator[None]:
    """Hears the WebSocket of events while the block runs."""
    bearer = {"Authorization": f"Bearer {ground.tenant.token}"}
    async with connect(f"ws://{ground.address}/ws/events?last_event_id=0", additional_headers=bearer) as line:

        async def hear() -> None:
            async for message in line:
                ground.canaries.search("events", message, "websocket")

        hearing = asyncio.create_task(hear())
        try:
            yield
        finally:
            hearing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await hearing


async def work(ground: Ground) -> None:
    """Runs that go well and that fail, publications, notices, webhooks, trends, consents."""
    await _runs(ground)
    await _publications(ground)
    await _looks(ground)
    await consent_at_the_echo(ground)
    await _told(ground)
    for received in ground.world.notices.got:
        ground.canaries.search("notices and webhooks out", json.dumps(received))
    for heard in ground.world.listener.heard:
        ground.canaries.search("notices and webhooks out", heard.body + repr(heard.headers).encode())


async def _runs(ground: Ground) -> None:
    await add_keywords(ground.house, ground.tenant, 5)

    def complains(server: OpenAIServer, asked: Asked) -> None:
        key = asked.headers.get("authorization", "")
        said = {"error": {"message": f"Incorrect API key provided: {key}", "type": "x", "code": key}}
        asked.reply_json(said, next(statuses, 401))

    site = {"site_id": ground.tenant.site}
    for behaviour, given in ((None, ()), (complains, (403, 401))):
        statuses = iter(given)
        ground.world.model.behaviour = behaviour
        await ground.api("POST", "/api/v1/providers/text/try", json={})
        started = await ground.api("POST", "/api/v1/automation/run_now", params=site)
        if started.status_code != 200:
            continue
        number = started.json()["run_id"]
        async with asyncio.timeout(120), working(ground.house):
            while True:
                run = await ground.tenant.client.get(f"/api/v1/automation/runs/{number}")
                if run.json()["status"] not in ("running",):
                    break
                await asyncio.sleep(0.1)
        await ground.api("POST", "/api/v1/automation/cancel", params={"run_id": number, "now": "true"})
    ground.world.model.behaviour = None
    for asked in ground.world.model.asked:
        ground.canaries.search("prompts", asked.raw)


async def _publications(ground: Ground) -> None:
    """To every account, while platforms complain in each of their ways."""
    now = ground.house.clock.now()
    for number, status in enumerate((400, 403, 500, 200)):
        ground.world.echo.status = status
        ground.world.echo.kind = "text/html" if number % 3 == 2 else "application/json"
        chain = await add_chain(ground.house, ground.tenant, name=f"heaters {status}")
        approved = {"status": "approved", "html": "<p>Warm.</p>"}
        await change(ground.house, ground.tenant, Content, chain.content, **approved)
        made = await film(ground.house, ground.tenant, status="approved", reviewed_at=now)
        await change(ground.house, ground.tenant, Video, made.id, marks={"synthetic": True})
        for which in ({"content_id": chain.content}, {"video_id": made.id}):
            await ground.api("POST", "/api/v1/publishing/publish", json=which)
        for name in ground.accounts:
            one = {"video_id": made.id} if "YouTube" in name or "Channel" in name else None
            if one:
                wish = one | {"accounts": [ground.accounts[name]]}
                await ground.api("POST", "/api/v1/publishing/publish", json=wish)
        async with ground.house.store.everywhere() as session:
            await session.execute(text("update publications set due_at = now() where state = 'queued'"))
        for _ in range(2):
            await ground.house.outgoing.send_due()
        # What is held by its log-in is looked at again, as a person would have it done.
        async with ground.house.store.everywhere() as session:
            await session.execute(text("update accounts set status = 'connected' where removed_at is null"))
    for fake in (ground.world.wordpress, ground.world.youtube):
        for post in fake.posts():
            ground.canaries.search("published posts", repr(post))
    for post in ground.world.studio.posts():
        ground.canaries.search("published posts", repr(post))
    for file in (ground.house.settings.data_dir / "published").rglob("*"):
        if file.is_file():
            ground.canaries.search("published posts", file.read_bytes(), file.name)


async def _looks(ground: Ground) -> None:
    for status in STATUSES:
        ground.world.echo.status = status
        for name, number in ground.accounts.items():
            if "Echo" in name or status == 200:
                await ground.api("POST", f"/api/v1/accounts/{number}/verify")
    ground.world.echo.status = 400
    await ground.api("GET", "/api/v1/mcp/connectors")
    await ground.api("PUT", "/api/v1/topics/places", json={"places": ["mcp:trends"]}, params=_site(ground))
    await ground.api("POST", "/api/v1/topics/trending", json={}, params=_site(ground))


def _site(ground: Ground) -> dict[str, int]:
    return {"site_id": ground.tenant.site}


async def _told(ground: Ground) -> None:
    for path in ("/settings/notices", "/api/v1/webhooks"):
        for number in (1, 2):
            if path.startswith("/api"):
                await ground.api("POST", f"{path}/{number}/test")
            else:
                await ground.page("POST", f"{path}/{number}/test")
    for chore in ground.house.chores:
        if chore.name.startswith(("notices", "webhooks", "accounts", "results", "topics", "autopilot")):
            await chore.run()


async def everything(ground: Ground) -> None:
    """All that can be looked at, by whom may look at everything."""
    await _api(ground)
    await _pages(ground)
    await _faults(ground)
    await _events(ground)
    await _tools(ground)
    await _exports(ground)


async def _numbers(ground: Ground) -> dict[str, list[Any]]:
    """Numbers of rows by their table, a few of each."""
    query = text(
        "select table_name from information_schema.columns"
        " where table_schema = 'public' and column_name = 'id'"
    )
    found: dict[str, list[Any]] = {}
    async with ground.house.store.everywhere() as session:
        for table in (await session.scalars(query)).all():
            rows = await session.scalars(text(f"select id from {table} order by id desc limit 12"))
            found[table] = [str(one) for one in rows]
    return found


TABLES = {
    "niches": "sites",
    "jobs": "videos",
    "publishing": "publications",
    "generator": "videos",
    "export": "videos",
    "webhooks": "webhook_targets",
    "review": "contents",
    "automation": "runs",
    "library": "videos",
    "scraper": "sites",
}


async def _api(ground: Ground) -> None:
    numbers, api = await _numbers(ground), ground.web._api.openapi()
    run = {"run_id": numbers["runs"][0]} if numbers["runs"] else {}
    for path, methods in api["paths"].items():
        if "get" not in methods or "stream" in path or path.endswith("/events"):
            continue
        noun = path.split("/")[3] if path.startswith("/api/v1/") else ""
        table = TABLES.get(noun, noun)
        parts = re.findall(r"{([^}]+)}", path)
        for number in numbers.get(table, ["1"]) if parts else [""]:
            of = dict.fromkeys(parts, number) | {"key": "heaters", "slug": "heaters", "kind": "text"}
            of |= {"run_id": run.get("run_id", number), "which": "srt", "niche_id": str(ground.tenant.site)}
            at = path.format(**of)
            where = "exports" if "opml" in path or path.endswith("/config") else "api answers"
            await ground.api("GET", at, where=where, params={**_site(ground), **run})


async def _pages(ground: Ground) -> None:
    numbers = await _numbers(ground)
    for route in (route for module in PAGES for route in module.ROUTES):
        if not isinstance(route, Guarded) or "GET" not in (route.methods or ()) or "/live" in route.path:
            continue
        noun = route.path.split("/")[1]
        parts = re.findall(r"{([^}:]+)(?::(\w+))?}", route.path)
        table = TABLES.get(noun, noun)
        for number in numbers.get(table, ["1"]) if parts else [""]:
            path = route.path
            for name, kind in parts:
                value = "heaters" if name in ("slug", "key", "site") or not kind else number
                path = re.sub(r"{" + name + r"(:\w+)?}", lambda _, value=value: value, path)
            where = "publication's story" if noun == "publications" else "pages"
            with contextlib.suppress(httpx2.InvalidURL):
                await ground.page("GET", path, where=where)


async def _faults(ground: Ground) -> None:
    """Forms and bodies that are not in order, with secrets in them, and faults of our own."""
    (secret,) = ground.canaries.secrets["notice target"]
    form = {"platform": "wordpress", "name": "x" * 300, "values.address": "no address", "values.user": "u"}
    form |= {"values.password": secret, "values.token": secret, "values.client_secret": secret}
    for platform in ("wordpress", "youtube", "x", "instagram", "tiktok"):
        await ground.page("POST", "/accounts/new", data=form | {"platform": platform})
    number = ground.accounts["Press"]
    await ground.page("POST", f"/accounts/{number}", data=form)
    await ground.page("POST", "/settings/notices", data={"address": f"nonsense://{secret}", "wants": "x"})
    await ground.page("POST", "/settings/notices", data={"address": f"json://a:{secret}@[::1", "wants": "x"})
    await ground.page("POST", "/settings/signing", data={"chain": secret, "key": secret})
    await ground.page("POST", "/sign-in", data={"email": "ada@desk.test", "password": PASSWORD + "x"})
    await ground.page("POST", "/me/password", data={"old": PASSWORD, "new": "short"})
    await ground.page("POST", "/me/second-factor/off", data={"password": PASSWORD, "code": "000000"})
    for values in ({"password": secret, "address": 7}, {"password": [secret]}, [secret], secret):
        body = {"platform": "wordpress", "name": "x", "values": values}
        await ground.api("POST", "/api/v1/accounts", json=body)
        await ground.api("PATCH", f"/api/v1/accounts/{number}", json={"values": values})
    for key in ({"key": [secret]}, {"key": secret, "kind": secret}, {"key": secret * 20}, secret):
        await ground.api("PUT", "/api/v1/providers/text/key", json=key)
        await ground.api("PUT", "/api/v1/providers/nothing/key", json=key)
    for url in (f"https://user:{secret}@a.test/", f"https://a.test:{secret}@b.test/"):
        await ground.api("POST", "/api/v1/webhooks", json={"url": url, "wants": ["run.finished"]})
        await ground.api("POST", "/api/v1/feeds", json={"url": url, **_site(ground)})
    for token in ground.canaries.secrets["API key"]:
        bearer = {"Authorization": f"Bearer {token}x"}
        await ground.api("GET", "/api/v1/sites", headers=bearer)
        await ground.api("GET", "/nothing/here", headers=bearer)
    await ground.page("GET", "/nothing/here")
    await _own_fault(ground, secret)
    await _vault_that_says_back(ground, secret)


async def _vault_that_says_back(ground: Ground, secret: str) -> None:
    """A key vault that complains with what it was sent, wherever something is sealed or opened."""
    account = {"platform": "wordpress", "name": "Another", "values": {"user": "u", "password": secret}}
    account["values"]["address"] = ground.world.wordpress.address
    for status in (400, 403, 404, 500, 503):
        ground.world.vault.echoes = status
        for _ in range(4):
            await ground.api("PUT", "/api/v1/providers/text/key", json={"key": secret})
            await ground.api("POST", "/api/v1/accounts", json=account)
            await ground.api("POST", f"/api/v1/accounts/{ground.accounts['Press']}/verify")
            await ground.page("POST", "/settings/notices", data={"address": f"json://a:{secret}@127.0.0.1:9"})
        await ground.api("GET", "/ready")
        await ground.page("POST", "/sign-in", data={"email": "ada@desk.test", "password": PASSWORD})
        out = await _command(ground, "doctor")
        ground.canaries.search("command line", out, f"doctor, vault {status}")
    ground.world.vault.echoes = 0


async def _own_fault(ground: Ground, secret: str) -> None:
    """A fault of our own, where a secret is at hand: its page and its line in the log hold no values."""
    accounts: Any = ground.house.desk.accounts

    async def breaks(*_: object) -> Any:
        held = {"password": secret}
        raise RuntimeError("a fault of the proof") if held else None

    accounts.listed, before = breaks, accounts.listed
    try:
        await ground.page("GET", "/accounts")
        await ground.api("GET", "/api/v1/accounts")
    finally:
        accounts.listed = before


async def _events(ground: Ground) -> None:
    """By server-sent events, all from the first to the last."""
    async with ground.house.store.everywhere() as session:
        newest = await session.scalar(text("select max(id) from events"))
    headers = {"Authorization": f"Bearer {ground.tenant.token}", "Last-Event-ID": "0"}
    url = f"http://{ground.address}/api/v1/events"
    async with (
        asyncio.timeout(60),
        httpx2.AsyncClient(timeout=60) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        async for line in answer.aiter_lines():
            ground.canaries.search("events", line, "server-sent events")
            if line.strip() == f"id: {newest}":
                break


async def _tools(ground: Ground) -> None:
    """Each tool that looks, and each that fails."""
    numbers = await _numbers(ground)
    async with over_http(f"http://{ground.address}", ground.tenant.token) as tools:
        ground.canaries.search("tool server", str(await tools.client.list_tools()))
        for name in TABLE:
            for number in numbers["contents"][:1]:
                for given in ({}, {"id": int(number)}, {"site": "heaters"}, {"run_id": numbers["runs"][0]}):
                    said = await tools.call(name, **given)
                    ground.canaries.search("tool server", json.dumps(said.value), name)
        for kind in ("article", "video"):
            for number in numbers["contents" if kind == "article" else "videos"][:2]:
                given = {"kind": kind, "id": int(number)}
                for name in ("publish", "approve"):
                    said = await tools.call(name, **given, **({"revision": 1} if name == "approve" else {}))
                    ground.canaries.search("tool server", json.dumps(said.value), name)


async def _exports(ground: Ground) -> None:
    """By the command line, whose processes' own output is searched too."""
    folder = ground.house.settings.data_dir.parent / "taken-home"
    asked = (
        ("export", "--site", "heaters", "--to", str(folder)),
        ("accounts", "list", "--json"),
        ("doctor",),
    )
    for words in asked:
        out = await _command(ground, *words)
        ground.canaries.search("command line", out, " ".join(words))
    # Settings that will not do are told without their secrets.
    (password,), (token,) = (ground.canaries.secrets[one] for one in ("database's password", "vault's token"))
    for at in (f"postgresql://desk:{password}@127.0.0.1:9/desk", f"mysql://{password}@nowhere/x", password):
        out = await _command(ground, "doctor", NIGHTDESK_DATABASE_URL=at)
        ground.canaries.search("command line", out, "doctor, database")
    for name, wrong in (("URL", f"http://{token}@vault.test"), ("TOKEN", f"{token}é"), ("KEY", token * 2)):
        out = await _command(ground, "doctor", **{f"NIGHTDESK_VAULT_{name}": wrong})
        ground.canaries.search("command line", out, "doctor, vault")
    for file in folder.rglob("*"):
        if file.is_file():
            ground.canaries.search("exports", file.read_bytes(), file.name)


async def _command(ground: Ground, *words: str, **other: str) -> bytes:
    """`other` are settings that are another's for this once."""
    settings = ground.house.settings
    said = {
        "NIGHTDESK_DATABASE_URL": settings.database_url,
        "NIGHTDESK_SECRET_KEY": settings.secret_key,
        "NIGHTDESK_VAULT_TOKEN": settings.vault_token,
        "NIGHTDESK_TEXT_API_KEY": settings.text_api_key,
    }
    environment = {name: value.get_secret_value() for name, value in said.items() if value}
    plain = {"NIGHTDESK_DATA_DIR": str(settings.data_dir), "NIGHTDESK_VAULT_URL": settings.vault_url or ""}
    plain |= {"NIGHTDESK_TEXT": settings.text, "NIGHTDESK_TEXT_BASE_URL": settings.text_base_url or ""}
    environment |= {name: value for name, value in plain.items() if value} | other
    code = "import logging; logging.basicConfig(level=10); from nightdesk.__main__ import main; main()"
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        *words,
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(child.communicate(), 120)
    return out


def stored(ground: Ground, database: str) -> None:
    """Every table as SQL would write it out, and every file of the data folder."""
    with psycopg.connect(database.replace("+psycopg", ""), autocommit=True) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog',"
            " 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            query = sql.SQL("copy {} to stdout").format(sql.Identifier(schema, table))
            with connection.cursor().copy(query) as rows:
                ground.canaries.search("database", b"".join(bytes(row) for row in rows), f"table {table}")
    files(ground, ground.house.settings.data_dir)


def files(ground: Ground, folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            ground.canaries.search("data folder", file.read_bytes(), str(file.relative_to(folder)))
