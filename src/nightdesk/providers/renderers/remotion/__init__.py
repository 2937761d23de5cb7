"""Renderer `remotion`: a person's Remotion project draws the video; the desk gives props, takes a file."""

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending, Refused
from nightdesk.kit.points import reach
from nightdesk.media.captions.beside import cues, srt, vtt
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.sheet import Sheet
from nightdesk.media.captions.styles import STYLES
from nightdesk.media.cover import cover
from nightdesk.media.ffmpeg import UNDECODED, Ffmpeg, source
from nightdesk.media.ffmpeg_ends import CutShort, TookTooLong
from nightdesk.media.probe import lend, probe
from nightdesk.media.soundtrack import RATE as SAMPLES
from nightdesk.media.soundtrack import Loudness, mastered
from nightdesk.providers.calls import Call, Meter
from nightdesk.providers.renderers.contract import Rendered, RenderRequest, Told
from nightdesk.providers.renderers.remotion.child import arguments, fence, run
from nightdesk.providers.renderers.remotion.places import Place
from nightdesk.providers.renderers.remotion.staging import Staging, lay_project, props, sheets_of
from nightdesk.providers.renderers.timeline import LONGEST, RATE, whole_frames

_SIDES = range(64, 4097)
_MOST_SCENES = 200
_DRAWN, _SOUND = 0.92, 0.97
"""Shares of the work that are done after Remotion's part of it, and after the sound."""


class RemotionRenderer:
    """Has a Remotion project on this machine draw videos."""

    label = "remotion"

    def __init__(
        self, place: Place, ffmpeg: Ffmpeg, clock: Clock, *, seconds: float = 900, fonts: Path | None = None
    ) -> None:
        """`seconds`: the most that one render may take. `fonts`: a folder of further fonts for captions."""
        self._place, self._ffmpeg, self._clock, self._seconds = place, ffmpeg, clock, seconds
        self._lettering = Lettering(fonts)

    async def render(
        self, request: RenderRequest, target: Path, parts: Path, meter: Meter, told: Told | None = None
    ) -> Rendered:
        """See the contract. What Remotion drew is kept among the parts and taken where nothing changed.

        The file's pictures are Remotion's; its sound is brought to the loudness of every video of the desk.
        """
        began, ok, note = self._clock.monotonic(), False, ""
        try:
            done = await self._render(request, target, parts, _rising(told))
            ok, note = True, "; ".join(done.notes)
            return done
        except TookTooLong as late:
            note = f"The render was stopped at its limit of {self._seconds:g} s, with all its processes."
            raise TookTooLong(note) from late
        except Ending as ending:
            note = ending.why
            raise
        finally:
            seconds = self._clock.monotonic() - began
            name = self._place.composition
            meter.record(Call("renderer", self.label, name, seconds, ok, units=int(ok), note=note))

    async def _render(self, request: RenderRequest, target: Path, parts: Path, told: Told) -> Rendered:
        _check(request)
        until = self._clock.monotonic() + self._seconds
        await asyncio.to_thread(parts.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=parts, ignore_cleanup_errors=True) as made:
            left: Callable[[], float] = lambda: max(1.0, until - self._clock.monotonic())  # noqa: E731
            job = _Job(self._place, self._ffmpeg, request, Path(made), parts, left)
            sheets = await asyncio.to_thread(sheets_of, request, self._lettering)
            drawn = await job.drawn(sheets, self._lettering, lambda share: told(share * _DRAWN))
            heard = await job.sounded(drawn)
            told(_SOUND)
            await job.join(drawn, target)
            await job.cover(target)
        told(1.0)
        return job.rendered(target, heard, sheets)


@dataclass
class _Job:
    """One video on its way, in a folder of its own."""

    place: Place
    ffmpeg: Ffmpeg
    request: RenderRequest
    folder: Path
    parts: Path
    left: Callable[[], float]
    made: int = 0

    @property
    def lengths(self) -> list[int]:
        return [whole_frames(scene.seconds) for scene in self.request.scenes]

    @property
    def frames(self) -> int:
        return sum(self.lengths)

    async def drawn(self, sheets: tuple[Sheet, ...], lettering: Lettering, told: Told) -> Path:
        """What Remotion makes of the request, kept by the hash of props, files and the project's state."""
        public = self.folder / "public"
        given = await asyncio.to_thread(self._staged, public, sheets, lettering)
        mark = await asyncio.to_thread(self.place.mark)
        kept = self.parts / f"{hashlib.sha256((mark + given).encode()).hexdigest()}.mp4"
        if kept.exists():
            kept.touch()
            return kept
        await asyncio.to_thread(lay_project, self.place.project / "public", public)
        (self.folder / "props.json").write_text(given, encoding="utf-8")
        (self.folder / "home").mkdir()
        half, look = self.folder / "drawn.mp4", self.request.look
        size = (look.width, look.height, RATE, self.frames)
        browser = fence(self.place, self.folder)
        words = arguments(self.place, self.folder / "props.json", public, half, browser, size)
        await run(words, self.place.project, self.folder / "home", seconds=self.left(), told=told)
        await self._look_through(half)
        self.made = 1
        half.rename(kept)
        reach("renderer.remotion.kept")
        return kept

    def _staged(self, public: Path, sheets: tuple[Sheet, ...], lettering: Lettering) -> str:
        layout = sheets[0].layout if sheets else None
        return json.dumps(props(self.request, layout, sheets, lettering, Staging(public)), allow_nan=False)

    async def _look_through(self, file: Path) -> None:
        """Raises `CutShort` for a file that is not whole, `Refused` for another than was asked for."""
        try:
            found = await probe(self.ffmpeg, file, seconds=self.left())
        except (FileNotFoundError, Refused) as broken:
            raise CutShort("Remotion ended without a whole file. Nothing of it was kept.") from broken
        look, pictures = self.request.look, found.pictures
        got = (pictures.width, pictures.height, pictures.frames) if pictures else (0, 0, 0)
        if got != (look.width, look.height, self.frames):
            raise Refused(
                f"The composition {self.place.composition} made {got[2]} frames of {got[0]} x {got[1]}, and "
                f"{self.frames} of {look.width} x {look.height} were asked for: have its calculateMetadata "
                "take width, height, fps and frames of the props."
            )

    async def sounded(self, drawn: Path) -> Loudness:
        """The sound that the composition made, or none, at the loudness of all videos, as `track.m4a`."""
        found = await probe(self.ffmpeg, drawn, whole=False, seconds=self.left())
        return await mastered(
            self.ffmpeg,
            self.folder,
            self.folder / "track.m4a",
            voice=drawn if found.sound else None,
            music=None,
            samples=self.frames * SAMPLES // RATE,
            seconds=self.left(),
        )

    async def join(self, drawn: Path, target: Path) -> None:
        lend(drawn, self.folder, "pictures.mp4")
        inputs = [*source("pictures.mp4", "mov", *UNDECODED), *source("track.m4a", "mov", *UNDECODED)]
        out = ["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-bitexact", "-movflags", "+faststart"]
        await self.ffmpeg.make([*inputs, *out], self.folder, target, seconds=self.left(), frames=self.frames)
        reach("renderer.joined")

    async def cover(self, video: Path) -> None:
        lend(video, self.folder, "whole.mp4")
        at = video.with_suffix(".png")
        await cover(self.ffmpeg, self.folder / "whole.mp4", self.folder, at, seconds=self.left())
        reach("renderer.cover.made")

    def rendered(self, video: Path, heard: Loudness, sheets: tuple[Sheet, ...]) -> Rendered:
        starts = [sum(self.lengths[:scene]) / RATE for scene in range(len(self.lengths))]
        shown = cues(zip(starts, sheets, strict=False))
        return Rendered(
            video=video,
            cover=video.with_suffix(".png"),
            seconds=self.frames / RATE,
            frames=self.frames,
            loudness=None if heard.silent else heard.integrated,
            peak=None if heard.silent else heard.peak,
            made=self.made,
            reused=1 - self.made,
            srt=srt(shown),
            vtt=vtt(shown),
        )


def _check(request: RenderRequest) -> None:
    look = request.look
    if any(side not in _SIDES or side % 2 for side in (look.width, look.height)):
        raise Refused(f"a video of {look.width} x {look.height} pixels cannot be made: 64 to 4096, even")
    if not 1 <= len(request.scenes) <= _MOST_SCENES:
        raise Refused(f"a video of {len(request.scenes)} scenes cannot be made: 1 to {_MOST_SCENES}")
    if any(not scene.seconds > 0 for scene in request.scenes):
        raise Refused("a scene lasts no time: give it some seconds")
    if sum(whole_frames(scene.seconds) for scene in request.scenes) > LONGEST:
        raise Refused(f"the video is longer than {LONGEST // RATE // 60} minutes: split it")
    if look.captions and look.captions not in STYLES:
        raise Refused(f"there is no caption style {look.captions!r}: choose one of {', '.join(STYLES)}")


def _rising(told: Told | None) -> Told:
    """The same, but never told less than before."""
    most = 0.0

    def rise(share: float) -> None:
        nonlocal most
        if told is not None and share >= most:
            most = share
            told(share)

    return rise
