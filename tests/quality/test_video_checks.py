"""Each fault that is planted into a finished video is found and told; a good one passes."""

import asyncio
import json
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from nightdesk.kit.endings import Later, Refused
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.phrases import Phrase
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import style
from nightdesk.media.captions.words import Word
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.media.ffmpeg_ends import TookTooLong
from nightdesk.quality.video import Report, Wanted, captions, check_video, repetition
from nightdesk.quality.video.signatures import known

FFMPEG, LETTERING = Ffmpeg(), Lettering()
WANTED = Wanted(3, 64, 114)
MOVING = "testsrc2=size=64x114:rate=30:duration=3"
SPEECH = "0.485*sin(2*PI*300*t)*(0.55+0.45*sin(2*PI*3*t))"
"""A tone that swells like speech, at −14 LUFS."""


def video(path: Path, pictures: str = MOVING, sound: str | None = SPEECH, seconds: float = 3) -> Path:
    """A small video of a source of pictures (or a graph of them) and a formula of sound."""
    heard = ["-f", "lavfi", "-i", f"aevalsrc='{sound}':s=48000:d={seconds}"] if sound else []
    arguments = [
        *("-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", pictures, *heard),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(path)),
    ]
    subprocess.run([FFMPEG.program, *arguments], check=True, timeout=60)
    return path


def looked_at(path: Path, wanted: Wanted = WANTED) -> Report:
    return asyncio.run(check_video(path, wanted, FFMPEG, LETTERING, seconds=60))


def status(report: Report, name: str) -> str:
    return next(check.status for check in report.checks if check.name == name)


def message(report: Report, name: str) -> str:
    return next(check.message for check in report.checks if check.name == name)


@cache
def words(text: str, style_name: str = "clean") -> Sheet:
    said = tuple(Word(word, 0.3 * at, 0.3 * at + 0.28) for at, word in enumerate(text.split()))
    return laid_out(said, 3, Layout(1080, 1920, style(style_name)), LETTERING)


def test_a_good_video_passes_every_check(tmp_path: Path) -> None:
    found = looked_at(video(tmp_path / "good.mp4"), replace(WANTED, captions=[words("It is all well here")]))
    assert {check.name: check.status for check in found.checks} == dict.fromkeys(
        [
            *("decoding", "duration", "shape", "black", "frozen"),
            *("silence", "clipping", "loudness", "captions", "repetition"),
        ],
        "ok",
    )
    assert (found.status, found.failed, len(found.signature)) == ("ok", (), 3)
    kept = json.loads(json.dumps(found.as_json()))
    assert kept["signature"] == list(found.signature)
    assert kept["checks"][0]["message"]


def joined(*sources: str) -> str:
    """Sources of pictures one after another."""
    inputs = ";".join(f"{source}[p{at}]" for at, source in enumerate(sources))
    return f"{inputs};{''.join(f'[p{at}]' for at in range(len(sources)))}concat=n={len(sources)}"


BLACK = "color=black:size=64x114:rate=30:duration=1"
HELD = "testsrc2=size=64x114:rate=30:duration=0.04,loop=loop=90:size=1,setpts=N/30/TB,trim=duration={}"
PLANTED = [
    ("duration", MOVING.replace("duration=3", "duration=7"), SPEECH, 7, "4.0 s more|7.0 s where 3"),
    ("duration", MOVING, SPEECH, 2, "more picture"),
    ("shape", MOVING.replace("64x114", "114x64"), SPEECH, 3, "114 × 64"),
    ("black", joined("testsrc2=size=64x114:rate=30:duration=2", BLACK), SPEECH, 3, "from 2.0 to 3.0 s"),
    ("frozen", HELD.format(3), SPEECH, 3, "to 3.0 s"),
    ("silence", MOVING, f"if(lt(t,1),{SPEECH},0)", 3, "from 1.0 to 3.0 s"),
    ("silence", MOVING, None, 3, "no sound"),
    ("clipping", MOVING, f"clip(5*{SPEECH},-1,1)", 3, "cut off"),
    ("loudness", MOVING, f"0.1*{SPEECH}", 3, "softer"),
]


@pytest.mark.parametrize(("name", "pictures", "sound", "seconds", "told"), PLANTED)
def test_a_planted_fault_stops_the_video(
    tmp_path: Path, name: str, pictures: str, sound: str | None, seconds: float, told: str
) -> None:
    found = looked_at(video(tmp_path / "bad.mp4", pictures, sound, seconds))
    assert status(found, name) == "fail"
    assert any(part in message(found, name) for part in told.split("|"))
    assert found.status == "fail"


def test_small_faults_are_told_and_do_not_stop_it(tmp_path: Path) -> None:
    briefly = joined(BLACK.replace("duration=1", "duration=0.3"), MOVING)
    found = looked_at(video(tmp_path / "small.mp4", briefly, f"0.7*{SPEECH}", 3.3))
    assert status(found, "black") == status(found, "loudness") == found.status == "warn"
    assert "begins with black" in message(found, "black")


def test_a_peak_above_minus_one_decibel_is_told(tmp_path: Path) -> None:
    spiked = f"0.9*{SPEECH}+0.75*between(mod(t,1),0.49,0.52)*sin(2*PI*300*t)*exp(-4000*(mod(t,1)-0.505)^2)"
    found = looked_at(video(tmp_path / "peak.mp4", sound=spiked))
    assert (status(found, "clipping"), status(found, "loudness")) == ("ok", "warn")
    assert "peak" in message(found, "loudness")


def test_a_video_without_sound_is_well_where_none_was_wanted(tmp_path: Path) -> None:
    found = looked_at(video(tmp_path / "mute.mp4", sound=None), replace(WANTED, sound=False))
    assert found.status == "ok"


def test_a_slow_camera_over_a_still_picture_is_not_frozen(tmp_path: Path) -> None:
    """A picture of 10 % more than the frame, panned over by 5 % of its width in three seconds."""
    pan = (
        "testsrc2=size=720x1280:rate=30:duration=0.04,loop=loop=90:size=1,setpts=N/30/TB,trim=duration=3,"
        "crop=640:1138:'36*t/3':0,scale=64:114:flags=area"
    )
    assert status(looked_at(video(tmp_path / "pan.mp4", pan)), "frozen") == "ok"


def test_captions_that_change_do_not_hide_a_frozen_picture(tmp_path: Path) -> None:
    moving = "testsrc2=size=64x12:rate=30:duration=3"
    over = f"{HELD.format(3)}[still];{moving}[captions];[still][captions]overlay=0:70"
    assert status(looked_at(video(tmp_path / "held.mp4", over)), "frozen") == "fail"


@pytest.mark.parametrize("damage", ["cut", "noise"])
def test_a_damaged_file_gets_that_verdict_alone(tmp_path: Path, damage: str) -> None:
    path = video(tmp_path / "whole.mp4")
    content = bytearray(path.read_bytes())
    middle = content.index(b"mdat") + 3000
    content[middle : middle + 400] = bytes(400) if damage == "noise" else content[middle : middle + 400]
    path.write_bytes(content[: -len(content) // 3] if damage == "cut" else content)
    if damage == "cut":
        with pytest.raises(Refused, match="bad media"):
            looked_at(path)
        return
    found = looked_at(path)
    assert [(check.name, check.status) for check in found.checks] == [("decoding", "fail")]
    assert "render the video again" in message(found, "decoding")


async def test_a_look_that_is_broken_off_says_nothing_of_the_file(tmp_path: Path) -> None:
    long = video(tmp_path / "long.mp4", MOVING.replace("64x114", "640x1140"))
    with pytest.raises(TookTooLong):
        await check_video(long, WANTED, FFMPEG, LETTERING, seconds=0.05)
    with pytest.raises(Later):
        await check_video(long, WANTED, Ffmpeg(memory=200 << 20), LETTERING)


async def test_how_much_of_the_file_was_decoded_is_told_and_never_falls(tmp_path: Path) -> None:
    shares: list[float] = []
    file = video(tmp_path / "good.mp4", MOVING.replace("64x114", "640x1140"))
    await check_video(file, WANTED, FFMPEG, LETTERING, seconds=60, told=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1, abs=0.05)
    assert 0 <= shares[0] <= 1


async def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.mp4").write_text("<!doctype html><title>Not found</title>")
    with pytest.raises(Refused, match="web page"):
        await check_video(tmp_path / "page.mp4", WANTED, FFMPEG, LETTERING)


def test_footage_of_an_earlier_video_is_known_again_by_its_name(tmp_path: Path) -> None:
    scenes = "life=size=9x16:rate=1:seed=5:ratio=0.4,scale=64:114:flags=bicubic,fps=30,trim=duration=3"
    first = looked_at(video(tmp_path / "first.mp4", scenes)).signature
    other = looked_at(video(tmp_path / "other.mp4", sound=None)).signature
    darker = f"{scenes},eq=brightness=-0.08:contrast=0.9,crop=62:110,scale=64:114"
    found = looked_at(
        video(tmp_path / "again.mp4", darker), replace(WANTED, past={"Other": other, "First": first})
    )
    assert status(found, "repetition") == "fail"
    assert "“First”" in message(found, "repetition")
    assert repetition.check(found.signature, {"Other": other}).status == "ok"


def test_frames_that_show_nothing_are_never_known_again() -> None:
    assert not known((0, 0), (0, 5)).any()
    assert known((0b111,), (0b111 << 6 | 0b111,)).tolist() == [True]
    assert known((0b111,), (-1,)).tolist() == [False]


def test_a_caption_wider_than_its_area_is_found() -> None:
    sheet = words("It is all well here")
    long = tuple(replace(word, text=word.text * 9) for phrase in sheet.phrases for word in phrase.words)
    over = replace(sheet, phrases=(Phrase((long,), 0, 3),))
    found = captions_of(over)
    assert found[0] == "fail"
    assert "out of their area" in found[1]


def test_letters_that_no_font_has_are_named() -> None:
    found = captions_of(words("It says ᚠᚢᚦ here"))
    assert found[0] == "fail"
    assert "ᚠ" in found[1]


def test_captions_that_flit_by_are_told() -> None:
    sheet = words("Incomprehensibilities notwithstanding")
    hasty = tuple(replace(phrase, end=phrase.start + 0.2) for phrase in sheet.phrases)
    assert captions_of(replace(sheet, phrases=hasty))[0] == "warn"


def captions_of(sheet: Sheet) -> tuple[str, str]:
    found = captions.check([sheet], LETTERING)
    return found.status, found.message
