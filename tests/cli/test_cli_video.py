"""`nightdesk video`: what may be asked for, listed and taken home; a video is made whole elsewhere."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from cli_command import Command, well
from sqlalchemy import insert

from nightdesk.bootstrap import open_house
from nightdesk.lines.keeping import keep_assets
from nightdesk.settings import Settings
from nightdesk.store import ledger
from nightdesk.store.tables.videos import Video

MP4 = b"\x00\x00\x00\x18ftypisom" + b"x" * 100


@pytest.fixture(scope="module")
def site(nightdesk: Command) -> dict[str, Any]:
    made: dict[str, Any] = nightdesk.json("sites", "create", "Heap")
    return made


def test_what_cannot_be_made_is_said_in_a_sentence(nightdesk: Command, site: dict[str, Any]) -> None:
    of = ("--site", site["slug"])
    for arguments, said in (
        (("Compost", "--kind", "opera"), "kind: One of explainer"),
        (("Compost", "--seconds", 5), "seconds: Videos take from 10"),
        (("Compost", "--out", "/nowhere/at/all.mp4"), "no folder"),
        ((), "unused topic"),
    ):
        done = nightdesk("video", "make", *arguments, *of)
        assert (done.returncode != 0, said in done.stderr) == (True, True), done.stderr
    assert nightdesk.json("video", "list") == []


async def made(nightdesk: Command, number: int) -> int:
    """A finished video of the site, as the line would leave it."""
    async with open_house(Settings(data_dir=nightdesk.data, _env_file=None)) as house:
        workspace = await house.desk.founding.first()
        file = await house.files.put(workspace, MP4, "video/mp4")
        async with house.store.workspace(workspace) as session:
            await keep_assets(session, workspace, [file])
            row = {"topic": "Compost", "title": "How to compost", "status": "review", "progress": 100}
            row |= {"workspace_id": workspace, "site_id": number, "file": file.sha256, "seconds": 12.0}
            return int((await session.execute(insert(Video).values(row).returning(Video.id))).scalar_one())


def test_a_video_is_listed_and_taken_home(nightdesk: Command, site: dict[str, Any], tmp_path: Path) -> None:
    number = asyncio.run(made(nightdesk, site["id"]))
    (told,) = nightdesk.json("video", "list", "--site", site["slug"])
    assert (told["id"], told["status"], told["progress"]) == (number, "ready_for_review", 100)
    assert (told["clips"], told["notes"]) == ("", [])
    assert "--clips NAME" in " ".join(well(nightdesk("video", "make", "--help")).split())
    out = tmp_path / "home.mp4"
    told = nightdesk.json("video", "export", number, "--out", out)
    assert (told["file"], told["size"]) == (str(out), len(MP4))
    assert out.read_bytes() == MP4


def test_a_video_at_the_gate_is_told_of_and_decided_on(nightdesk: Command, site: dict[str, Any]) -> None:
    for other in nightdesk.json("video", "list"):
        nightdesk("video", "reject", other["id"])
    number, _ = [asyncio.run(made(nightdesk, site["id"])) for _ in range(2)]
    assert "2 videos wait for review as well: nightdesk video list" in well(nightdesk("review", "list"))
    assert "2 at the review gate: nightdesk review list, video list" in well(nightdesk("status"))
    assert "approved" in well(nightdesk("video", "approve", number, "--note", "Seen."))
    assert "1 video waits for review as well" in well(nightdesk("review", "list", "--site", site["slug"]))
    (told,) = nightdesk.json("video", "send-back", number)
    assert (told["id"], told["status"]) == (number, "sent_back")
    wrong = nightdesk("video", "approve", number)
    assert (wrong.returncode, "sent back" in wrong.stderr) == (1, True)
    assert nightdesk.json("video", "reopen", number)[0]["status"] == "review"
    assert nightdesk.json("video", "reject", number)[0]["status"] == "rejected"


def test_each_of_many_videos_is_decided_on_whatever_becomes_of_the_others(
    nightdesk: Command, site: dict[str, Any]
) -> None:
    one, two = [asyncio.run(made(nightdesk, site["id"])) for _ in range(2)]
    well(nightdesk("video", "reject", one))
    mixed = nightdesk("video", "approve", one, 4711, two)
    assert mixed.returncode == 1
    first, second, third = mixed.stdout.splitlines()
    assert f"not decided on  {one}  How to compost: This video is rejected" in first
    assert "not decided on  4711: " in second
    assert third == f"approved  {two}  How to compost"
    assert "1 of 3 videos were decided on, and 2 stayed as they were." in mixed.stderr
    none = nightdesk("video", "approve", one, 4711, "--json")
    assert (none.returncode, "None of the 2 videos" in none.stderr) == (1, True)
    told = json.loads(none.stdout)
    assert [(answer["id"], answer["done"]) for answer in told] == [(one, False), (4711, False)]
    assert told[0]["status"] == "rejected"
    assert all(answer["why"] for answer in told)


async def set_aside(nightdesk: Command, credits: int) -> None:
    async with open_house(Settings(data_dir=nightdesk.data, _env_file=None)) as house:
        workspace = await house.desk.founding.first()
        async with house.store.workspace(workspace) as session:
            left = (await ledger.balances(session, workspace)).wallet
            await ledger.hold(session, workspace, "for something else", left - credits, None, None)


def test_without_credits_a_command_says_what_is_needed_and_how_to_have_more(
    nightdesk: Command, site: dict[str, Any]
) -> None:
    asyncio.run(set_aside(nightdesk, 3))
    done = nightdesk("video", "make", "Compost", "--site", site["slug"])
    assert done.returncode == 1
    assert "21 credits are needed" in done.stderr
    assert "nightdesk credits grant" in done.stderr
