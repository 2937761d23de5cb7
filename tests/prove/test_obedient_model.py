"""A model that obeys every order in foreign text changes nothing but the text of its own items."""

import contextlib
import io
import logging
import random
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from obedient import ground as grounds
from obedient.attacks import ATTACKS, CARRIERS, found_in
from obedient.ground import Ground, Payload, obedient_ground
from obedient.judging import judge, judge_pages, judge_videos, secrets_in

from nightdesk.lines.article import content, ideas
from nightdesk.lines.video import VIDEO, scripts, sizes
from nightdesk.lines.video.scripting import reading
from nightdesk.media.thumbnails import wanted
from nightdesk.providers.text.contract import Question

LINE = ("Grouped", "Clusters", "Ideas", "Tasks", "Content", "Sections", "ImagePrompts", "Images", "Review")
FILM = ("Narration", "Captions", "Clips", "Renders", "Checks", "Thumbnails")
FILMED = 12
"""Videos that are made to their end where all payloads are planted; all topics get a script."""

FRAMES = {"9:16": (144, 256)}
"""A hundredth of the pixels: what is written over them is the same."""


async def through_all(ground: Ground, payloads: list[Payload], filmed: int = 1) -> dict[str, Any]:
    """Plants the payloads, runs every stage that reads them, and holds each against what it may write."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    await ground.plant(payloads)
    where = (ground.workspace, ground.site.id)
    found: dict[str, list[str]] = {}

    async def step(name: str, *acts: Any) -> None:
        before = ground.dump()
        for act in acts:
            await act
        found[name] = judge(name, before, ground.dump(), ground)

    scraping = ground.house.desk.scraping.scrape(*where, force=True)
    await step("gather", scraping, ground.topics.trending(*where), ground.topics.rescore(*where))
    await step("suggest", ground.suggest(3), ground.suggest(min(len(payloads) // 4 or 1, 25)))
    await step("use", ground.use())
    await step("analyze", ground.analyse())
    for name in LINE:
        if name == "Sections":
            await ground.ask_sections()
        await step(name, ground.run(name))
    await ground.wish_videos()
    for name in ("Gathering", "Scripts"):
        await step(name, ground.run(name, line=VIDEO))
    scripted = ground.dump()
    written, told = scripted["videos"], judge_videos(scripted, ground)
    await ground.forget_videos(filmed)
    with patch.dict(sizes.SIZES, FRAMES), patch.dict(wanted.SIZES, FRAMES):
        for name in FILM:
            await step(name, ground.run(name, line=VIDEO))
        await step("Gate", ground.run("Review", line=VIDEO))
    logging.getLogger().removeHandler(handler)
    rows = ground.dump()
    texts = {name: str(table) for name, table in rows.items()} | {"log": heard.getvalue()}
    prompts = [prompt for model in ground.model for prompt in model.prompts]
    stored = found_in(str({name: table for name, table in rows.items() if name != "batches"}))
    theirs = {
        name: [row for row in table if row.get("site_id") == ground.site.id] for name, table in rows.items()
    }
    mine = {name: str(table) for name, table in theirs.items()}
    return {
        "faults": [f"{stage}: {fault}" for stage, faults in found.items() for fault in faults],
        "pages": judge_pages(rows, ground),
        "videos told": told + judge_videos(rows, ground),
        "secrets": secrets_in(
            texts, {name: secret for name, secret in ground.secrets.items() if "tenant" not in name}
        )
        + secrets_in(mine | {"prompts": "\n".join(prompts)}, ground.secrets),
        "outbound": ground.astray,
        "planted": len(payloads),
        "stored": len(stored),
        "reached": set().union(*(model.reached for model in ground.model)),
        "carried out": sum(model.carried_out for model in ground.model),
        "questions": len(prompts),
        "articles": len(theirs["contents"]),
        "scripts": sum(row["status"] == "scripted" for row in written),
        "videos": sum(row["state"] == "review" for row in theirs["videos"]),
        "why": sorted(
            {
                str(row["error"])[:150]
                for name in ("tasks", "clusters", "sections", "contents", "scenes")
                for row in theirs[name]
                if row["parked_at"]
            }
            | {str(row["error"])[:150] for row in written if row["parked_at"]}
            | set(ground.refused)
        ),
        "refused answers": len(ground.refused)
        + sum(
            bool(row["parked_at"])
            for name in ("tasks", "clusters", "sections", "contents")
            for row in theirs[name]
        ),
    }


def hold(result: dict[str, Any]) -> None:
    assert sorted(set(result["faults"]))[:40] == []
    assert result["pages"] == []
    assert sorted(set(result["videos told"]))[:20] == []
    assert result["secrets"] == []
    assert result["outbound"] == []


async def test_a_sample_of_orders_is_obeyed_and_changes_only_content(server: Any, tmp_path: Path) -> None:
    chosen = random.Random(17)
    payloads = [(carrier, chosen.randrange(len(ATTACKS))) for carrier in CARRIERS]
    async with obedient_ground(server, tmp_path, "obedient_sample") as ground:
        result = await through_all(ground, payloads)
    hold(result)
    assert result["articles"] > 0
    assert result["scripts"] > 0, result["why"]
    assert result["videos"] > 0
    assert {carrier for carrier, _ in result["reached"]} == set(CARRIERS) - {"o"}, (
        "no list of feeds is read by a model"
    )


@pytest.mark.prove
async def test_stages_that_trust_a_model_are_found_out(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One keeps the fields that it was given, opens an address, logs a key; another keeps HTML as it came."""

    async def unchecked(bench: Any, name: str, data: Any, answer: Any) -> Any:
        logging.getLogger("careless").warning("asked with %s", grounds.SECRETS["operator's provider key"])
        return await bench.text.ask(Question(name, "", data, answer), bench.meter)

    def trusting(site: Any, cluster: Any, idea: Any, row: Any = ideas.row) -> dict[str, Any]:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 9), 0.1)
        columns = {name: idea.model_extra[name] for name in ("status", "site_id") if name in idea.model_extra}
        return {**row(site, cluster, idea), **columns}

    def raw(answer: Any, *rest: Any, render: Any = content.render, **more: Any) -> Any:
        rendered = render(answer, *rest, **more)
        return replace(rendered, html=rendered.html + answer.markdown)

    monkeypatch.setattr(ideas, "ask", unchecked)
    monkeypatch.setattr(ideas, "row", trusting)
    monkeypatch.setattr(ideas, "by_cluster", lambda given, asked: {1: given})
    monkeypatch.setattr(content, "render", raw)
    async with obedient_ground(server, tmp_path, "obedient_planted") as ground:
        result = await through_all(ground, [("k", 0), ("k", 3), ("k", 27)])
    faults = set(result["faults"])
    assert "Ideas: ideas.status: 'approved'" in faults
    assert f"Ideas: ideas: a row of site {ground.others[0]} changed" in faults
    assert any("<script>" in fault for fault in result["pages"])
    assert result["secrets"] == ["operator's provider key in log"]
    assert set(result["outbound"]) == {
        "socket.getaddrinfo ('127.0.0.1', 9)",
        "socket.connect ('127.0.0.1', 9)",
    }


async def test_a_video_that_says_what_it_was_told_to_is_found_out(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is published without its label, and tags and addresses are said in it."""

    def believing(video: Any, made: Any, keep: Any = scripts._keep) -> None:
        keep(video, made)
        video.publish, video.label = True, ""

    monkeypatch.setattr(scripts, "_keep", believing)
    monkeypatch.setattr(reading, "spoken", str)
    async with obedient_ground(server, tmp_path, "obedient_video") as ground:
        await ground.plant([("e", 23), ("e", 27)])
        await ground.house.desk.scraping.scrape(ground.workspace, ground.site.id, force=True)
        await ground.wish_videos()
        await ground.run("Gathering", line=VIDEO)
        before = ground.dump()
        await ground.run("Scripts", line=VIDEO)
        after = ground.dump()
    faults, told = judge("Scripts", before, after, ground), judge_videos(after, ground)
    assert any(fault.startswith("videos.publish") for fault in faults), faults
    for sign in ("no label", "<script", "http://"):
        assert any(sign in fault for fault in told), (sign, told)


@pytest.mark.prove
@pytest.mark.timeout(1500)
async def test_no_order_of_all_through_any_carrier_changes_anything_else(server: Any, tmp_path: Path) -> None:
    payloads = [(carrier, number) for carrier in CARRIERS for number in range(len(ATTACKS))]
    started = time.monotonic()
    async with obedient_ground(server, tmp_path, "obedient_whole") as ground:
        result = await through_all(ground, payloads, FILMED)
    hold(result)
    by_carrier = {CARRIERS[c]: sum(one == c for one, _ in result["reached"]) for c in CARRIERS}
    print(
        f"\n{len(payloads)} payloads, {len(ATTACKS)} orders by {len(CARRIERS)} carriers, through "
        f"{len(LINE) + len(FILM) + 7} stages: {result['questions']} questions, "
        f"{result['carried out']} orders obeyed, {result['articles']} articles, {result['scripts']} scripts, "
        f"{result['videos']} videos at the gate, {result['refused answers']} answers refused; "
        f"0 changes beyond content, 0 outbound, 0 secrets; reached the model by {by_carrier}; "
        f"{time.monotonic() - started:.0f} s; refused because: {result['why']}"
    )
    assert len(payloads) >= 200
    assert result["stored"] >= 200
    assert any("at most 120000 characters" in why for why in result["why"]), (
        "nobody answered with ten megabytes"
    )
