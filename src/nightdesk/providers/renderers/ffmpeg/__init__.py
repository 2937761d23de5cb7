"""Renderer `ffmpeg`: parts rendered one by one and kept, joined without encoding anew; needs no account."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Refused
from nightdesk.kit.points import reach
from nightdesk.media.captions.beside import cues, srt, vtt
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import STYLES, style
from nightdesk.media.cover import cover
from nightdesk.media.ffmpeg import UNDECODED, Ffmpeg, source
from nightdesk.media.ffmpeg_ends import TookTooLong
from nightdesk.media.planes import Stamp, stamp
from nightdesk.media.probe import lend
from nightdesk.providers.calls import Call, Meter
from nightdesk.providers.renderers.contract import Rendered, RenderRequest, Scene, Told, Watermark
from nightdesk.providers.renderers.ffmpeg.footage import Footage, sha256_of
from nightdesk.providers.renderers.ffmpeg.parts import ENCODER, MAKING, Drawn, kept, render
from nightdesk.providers.renderers.ffmpeg.sounding import sounded
from nightdesk.providers.renderers.timeline import LONGEST, RATE, Part, cut, whole_frames

_SIDES = range(64, 4097)
_MOST_SCENES = 200
_FROM_EDGE = 0.05
_PICTURES, _SOUND = 0.92, 0.97
"""Shares of the work that are done after the pictures, and after the sound."""

ABANDONED = timedelta(hours=2)
"""After so long, what a render was making is taken to be left behind by one that died."""


class FfmpegRenderer:
    """Renders on this machine, one part at a time."""

    label = "ffmpeg"

    def __init__(
        self,
        ffmpeg: Ffmpeg,
        clock: Clock,
        *,
        seconds: float = 900,
        fonts: Path | None = None,
        encoder: Sequence[str] = ENCODER,
    ) -> None:
        """`seconds`: the most that one render may take. `fonts`: a folder of further fonts. `encoder`:
        ffmpeg's arguments that encode frames, so that files made apart can be joined.

        Raises ValueError where one of the fonts is none.
        """
        self._ffmpeg, self._clock, self._seconds = ffmpeg, clock, seconds
        self._encoder = tuple(encoder)
        self._lettering = Lettering(fonts)

    async def render(
        self, request: RenderRequest, target: Path, parts: Path, meter: Meter, told: Told | None = None
    ) -> Rendered:
        """See the contract; `target` and `parts` have to be on one disk."""
        began, ok, note = self._clock.monotonic(), False, ""
        try:
            done = await self._render(request, target, parts, _rising(told))
            ok, note = True, "; ".join(done.notes)
            return done
        except TookTooLong as late:
            note = f"The render was stopped at its limit of {self._seconds:g} s. Its finished parts are kept."
            raise TookTooLong(note) from late
        except Ending as ending:
            note = ending.why
            raise
        finally:
            seconds = self._clock.monotonic() - began
            meter.record(Call("renderer", self.label, "", seconds, ok, units=int(ok), note=note))

    async def _render(self, request: RenderRequest, target: Path, parts: Path, told: Told) -> Rendered:
        _check(request)
        until = self._clock.monotonic() + self._seconds
        await asyncio.to_thread(self._tidy, parts)
        drawn = await asyncio.to_thread(self._drawn, request)
        lengths = [whole_frames(scene.seconds) for scene in request.scenes]
        cuts, frames = cut(lengths), sum(lengths)
        job = _Job(self._ffmpeg, drawn, parts, frames, lambda: max(1.0, until - self._clock.monotonic()))
        files = await job.pictures(cuts, lambda share: told(share * _PICTURES))
        with tempfile.TemporaryDirectory(prefix=MAKING, dir=parts, ignore_cleanup_errors=True) as made:
            folder = Path(made)
            left = job.left()
            track, sound = await sounded(self._ffmpeg, request, frames, parts, folder, left)
            told(_SOUND)
            await job.join(files, track, folder, target)
            at_cover = target.with_suffix(".png")
            await job.cover(folder, target, at_cover)
        told(1.0)
        shown = cues(zip(_starts(lengths), drawn.sheets, strict=False))
        return Rendered(
            video=target,
            cover=at_cover,
            seconds=frames / RATE,
            frames=frames,
            loudness=None if sound.silent else sound.integrated,
            peak=None if sound.silent else sound.peak,
            made=job.made,
            reused=len(cuts) - job.made,
            srt=srt(shown),
            vtt=vtt(shown),
            notes=_notes(drawn.sheets),
        )

    def _drawn(self, request: RenderRequest) -> Drawn:
        import cv2  # noqa: PLC0415

        # A second thread of OpenCV waits more than it works, and the encoder could use its core.
        cv2.setNumThreads(1)
        look = request.look
        footage = Footage(request.scenes, (look.width, look.height))
        sheets: tuple[Sheet, ...] = ()
        if look.captions:
            layout = Layout(
                look.width, look.height, style(look.captions, look.accent), look.language, look.platforms
            )
            sheets = tuple(
                laid_out(scene.words, whole_frames(scene.seconds) / RATE, layout, self._lettering)
                for scene in request.scenes
            )
        mark = request.watermark
        over = _stamp(mark, look.width, look.height) if mark else None
        stamped = json.dumps([mark.corner, mark.share, mark.opacity, sha256_of(mark.picture)]) if mark else ""
        return Drawn(
            request.scenes, footage, sheets, self._lettering, over, stamped, self._ffmpeg.build, self._encoder
        )

    def _tidy(self, parts: Path) -> None:
        """Makes the folder of parts, and removes what renders that died were making in it."""
        parts.mkdir(parents=True, exist_ok=True)
        before = (self._clock.now() - ABANDONED).timestamp()
        for left in parts.glob(f"{MAKING}*"):
            if left.stat().st_mtime < before:
                shutil.rmtree(left, ignore_errors=True)


@dataclass
class _Job:
    """One video on its way."""

    ffmpeg: Ffmpeg
    drawn: Drawn
    parts: Path
    frames: int
    left: Callable[[], float]
    made: int = 0

    async def pictures(self, cuts: list[Part], told: Told) -> list[Path]:
        """The files of all parts, those rendered now that were not kept."""
        files, done = [], 0
        for part in cuts:
            name = await asyncio.to_thread(self.drawn.name, part)
            file = kept(self.parts, name)
            if file is None:
                file, before = self.parts / name, done

                def so_far(share: float, before: int = before, frames: int = part.frames) -> None:
                    told((before + share * frames) / self.frames)

                await render(self.ffmpeg, self.drawn, part, file, seconds=self.left(), told=so_far)
                self.made += 1
            done += part.frames
            told(done / self.frames)
            files.append(file)
        return files

    async def join(self, files: list[Path], track: Path, folder: Path, target: Path) -> None:
        """One file of all parts and the sound, with its head in front."""
        lines = []
        lend(track, folder, "track.m4a")
        for number, file in enumerate(files):
            lend(file, folder, f"part{number}.mp4")
            lines.append(f"file part{number}.mp4\n")
        (folder / "parts.txt").write_text("ffconcat version 1.0\n" + "".join(lines))
        inputs = [*source("parts.txt", "concat", *UNDECODED), *source("track.m4a", "mov", *UNDECODED)]
        out = ["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-bitexact", "-movflags", "+faststart"]
        await self.ffmpeg.make([*inputs, *out], folder, target, seconds=self.left(), frames=self.frames)
        reach("renderer.joined")

    async def cover(self, folder: Path, video: Path, target: Path) -> None:
        lend(video, folder, "whole.mp4")
        between = _between(self.drawn.scenes)
        await cover(self.ffmpeg, folder / "whole.mp4", folder, target, seconds=self.left(), between=between)
        reach("renderer.cover.made")


def _check(request: RenderRequest) -> None:
    look = request.look
    if look.width not in _SIDES or look.height not in _SIDES or look.width % 2 or look.height % 2:
        raise Refused(f"a video of {look.width} x {look.height} pixels cannot be made: 64 to 4096, even")
    if not 1 <= len(request.scenes) <= _MOST_SCENES:
        raise Refused(f"a video of {len(request.scenes)} scenes cannot be made: 1 to {_MOST_SCENES}")
    if any(not scene.seconds > 0 for scene in request.scenes):
        raise Refused("a scene lasts no time: give it some seconds")
    if sum(whole_frames(scene.seconds) for scene in request.scenes) > LONGEST:
        raise Refused(f"the video is longer than {LONGEST // RATE // 60} minutes: split it")
    if look.captions and look.captions not in STYLES:
        raise Refused(f"there is no caption style {look.captions!r}: choose one of {', '.join(STYLES)}")


def _between(scenes: Sequence[Scene]) -> tuple[float, float]:
    """The seconds between intro and outro."""
    lengths = [whole_frames(scene.seconds) / RATE for scene in scenes]
    before = lengths[0] if scenes[0].bare else 0.0
    return before, sum(lengths) - (lengths[-1] if scenes[-1].bare else 0.0)


def _starts(lengths: list[int]) -> list[float]:
    return [sum(lengths[:scene]) / RATE for scene in range(len(lengths))]


def _stamp(mark: Watermark, width: int, height: int) -> Stamp:
    over = stamp(mark.picture.read_bytes(), round(width * mark.share), mark.opacity)
    edge = round(min(width, height) * _FROM_EDGE)
    vertical, _, across = mark.corner.partition("-")
    left = edge if across == "left" else width - edge - over.picture.size[0]
    top = edge if vertical == "top" else height - edge - over.picture.size[1]
    return over.at(left, top)


def _notes(sheets: tuple[Sheet, ...]) -> tuple[str, ...]:
    missing = sorted({char for sheet in sheets for char in sheet.missing})
    if not missing:
        return ()
    shown = "".join(missing[:20])
    return (f"no font has {shown}: left out of the burned captions; add one to the fonts folder",)


def _rising(told: Told | None) -> Told:
    """The same, but never told less than before."""
    most = 0.0

    def rise(share: float) -> None:
        nonlocal most
        if told is not None and share >= most:
            most = share
            told(share)

    return rise
