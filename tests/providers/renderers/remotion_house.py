"""A Remotion project whose Node.js is a stand-in; the real one is what NIGHTDESK_REMOTION_PROJECT names."""

import os
import sys
from pathlib import Path
from typing import Any

from media.film import FFMPEG, SIZE, clip, picture, tone
from nightdesk.media.captions.words import Word
from nightdesk.providers.choice import Choice
from nightdesk.providers.renderers import open_renderer
from nightdesk.providers.renderers.contract import Look, Renderer, RenderRequest, Scene, Watermark
from nightdesk.providers.renderers.opening import RenderSurroundings

LOOK = Look(SIZE[0], SIZE[1], accent="#ff00ff")
RED, GREEN = (200, 30, 30), (20, 120, 60)
REAL = os.environ.get("NIGHTDESK_REMOTION_PROJECT", "")
_STAND_IN = Path(__file__).with_name("stand_in_node.py")


def project(folder: Path) -> dict[str, Any]:
    """A folder that looks like an installed project; what the operator's settings say of it."""
    cli = folder / "node_modules" / "@remotion" / "cli" / "remotion-cli.js"
    cli.parent.mkdir(parents=True)
    cli.touch()
    (folder / "package.json").write_text("{}")
    (folder / "public").mkdir()
    (folder / "out").mkdir()
    (folder / "public" / "own.svg").write_text("<svg/>")
    node = folder / "node"
    node.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{_STAND_IN}" "{FFMPEG.program}" "$@"\n')
    browser = folder / "browser"
    browser.write_text("#!/bin/sh\n")
    for program in (node, browser):
        program.chmod(0o700)
    return {"project": folder, "node": node, "chromium": browser}


def remotion(folder: Path, composition: str = "", seconds: float = 60) -> Renderer:
    """The renderer, with a project made in `folder` where there is none."""
    made = folder / "project"
    if made.exists():
        options: dict[str, Any] = {"project": made, "node": made / "node", "chromium": made / "browser"}
    else:
        options = project(made)
    return opened("remotion", composition, options, seconds)


def opened(
    name: str, model: str = "", options: dict[str, Any] | None = None, seconds: float = 120
) -> Renderer:
    choice = Choice(name, model, options=options or {}, timeout=seconds)
    return open_renderer(choice, RenderSurroundings(ffmpeg=FFMPEG))


def request(folder: Path) -> RenderRequest:
    """Three scenes of 1.2, 1 and 1 seconds, the third a clip that is too short; a voice and a mark."""
    scenes = (
        Scene(picture(folder / "1.png", RED), 1.2, "push-in", words=(Word("Hello", 0.5, 0.9),)),
        Scene(picture(folder / "2.png", GREEN), 1.0, "still"),
        Scene(clip(folder / "3.mp4", 0.5), 1.0),
    )
    mark = Watermark(picture(folder / "logo.png", (255, 255, 255), (40, 20)), opacity=1.0)
    return RenderRequest(
        scenes, tone(folder / "voice.wav", 3), tone(folder / "music.wav", 1, 0.8, 90), mark, LOOK
    )
