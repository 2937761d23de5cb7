"""Intro, outro and music that a person gave a site are in its videos; captions and checks stay right."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lines.video.film_press import FilmPress
from media.made_up_certificate import certificate
from nightdesk.lines.video import sizes
from nightdesk.lines.video.given import CROSSES, seconds_of
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.probe import probe
from nightdesk.media.provenance.credentials import Notary, available, credentials_of
from nightdesk.media.sniffing import M4A, MP4
from nightdesk.store.tables.tenancy import Site

FFMPEG = Ffmpeg()
SCRIPT = "Worms eat leaves.\n\nFeed them little.\n\nCover it all."
FRAMES = 45


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sizes.SIZES, "9:16", (270, 480))  # type: ignore[arg-type]


def made(target: Path, *arguments: str) -> bytes:
    subprocess.run([FFMPEG.program, "-v", "error", "-y", *arguments, str(target)], check=True)
    return target.read_bytes()


def heard(video: Path, begins: float, ends: float) -> np.ndarray:
    """Samples of 8 kHz between two seconds."""
    raw = ["-map", "0:a:0", "-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    out = subprocess.run([FFMPEG.program, "-v", "error", "-i", str(video), *raw], capture_output=True).stdout
    return np.frombuffer(out, "<i2").astype(np.float64)[round(begins * 8000) : round(ends * 8000)]


def share_of(tone: float, samples: np.ndarray) -> float:
    """How much of the sound lies within 20 Hz of a tone."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    at = np.fft.rfftfreq(len(samples), 1 / 8000)
    return float(power[np.abs(at - tone) < 20].sum() / power.sum())


def frame(video: Path, at: float) -> np.ndarray:
    raw = ["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    asked = [FFMPEG.program, "-v", "error", "-ss", str(at), "-i", str(video), *raw]
    return np.frombuffer(subprocess.run(asked, capture_output=True).stdout, np.uint8).reshape(480, 270, 3)


@pytest.mark.prove
async def test_intro_outro_and_music_are_in_the_video_and_nothing_complains_of_them(
    films: FilmPress, tmp_path: Path
) -> None:
    lasting = f"{FRAMES / 30}"
    red = made(
        tmp_path / "intro.mp4",
        *("-f", "lavfi", "-i", f"color=red:s=320x180:r=30:d={lasting}"),
        *("-f", "lavfi", "-i", f"sine=f=3000:r=48000:d={lasting}"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    )
    blue = made(
        tmp_path / "outro.mp4",
        *("-f", "lavfi", "-i", f"color=blue:s=320x180:r=30:d={lasting}"),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    )
    bed = made(tmp_path / "bed.m4a", "-f", "lavfi", "-i", "sine=f=1000:r=48000:d=2", "-c:a", "aac")
    put = films.files.put
    intro, outro = await put(films.workspace, red, MP4.mime), await put(films.workspace, blue, MP4.mime)
    music = await put(films.workspace, bed, M4A.mime)
    files = {
        "intro": {"asset": intro.sha256, "frames": FRAMES, "sounds": True},
        "outro": {"asset": outro.sha256, "frames": FRAMES},
        "music": {"asset": music.sha256, "volume": 0.3, "source": "Night songs, CC BY 4.0"},
    }
    async with films.store.workspace(films.workspace) as session:
        site = await session.get_one(Site, (films.workspace, films.site.id))
        site.video_files = files
    if available():
        films.studio = replace(films.studio, notary=Notary(*certificate()))
    video = await films.video(SCRIPT)
    run = await films.walk()
    assert (run.status, run.error_message) == ("completed", None)
    done = await films.seen(video)
    file = tmp_path / "v.mp4"
    file.write_bytes(await films.files.get(films.workspace, done.file or ""))
    if available():
        said = credentials_of(file)
        assert said is not None
        assert (said.issuer, said.state) == ("A made-up desk", "Valid")
    assert done.marks["signed"] is available()
    before, after = seconds_of(done, "intro"), seconds_of(done, "outro")
    assert before == after == (FRAMES - CROSSES) / 30
    media = await probe(films.studio.ffmpeg, file)
    assert media.seconds == pytest.approx(done.seconds, abs=0.1)

    assert frame(file, 0.5)[240].mean(axis=0)[0] > 200
    assert frame(file, media.seconds - 0.5)[240].mean(axis=0)[2] > 200
    spread = frame(file, 0.5).std(axis=(0, 1))
    assert spread[0] < 40, "no watermark lies over the intro"
    assert share_of(3000, heard(file, 0.1, 1.0)) > 0.3
    assert share_of(1000, heard(file, media.seconds - 1.4, media.seconds - 0.5)) > 0.9

    first = (await films.files.get(films.workspace, done.srt or "")).decode().split(" --> ")[0]
    at = float(first.replace(",", ":").split(":")[-2]) + float(first[-3:]) / 1000
    assert before < at < before + 0.6
    checks = {one["name"]: one["status"] for one in done.checks["video"]["checks"]}
    assert {checks[name] for name in ("duration", "frozen", "silence", "black", "loudness")} == {"ok"}, checks
    assert "Night songs" in done.marks["why"]
    assert json.dumps(done.given).count("asset") == 3

    await films.change(done, status="narrated", music=False)
    again = await films.walk()
    changed = await films.seen(video)
    assert again.results["6"]["parts_rendered"] == 0
    assert "music" not in changed.given
    file.write_bytes(await films.files.get(films.workspace, changed.file or ""))
    assert np.abs(heard(file, media.seconds - 1.4, media.seconds - 0.5)).max() < 30
