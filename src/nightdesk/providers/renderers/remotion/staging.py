"""Writes down a video for a Remotion composition: its props as JSON, its files in a folder to serve."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nightdesk.kit.endings import Refused
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.phrases import Phrase
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import style
from nightdesk.media.captions.words import Word
from nightdesk.media.sniffing import ENOUGH, sniffed
from nightdesk.providers.renderers.contract import RenderRequest, Scene
from nightdesk.providers.renderers.timeline import RATE, cut, whole_frames

VERSION = 1
"""Of the props, see docs/remotion.md: raised when something is taken away or means something else."""

FOLDER = "nightdesk"
"""Where our files lie among those of the project's own public folder."""

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


class Staging:
    """The files of one video, each under the hash of its content, so that equal props mean equal files."""

    def __init__(self, public: Path) -> None:
        self._public = public
        (public / FOLDER).mkdir(parents=True, exist_ok=True)

    def add(self, path: Path, ending: str) -> str:
        """The name under which the composition gets the file by `staticFile`."""
        with path.open("rb") as file:
            name = f"{FOLDER}/{hashlib.file_digest(file, 'sha256').hexdigest()}{ending}"
        target = self._public / name
        if not target.exists():
            lay(path, target)
        return name

    def media(self, path: Path) -> tuple[str, str]:
        """Its name, and its media type by its bytes. Raises `Refused` for what is no media."""
        with path.open("rb") as file:
            kind = sniffed(file.read(ENOUGH))
        return self.add(path, kind.ending), kind.mime


def lay(path: Path, target: Path) -> None:
    """The same file under another name, copied where the disk is another."""
    try:
        os.link(path.resolve(), target)
    except OSError:
        shutil.copyfile(path, target)


def lay_project(public: Path, target: Path) -> None:
    """The project's own public files beside ours."""
    if public.is_dir():
        shutil.copytree(public, target, dirs_exist_ok=True, copy_function=_laid)


def _laid(path: str, target: str) -> None:
    lay(Path(path), Path(target))


def props(
    request: RenderRequest,
    layout: Layout | None,
    sheets: Sequence[Sheet],
    lettering: Lettering,
    files: Staging,
) -> dict[str, Any]:
    """What the composition gets: the type `NightdeskProps` of docs/remotion.md. Raises `Refused`."""
    look, lengths = request.look, [whole_frames(scene.seconds) for scene in request.scenes]
    alone = [part.shots[0] for part in cut(lengths) if len(part.shots) == 1]
    scenes, at = list[dict[str, Any]](), 0
    for number, (scene, length, shot) in enumerate(zip(request.scenes, lengths, alone, strict=True)):
        phrases = sheets[number].phrases if sheets else ()
        around = {"from": at, "frames": length, "before": -shot.begins, "after": length - shot.last}
        scenes.append(_scene(scene, files, phrases) | around)
        at += length
    mark = request.watermark
    return {
        "version": VERSION,
        "width": look.width,
        "height": look.height,
        "fps": RATE,
        "frames": at,
        "language": look.language,
        "direction": "rtl" if look.language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr",
        "scenes": scenes,
        "narration": files.media(request.narration)[0] if request.narration else None,
        "narrationFrom": round(request.begins * RATE),
        "sounds": [
            {"file": files.media(one.file)[0], "from": round(one.at * RATE)} for one in request.sounds
        ],
        "music": files.media(request.music)[0] if request.music else None,
        "musicVolume": request.volume,
        "watermark": {
            "file": files.media(mark.picture)[0],
            "corner": mark.corner,
            "share": mark.share,
            "opacity": mark.opacity,
        } if mark else None,
        "captions": _captions(layout, look.captions) if layout else None,
        "fonts": _fonts(sheets, lettering, files),
    }  # fmt: skip


def sheets_of(request: RenderRequest, lettering: Lettering) -> tuple[Sheet, ...]:
    """The captions of each scene; none at all where none are wanted."""
    look = request.look
    if not look.captions:
        return ()
    layout = Layout(look.width, look.height, style(look.captions, look.accent), look.language, look.platforms)
    return tuple(
        laid_out(scene.words, whole_frames(scene.seconds) / RATE, layout, lettering)
        for scene in request.scenes
    )


def _scene(scene: Scene, files: Staging, phrases: Sequence[Phrase]) -> dict[str, Any]:
    file, mime = files.media(scene.footage)
    if mime.startswith("audio/"):
        raise Refused("bad media: a scene's footage is sound, not a picture or a clip")
    return {
        "kind": "clip" if mime.startswith("video/") else "picture",
        "file": file,
        "move": scene.move,
        "seed": scene.seed,
        "bare": scene.bare,
        "words": [_word(word) for word in scene.words],
        "phrases": [
            {
                "start": phrase.start,
                "end": phrase.end,
                "lines": [[_word(word) for word in line] for line in phrase.lines],
            }
            for phrase in phrases
        ],
    }


def _word(word: Word) -> dict[str, Any]:
    return {"text": word.text, "start": word.start, "end": word.end, "joined": word.joined}


def _captions(layout: Layout, name: str) -> dict[str, Any]:
    style, area = layout.style, layout.area
    return {
        "style": name,
        "highlight": style.highlight,
        "size": layout.em,
        "outline": layout.edge,
        "box": style.box,
        "text": style.text,
        "accent": style.accent,
        "edge": style.edge,
        "area": {"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom},
    }


def _fonts(sheets: Sequence[Sheet], lettering: Lettering, files: Staging) -> list[dict[str, str]]:
    """The fonts that set the captions, each once, the one that sets most of them first."""
    counted: dict[int, int] = {}
    for sheet in sheets:
        for phrase in sheet.phrases:
            for run in lettering.runs("".join(phrase.texts)):
                counted[run.face] = counted.get(run.face, 0) + len(run.text)
    faces = sorted(counted, key=lambda face: -counted[face])
    found = []
    for number, face in enumerate(faces):
        path = lettering.font(face).path
        found.append({"family": f"Nightdesk {number + 1}", "file": files.add(path, path.suffix)})
    return found
