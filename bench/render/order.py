"""The film written down for a renderer that is not ours: a JSON file of scenes, captions, sound and mark."""

import json
from pathlib import Path
from typing import Any

from bench.render.film import RATE
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.phrases import Phrase
from nightdesk.media.captions.sheet import Layout, laid_out
from nightdesk.media.captions.styles import style
from nightdesk.providers.renderers.contract import RenderRequest
from nightdesk.providers.renderers.ffmpeg.timeline import CROSSING


def written(request: RenderRequest, folder: Path) -> Path:
    """`order.json` in `folder`; paths are whole, times in seconds of the film, sizes in pixels."""
    look = request.look
    layout = Layout(look.width, look.height, style(look.captions, look.accent), look.language, look.platforms)
    lettering, at = Lettering(), 0.0
    scenes, phrases = list[Any](), list[Any]()
    for scene in request.scenes:
        sheet = laid_out(scene.words, scene.seconds, layout, lettering)
        phrases += [_phrase(phrase, at) for phrase in sheet.phrases]
        footage = str(scene.footage.resolve())
        scenes.append({"footage": footage, "start": at, "seconds": scene.seconds, "move": scene.move})
        at += scene.seconds
    face = lettering.runs("a")[0].face
    mark = request.watermark
    order = {
        "width": look.width, "height": look.height, "rate": RATE, "seconds": at, "crossing": CROSSING / RATE,
        "scenes": scenes, "phrases": phrases,
        "font": str(lettering.font(face).path.resolve()), "em": layout.em, "edge": layout.edge,
        "text": layout.style.text, "accent": layout.style.accent, "outline": layout.style.edge,
        "area": [layout.area.left, layout.area.top, layout.area.right, layout.area.bottom],
        "narration": _path(request.narration), "music": _path(request.music),
        "mark": mark and {
            "picture": _path(mark.picture), "corner": mark.corner,
            "share": mark.share, "opacity": mark.opacity,
        },
    }  # fmt: skip
    path = folder / "order.json"
    path.write_text(json.dumps(order))
    return path


def _phrase(phrase: Phrase, at: float) -> dict[str, Any]:
    """Its lines of words, each word with the moment from which it is the one being said."""
    lines = [
        [{"text": word.text, "start": at + word.start, "end": at + word.end} for word in line]
        for line in phrase.lines
    ]
    return {"start": at + phrase.start, "end": at + phrase.end, "lines": lines}


def _path(path: Path | None) -> str | None:
    return str(path.resolve()) if path else None
