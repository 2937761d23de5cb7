"""The sound of a video: the voice, music that steps back behind it, one loudness for all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nightdesk.kit.endings import Refused
from nightdesk.kit.processes import Finished
from nightdesk.media.ffmpeg import Ffmpeg, source
from nightdesk.media.ffmpeg_ends import judge
from nightdesk.media.probe import lend
from nightdesk.media.sniffing import ENOUGH, sniffed

RATE = 48_000
LOUDNESS = -14.0
"""LUFS; what YouTube, Instagram and TikTok turn louder sound down to (ITU-R BS.1770-5 measures it)."""

OFF_BY = 0.7
HIGHEST_PEAK = -1.0
"""dBTP (EBU R 128, s4: what lossy codecs need kept free)."""

_CEILING = -2.0
_SILENT = -60.0
_ROUNDS = 4
_FADE = 1.5
_STEREO = f"aresample={RATE},aformat=sample_fmts=fltp:channel_layouts=stereo"
_INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|-inf) LUFS")
_PEAK = re.compile(r"Peak:\s+(-?[\d.]+|-inf) dBFS")


@dataclass(frozen=True)
class Loudness:
    """How loud sound is: integrated loudness in LUFS and the true peak in dBTP."""

    integrated: float
    peak: float

    @property
    def silent(self) -> bool:
        return self.integrated <= _SILENT


async def mastered(
    ffmpeg: Ffmpeg,
    folder: Path,
    target: Path,
    *,
    voice: Path | None,
    music: Path | None,
    samples: int,
    seconds: float,
    volume: float = 0.22,
    begins: float = 0.0,
    beside: Sequence[tuple[Path, float]] = (),
) -> Loudness:
    """Makes the sound of a video, `samples` long at 48 kHz, as AAC in `target`; says how loud it became.

    The voice is heard from second `begins` on; one that is shorter is followed by silence, one that is
    longer is cut. `beside`: files that sound with it, and from which second on. `volume`: of the music, where
    1 leaves it as loud as it is. Raises `Refused` for what is no sound, and as `Ffmpeg.make` does.
    """
    bed = _Bed(music, volume) if music is not None else None
    found = await _mixed(ffmpeg, folder, [(voice, begins), *beside], bed, samples, seconds)
    gain, ceiling = LOUDNESS - found.integrated, _CEILING
    for last in range(_ROUNDS, 0, -1):
        chain = "anull" if found.silent else _chain(gain, ceiling)
        out = ["-map", "0:a", "-c:a", "aac", "-b:a", "160k", "-bitexact", "-movflags", "+faststart"]
        mix = source("mix.wav", "wav")
        exact = f"{chain},atrim=end_sample={samples}"
        await ffmpeg.make([*mix, "-af", exact, *out], folder, target, seconds=seconds)
        if found.silent:
            return found
        heard = await loudness(ffmpeg, target, seconds)
        fits = abs(heard.integrated - LOUDNESS) <= OFF_BY and heard.peak <= HIGHEST_PEAK
        if fits or last == 1:
            return heard
        gain += LOUDNESS - heard.integrated
        ceiling -= max(0.0, heard.peak - HIGHEST_PEAK + 0.1)
    raise AssertionError("the last round returns")


async def loudness(ffmpeg: Ffmpeg, path: Path, seconds: float) -> Loudness:
    """How loud a file's sound is. Raises `Refused` for what has none."""
    kind = _kind(path)
    lent = path.name
    heard = await ffmpeg.ask(
        [*source(lent, kind), "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        path.parent,
        seconds=seconds,
        level="info",
    )
    return _measured(heard, seconds)


@dataclass(frozen=True)
class _Bed:
    """Music, and how loud it is where nobody speaks."""

    music: Path
    volume: float


async def _mixed(
    ffmpeg: Ffmpeg,
    folder: Path,
    voices: Sequence[tuple[Path | None, float]],
    bed: _Bed | None,
    samples: int,
    seconds: float,
) -> Loudness:
    inputs, graph = list[str](), ""
    for number, (voice, at) in enumerate(voices):
        inputs += _voice(voice, folder, samples, number)
        later = f"adelay=delays={round(at * RATE)}S:all=1," if at > 0 else ""
        heard = f"[{number}:a:0]{_STEREO},{later}apad,atrim=end_sample={samples}"
        graph += heard if len(voices) == 1 else f"{heard}[voice{number}];"
    if len(voices) > 1:
        together = "".join(f"[voice{number}]" for number in range(len(voices)))
        graph += f"{together}amix=inputs={len(voices)}:normalize=0:duration=first"
    if bed is not None:
        lend(bed.music, folder, "music")
        inputs += source("music", _kind(bed.music), "-stream_loop", "-1")
        under = _bed(len(voices), bed.volume, samples)
        graph += f",asplit[voice][key];{under}[voice][bed]amix=normalize=0:duration=first"
    graph += ",ebur128=peak=true:framelog=quiet[mix]"
    out = ["-map", "[mix]", "-c:a", "pcm_f32le", "-bitexact", "-y", "./mix.wav"]
    mixing = await ffmpeg.ask(
        [*inputs, "-filter_complex", graph, *out], folder, seconds=seconds, level="info"
    )
    return _measured(mixing, seconds)


def _voice(voice: Path | None, folder: Path, samples: int, number: int) -> list[str]:
    if voice is None:
        lasting = f"anullsrc=r={RATE}:cl=stereo:d={samples / RATE:.6f}"
        return ["-f", "lavfi", "-i", lasting]
    lend(voice, folder, f"voice{number}")
    return source(f"voice{number}", _kind(voice))


def _bed(number: int, volume: float, samples: int) -> str:
    """Music under a voice: quiet, quieter still while somebody speaks, and faded out."""
    ends = samples / RATE
    fade = min(_FADE, ends / 2)
    return (
        f"[{number}:a:0]{_STEREO},atrim=end_sample={samples},volume={volume:.3f},"
        f"afade=t=out:st={ends - fade:.3f}:d={fade:.3f}[music];"
        "[music][key]sidechaincompress=threshold=0.02:ratio=6:attack=15:release=350[bed];"
    )


def _chain(gain: float, ceiling: float) -> str:
    """Gain, then a limiter at four times the rate, where true peaks are samples."""
    limit = 10 ** (ceiling / 20)
    return (
        f"volume={gain:.3f}dB,aresample={4 * RATE},"
        f"alimiter=limit={limit:.5f}:attack=3:release=60:level=0,aresample={RATE}"
    )


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        return sniffed(file.read(ENOUGH)).demuxer


def _measured(heard: Finished, seconds: float) -> Loudness:
    judge(heard, seconds)
    said = heard.stderr.decode("utf-8", "replace")
    integrated, peak = _INTEGRATED.findall(said), _PEAK.findall(said)
    if not integrated or not peak:
        raise Refused("bad media: there is no sound to measure")
    return Loudness(float(integrated[-1]), float(peak[-1]))
