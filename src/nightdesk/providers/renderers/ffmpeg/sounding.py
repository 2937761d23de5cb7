"""Makes the sound of a video, unless it was made before of the same voice and music."""

import json
from pathlib import Path

from nightdesk.kit.points import reach
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.soundtrack import RATE as SAMPLES
from nightdesk.media.soundtrack import Loudness, mastered
from nightdesk.providers.renderers.contract import RenderRequest
from nightdesk.providers.renderers.ffmpeg.footage import sha256_of
from nightdesk.providers.renderers.ffmpeg.parts import kept, named
from nightdesk.providers.renderers.ffmpeg.timeline import RATE


async def sounded(
    ffmpeg: Ffmpeg, request: RenderRequest, frames: int, parts: Path, folder: Path, seconds: float
) -> tuple[Path, Loudness]:
    """The sound of so many frames as a file among the `parts`, and how loud it is. Raises as `mastered`."""
    voice, music = request.narration, request.music
    beside = [[sha256_of(one.file), one.at] for one in request.sounds]
    told = ["sound", frames, *(sha256_of(path) if path else "" for path in (voice, music))]
    name = named([*told, request.begins, beside, request.volume])
    file, found = kept(parts, f"{name}.m4a"), kept(parts, f"{name}.json")
    if file is not None and found is not None:
        return file, Loudness(**json.loads(found.read_text()))
    made, samples = folder / "sound.m4a", frames * SAMPLES // RATE
    heard = await mastered(
        ffmpeg,
        folder,
        made,
        voice=voice,
        music=music,
        samples=samples,
        seconds=seconds,
        volume=request.volume,
        begins=request.begins,
        beside=[(one.file, one.at) for one in request.sounds],
    )
    # Infinity, the loudness of silence, is a word of Python's JSON.
    (folder / "sound.json").write_text(json.dumps({"integrated": heard.integrated, "peak": heard.peak}))
    (folder / "sound.json").rename(parts / f"{name}.json")
    made.rename(parts / f"{name}.m4a")
    reach("renderer.sound.made")
    return parts / f"{name}.m4a", heard
