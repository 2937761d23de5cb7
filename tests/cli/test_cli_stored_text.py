"""Commands print what feeds, models and platforms said as it is, and the terminal obeys none of it."""

import asyncio
import itertools
import json
from typing import Any

import pytest
from cli_command import Command, well
from sqlalchemy import insert

from api.api_house import Tenant
from api.rows import add, add_chain, add_publication, change
from nightdesk.bootstrap import open_house
from nightdesk.faces.cli.printing import plain, printable, say, say_json
from nightdesk.kit import ids
from nightdesk.settings import Settings
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.planner import Keyword
from nightdesk.store.tables.publishing import Account, Publication, PublicationStep
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

EVIL = "[/q]\x1b[2J\x1b]0;x\x07\x9b31m\u202e:on:[/"
"""Closes what was never opened, empties the screen, names the window, turns letters round, opens a tag."""

SEEN = ("[/q]", ":on:")
SHOWN = (
    *(("sites", "list"), ("sites", "show", "heap"), ("sites", "auto", "heap"), ("status",)),
    *(("status", "heap"), ("logs", "heap"), ("pause", "heap"), ("keywords", "list", "--site", "heap")),
    *(("sources", "list", "--site", "heap"), ("feeds", "list", "--site", "heap")),
    *(("topics", "list", "--site", "heap"), ("topics", "pick", "--site", "heap"), ("review", "list")),
    *(("review", "show", "1"), ("review", "approve", "1"), ("video", "list"), ("video", "approve", "1")),
    *(("accounts", "list"), ("accounts", "pause", "1"), ("publish", "list"), ("publish", "show", "1")),
)


def drawn(markup: str, capsys: Any) -> str:
    say(markup)
    return str(capsys.readouterr().out)


def test_whatever_stands_beside_it_text_is_printed_as_it_is(capsys: Any) -> None:
    parts = ("", "[", "]", "[/", "[/x", "[red]", "\\", "\\\\\\[b]", "\\[", "/x]", "[@click=a]b", ":on:")
    for one, two in itertools.product(parts, parts):
        both = f"[green]{plain(one)}[/green] {plain(two)}: {plain(one)} [bold]{plain(two)}[/bold] ]"
        assert drawn(both, capsys) == f"{one} {two}: {one} {two} ]\n"


def test_json_is_the_same_text_and_spells_out_what_a_terminal_would_obey(capsys: Any) -> None:
    say_json({"told": EVIL, "häme": "نمی\u200cخواهم"})
    spelled = capsys.readouterr().out
    assert json.loads(spelled) == {"told": EVIL, "häme": "نمی\u200cخواهم"}
    assert obeyed(spelled) == ""
    assert "نمی\u200cخواهم" in spelled


async def planted(nightdesk: Command, site: int) -> None:
    """One of everything that is listed, whose texts come from elsewhere."""
    async with open_house(Settings(data_dir=nightdesk.data, _env_file=None)) as house:
        workspace = await house.desk.founding.first()
        of, now = Tenant(workspace, site, "", None), house.clock.now()  # type: ignore[arg-type]
        await change(house, of, Site, site, name=EVIL, subject=EVIL)
        chain = await add_chain(house, of)
        await change(house, of, Document, chain.document, title=EVIL)
        finding = {"code": "x", "severity": "serious", "message": EVIL, "where": ""}
        checks = {"seo": {"score": 50, "findings": [finding]}}
        facts = {"title": EVIL, "markdown": f"## {EVIL}\n\n{EVIL}\n", "label": EVIL, "checks": checks}
        await change(house, of, Content, chain.content, **facts)
        await change(house, of, Keyword, chain.keyword, phrase=EVIL)
        await add(house, of, Feed, url="https://a.example/", title=EVIL, error=EVIL)
        why = [{"code": "x", "points": 1, "says": EVIL}]
        await add(house, of, Topic, title=EVIL, normal="x", source="rss", url=f"https://{EVIL}", reasons=why)
        await add(house, of, Video, topic=EVIL, title=EVIL, status="review", file="0" * 64)
        out = await add_publication(house, of, EVIL, content_id=chain.content, state="held")
        await change(house, of, Publication, out.publication, error=EVIL)
        await change(house, of, Account, out.account, says=EVIL)
        run, whose = ids.sortable_id(house.clock), {"workspace_id": workspace}
        told = {"site_id": site, "line": "article", "status": "paused", "error_message": EVIL}
        said = {"type": "run_log", "level": "info", "run_id": str(run), "site_id": site, "data": {}}
        async with house.store.workspace(workspace) as session:
            begun = {"trigger_type": "manual", "started_at": now, "paused_at": now}
            await session.execute(insert(Run).values(id=run, **whose, **told, **begun))
            await session.execute(insert(Event).values(message=EVIL, at=now, **whose, **said))
            step = {"publication_id": out.publication, "what": "answer", "says": EVIL, "who": EVIL}
            await session.execute(insert(PublicationStep).values(at=now, data={}, **whose, **step))


def obeyed(text: str) -> str:
    """The characters of it that a terminal does something else with than to show them."""
    return "".join(sorted({c for c in text if printable(c, "\n") != c}))


@pytest.mark.prove
def test_no_command_has_the_terminal_obey_what_it_lists(nightdesk: Command) -> None:
    site = nightdesk.json("sites", "create", "Heap")
    asyncio.run(planted(nightdesk, site["id"]))
    for words in SHOWN:
        said = well(nightdesk(*words))
        assert obeyed(said) == "", (words, said)
        assert SEEN[0] in said, (words, said)
    assert all(one in well(nightdesk("review", "show", "1")) for one in SEEN)
