"""Remotion gets what a composition needs and no more, and each way in which it fails ends plainly."""

import asyncio
import json
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from media.film import running_in
from nightdesk.kit.endings import Later, NeedsPerson, NoRoom, Refused
from nightdesk.media.captions.words import Word
from nightdesk.media.ffmpeg_ends import CutShort, TookTooLong
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import Rendered, Renderer, RenderRequest
from nightdesk.providers.renderers.remotion import alone
from providers.renderers.remotion_house import LOOK, opened, project, remotion, request


async def rendered(renderer: Renderer, wanted: RenderRequest, folder: Path) -> Rendered:
    return await renderer.render(wanted, folder / "v.mp4", folder / "parts", ListMeter())


def short(folder: Path) -> RenderRequest:
    """A tenth of a second of one picture, without sound."""
    whole = request(folder)
    scene = replace(whole.scenes[1], seconds=0.5, words=(Word("Hello", 0.0, 0.2), Word("all", 0.2, 0.4)))
    return RenderRequest((scene,), look=LOOK)


async def test_a_composition_gets_frames_files_words_and_look(tmp_path: Path) -> None:
    await rendered(remotion(tmp_path), request(tmp_path), tmp_path)
    told = json.loads((tmp_path / "project" / "out" / "asked.json").read_text())
    props, given = told["props"], told["given"]
    seen = (tmp_path / "project" / "out" / "seen.txt").read_text().splitlines()
    assert (props["version"], props["width"], props["height"], props["fps"], props["frames"]) == (
        1,
        270,
        480,
        30,
        96,
    )
    assert (given["duration"], given["width"], given["height"]) == ("96", "270", "480")
    scenes = [
        (one["kind"], one["from"], one["frames"], one["before"], one["after"]) for one in props["scenes"]
    ]
    assert scenes == [("picture", 0, 36, 0, 6), ("picture", 36, 30, 6, 6), ("clip", 66, 30, 6, 0)]
    assert props["scenes"][0]["words"] == [{"text": "Hello", "start": 0.5, "end": 0.9, "joined": False}]
    assert props["scenes"][0]["phrases"][0]["lines"] == [props["scenes"][0]["words"]]
    assert props["captions"]["accent"] == "#ff00ff"
    files = [*(one["file"] for one in [*props["scenes"], *props["fonts"], props["watermark"]])]
    assert {*files, props["narration"], props["music"], "own.svg"} == set(seen)
    assert not (tmp_path / "project" / "public" / "nightdesk").exists()


async def test_a_changed_word_is_drawn_anew_and_so_is_a_changed_project(tmp_path: Path) -> None:
    wanted, renderer = short(tmp_path), remotion(tmp_path)
    assert (await rendered(renderer, wanted, tmp_path)).made == 1
    howdy = replace(wanted.scenes[0], words=(Word("Howdy", 0.0, 0.2),))
    assert (await rendered(renderer, replace(wanted, scenes=(howdy,)), tmp_path)).made == 1
    (tmp_path / "project" / "src.tsx").write_text("changed")
    assert (await rendered(renderer, wanted, tmp_path)).made == 1


@pytest.mark.parametrize(
    ("composition", "ending", "why"),
    [
        ("Missing", Refused, "Could not find composition with ID Missing. Available compositions: Nightdesk"),
        (
            "Small",
            Refused,
            "15 frames of 134 x 480, and 15 of 270 x 480 were asked for: have its calculateMeta",
        ),
        ("Short", Refused, "12 frames of 270 x 480"),
        ("NoBrowser", NeedsPerson, "NIGHTDESK_REMOTION_CHROMIUM"),
        ("FullDisk", NoRoom, "disk is full"),
        ("Half", CutShort, "without a whole file"),
        ("Nothing", CutShort, "without a whole file"),
    ],
)
async def test_each_failure_ends_plainly_and_leaves_nothing(
    tmp_path: Path, composition: str, ending: type[Exception], why: str
) -> None:
    with pytest.raises(ending, match=re.escape(why)):
        await rendered(remotion(tmp_path, composition), short(tmp_path), tmp_path)
    assert not (tmp_path / "v.mp4").exists()
    assert not list((tmp_path / "parts").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_what_hangs_is_ended_with_all_below_it(tmp_path: Path) -> None:
    renderer = remotion(tmp_path, "Hangs", seconds=1.5)
    with pytest.raises(TookTooLong, match="s, with all its processes"):
        await rendered(renderer, short(tmp_path), tmp_path)
    assert (tmp_path / "project" / "out" / "hanging").exists()
    assert running_in(tmp_path) == []
    assert not list((tmp_path / "parts").iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_process_that_a_render_detached_is_ended_with_it(tmp_path: Path) -> None:
    await rendered(remotion(tmp_path, "Detaches"), short(tmp_path), tmp_path)
    assert (tmp_path / "project" / "out" / "hanging").exists()
    assert running_in(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
async def test_a_cancelled_render_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    work = asyncio.create_task(rendered(remotion(tmp_path, "Hangs"), short(tmp_path), tmp_path))
    while not (tmp_path / "project" / "out" / "hanging").exists():
        await asyncio.sleep(0.02)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert running_in(tmp_path) == []
    assert not list((tmp_path / "parts").iterdir())


async def test_a_render_reaches_no_server_of_this_machine(tmp_path: Path) -> None:
    trial = "from nightdesk.providers.renderers.remotion.alone import leave_network; print(leave_network())"
    said = subprocess.run([sys.executable, "-c", trial], capture_output=True, text=True, check=False).stdout
    if said.strip() != "True":
        pytest.skip("this system gives no process a network of its own")
    renderer = remotion(tmp_path, "Calls")
    with socket.create_server(("127.0.0.1", 0)) as server:
        (tmp_path / "project" / "out" / "server.txt").write_text(f"127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(Refused, match="refused"):
            await rendered(renderer, short(tmp_path), tmp_path)


def test_where_no_network_of_its_own_is_given_the_program_runs_as_it_is() -> None:
    program = [sys.executable, "-I", "-S", str(alone.__file__), "sh", "-c", "echo $0 $1", "one two"]
    assert subprocess.run(program, capture_output=True, text=True, check=True).stdout == "one two\n"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    settings = project(tmp_path / "project")
    for change, why in (
        ({"project": None}, "NIGHTDESK_REMOTION_PROJECT"),
        ({"project": tmp_path}, "no Remotion project in"),
        ({"node": tmp_path / "none"}, "needs Node.js:"),
        ({"chromium": tmp_path / "none"}, "needs Chromium"),
    ):
        with pytest.raises(NeedsPerson, match=re.escape(why)):
            opened("remotion", "", settings | change)
    (tmp_path / "project" / "node_modules" / "@remotion" / "cli" / "remotion-cli.js").unlink()
    with pytest.raises(NeedsPerson, match="run `npm install` there"):
        opened("remotion", "", settings)


@pytest.mark.parametrize("name", ["--props=/etc/passwd", "../x", "a b", "-x", "x;y", "a" * 101])
def test_a_composition_is_a_name_and_nothing_else(tmp_path: Path, name: str) -> None:
    with pytest.raises(NeedsPerson, match="letters, digits and dashes"):
        opened("remotion", name, project(tmp_path / "project"))


async def test_an_ending_from_outside_is_tried_again(tmp_path: Path) -> None:
    work = asyncio.create_task(rendered(remotion(tmp_path, "Hangs"), short(tmp_path), tmp_path))
    while not (tmp_path / "project" / "out" / "hanging").exists():
        await asyncio.sleep(0.02)
    for pid in _named("stand_in_node.py", tmp_path):
        subprocess.run(["kill", "-9", str(pid)], check=False)
    with pytest.raises(Later, match="ended from outside"):
        await work


def _named(name: str, folder: Path) -> list[int]:
    """Processes in a folder whose first two words hold the name."""
    found = []
    for pid in running_in(folder):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:2]
        found += [pid] if any(word.endswith(name.encode()) for word in words) else []
    return found
