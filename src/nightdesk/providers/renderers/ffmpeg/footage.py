"""Gives the frames of scenes: pictures filmed by a camera, clips decoded by a child."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from nightdesk.kit.endings import Refused
from nightdesk.media.camera import Camera, frames
from nightdesk.media.ffmpeg import Ffmpeg, source
from nightdesk.media.planes import Frame
from nightdesk.media.probe import lend
from nightdesk.media.sniffing import ENOUGH, Kind, sniffed
from nightdesk.providers.renderers.contract import Scene
from nightdesk.providers.renderers.ffmpeg.timeline import RATE, Shot

_KEPT = 2
"""Cameras kept at a time: those of the two scenes that cross."""


class Footage:
    """The pictures and clips of one video, each read once."""

    def __init__(self, scenes: tuple[Scene, ...], size: tuple[int, int]) -> None:
        """Raises `Refused` for what is neither picture nor clip."""
        self.size = size
        self._scenes = scenes
        self._cameras: dict[int, Camera] = {}
        self._kinds = [_footage_kind(scene.footage) for scene in scenes]
        self.names = [sha256_of(scene.footage) for scene in scenes]

    def moves(self, scene: int) -> bool:
        """Whether a scene is a clip, which moves by itself."""
        return self._kinds[scene].mime.startswith("video/")

    @asynccontextmanager
    async def shot(
        self, ffmpeg: Ffmpeg, shot: Shot, folder: Path, seconds: float
    ) -> AsyncIterator[Iterator[Frame]]:
        """The frames of a shot, to be taken in a thread; each is used again for the one after the next."""
        if not self.moves(shot.scene):
            yield self._filmed(shot)
            return
        kind, name = self._kinds[shot.scene], f"clip{shot.scene}"
        lend(self._scenes[shot.scene].footage, folder, name)
        reading = [*source(name, kind.demuxer, "-stream_loop", "-1"), "-map", "0:v:0", *self._fitted(shot)]
        async with ffmpeg.reading(reading, folder, seconds=seconds) as out:
            yield _read(out, shot.last - shot.first, self.size)

    def _filmed(self, shot: Shot) -> Iterator[Frame]:
        yield from frames(self._camera(shot), shot.first, shot.last, (shot.begins, shot.ends), self.size)

    def _camera(self, shot: Shot) -> Camera:
        if shot.scene not in self._cameras:
            for old in [scene for scene in self._cameras if scene <= shot.scene - _KEPT]:
                del self._cameras[old]
            scene = self._scenes[shot.scene]
            self._cameras[shot.scene] = Camera(
                scene.footage.read_bytes(),
                self.size,
                scene.move,
                seconds=(shot.ends - shot.begins) / RATE,
                seed=scene.seed,
            )
        return self._cameras[shot.scene]

    def _fitted(self, shot: Shot) -> list[str]:
        width, height = self.size
        first, last = shot.first - shot.begins, shot.last - shot.begins
        filled = (
            f"scale={width}:{height}:force_original_aspect_ratio=increase:flags=bicubic"
            f":out_color_matrix=bt709:out_range=tv,crop={width}:{height}"
        )
        if self._scenes[shot.scene].bare:
            filled = _whole(filled, width, height)
        shape = f"fps={RATE},trim=start_frame={first}:end_frame={last},{filled},format=yuv420p"
        return ["-vf", shape, "-frames:v", str(last - first), "-f", "rawvideo"]


def _whole(filled: str, width: int, height: int) -> str:
    """All of a clip, before the same filling the frame, which is blurred at an eighth of its size."""
    small = f"scale={max(width // 16, 1) * 2}:{max(height // 16, 1) * 2}:flags=area,gblur=sigma=3"
    near = f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic"
    return (
        f"split=2[back][front];[back]{filled},{small},scale={width}:{height},eq=brightness=-0.12[far];"
        f"[front]{near}:out_color_matrix=bt709:out_range=tv[near];[far][near]overlay=(W-w)/2:(H-h)/2"
    )


def _read(out: BinaryIO, count: int, size: tuple[int, int]) -> Iterator[Frame]:
    pair = (Frame(*size), Frame(*size))
    for number in range(count):
        frame = pair[number % 2]
        left = memoryview(frame.data.data)
        while left:
            got = out.readinto(left)  # type: ignore[attr-defined]
            if not got:
                raise Refused("bad media: a clip cannot be read to its end")
            left = left[got:]
        yield frame


def _footage_kind(path: Path) -> Kind:
    with path.open("rb") as file:
        kind = sniffed(file.read(ENOUGH))
    if kind.mime.startswith("audio/"):
        raise Refused("bad media: a scene's footage is sound, not a picture or a clip")
    return kind


def sha256_of(path: Path) -> str:
    """The name of a file by its content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
