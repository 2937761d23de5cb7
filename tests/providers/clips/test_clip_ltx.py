"""LTX films in a child of its own, which ends when it hangs, dies or is not wanted any more."""

import asyncio
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.clips import open_clips
from nightdesk.providers.clips.contract import ClipProvider, ClipRequest
from nightdesk.providers.clips.footage import looked_at
from servers.clips_openers import choice_of, ltx_choice, surroundings
from servers.clips_server import still

REQUEST = ClipRequest(still(), "a compost bin", 0.5, 180, 320, seed=3)


def opened(folder: Path, does: str | None = None, timeout: float = 30, **options: object) -> ClipProvider:
    choice = ltx_choice(choice_of("ltx", options=options), folder, does, timeout=timeout)
    return open_clips(choice, surroundings(folder))


def children_of(folder: Path) -> list[int]:
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in line.read_bytes():
                found.append(int(line.parent.name))
        except OSError:
            continue
    return found


async def test_a_film_has_the_size_frames_and_rate_asked_for(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    clip = await provider.make(replace(REQUEST, last=still(20, 20)), ListMeter())
    await provider.aclose()
    assert clip.footage is not None
    media = await looked_at(clip.footage, Ffmpeg())
    assert media.pictures is not None
    assert (media.pictures.width, media.pictures.height, media.pictures.frames) == (192, 320, 17)
    assert media.pictures.rate == 24
    assert "bt709" in media.pictures.colours
    assert (clip.note, clip.maker, clip.synthetic) == ("Made by a model: tiny", "ltx:tiny", True)


async def test_the_model_stays_loaded_between_clips_until_it_is_let_go(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    await provider.make(REQUEST, ListMeter())
    loaded = set(children_of(tmp_path))
    await provider.make(replace(REQUEST, seed=4), ListMeter())
    assert loaded
    assert set(children_of(tmp_path)) == loaded
    await provider.free()
    assert not children_of(tmp_path)
    assert (await provider.make(REQUEST, ListMeter())).footage is not None
    await provider.aclose()


@pytest.mark.parametrize(
    ("does", "ending", "says"),
    [
        ("die", Later, "ended before it had filmed"),
        ("run out of memory", Later, "out of memory"),
        ("fail", Refused, "too long"),
        ("stop early", Later, "frames of"),
        ("not load", NeedsPerson, "no transformer"),
        ("call home", Refused, "no address"),
        ("write", Refused, "closed"),
    ],
)
async def test_how_a_film_fails_decides_the_ending_and_costs_nothing(
    does: str, ending: type[Ending], says: str, tmp_path: Path
) -> None:
    provider, meter = opened(tmp_path, does), ListMeter()
    with pytest.raises(ending, match=says) as ended:
        await provider.make(REQUEST, meter)
    await provider.aclose()
    assert [(call.ok, call.units, call.note) for call in meter.calls] == [(False, 0, ended.value.why)]
    assert not children_of(tmp_path)


async def test_a_film_that_takes_too_long_is_ended_with_its_child(tmp_path: Path) -> None:
    provider = opened(tmp_path, "hang", timeout=1.5)
    with pytest.raises(Later, match=r"did not film within 1\.5 s"):
        await provider.make(REQUEST, ListMeter())
    assert not children_of(tmp_path)
    await provider.aclose()


async def test_a_film_that_is_cancelled_is_ended_with_its_child(tmp_path: Path) -> None:
    provider = opened(tmp_path, "hang")
    task = asyncio.create_task(provider.make(REQUEST, ListMeter()))
    while not children_of(tmp_path):
        await asyncio.sleep(0.02)
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()
    assert not children_of(tmp_path)
    await provider.aclose()


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed here")
async def test_packages_that_are_missing_are_named(tmp_path: Path) -> None:
    provider = opened(tmp_path)
    for file in (tmp_path / "packages").rglob("*.py"):
        file.unlink()
    with pytest.raises(NeedsPerson, match="torch, diffusers"):
        await provider.make(REQUEST, ListMeter())
    await provider.aclose()


async def test_a_picture_that_is_none_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    provider = opened(tmp_path, "die")
    with pytest.raises(Refused, match="bad media"):
        await provider.make(replace(REQUEST, picture=b"<html>"), ListMeter())
    await provider.aclose()


async def test_a_film_by_words_alone_gets_no_picture(tmp_path: Path) -> None:
    with_picture, by_words = opened(tmp_path), opened(tmp_path, pictures=False)
    first = await with_picture.make(REQUEST, ListMeter())
    second = await by_words.make(REQUEST, ListMeter())
    assert first.footage != second.footage
    await asyncio.gather(with_picture.aclose(), by_words.aclose())
