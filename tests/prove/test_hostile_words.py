"""Words that mean something to a tool are shown and read as such, in captions, pictures, voices (T18)."""

import html
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from media.bad_words import LONG, SAID_BY_NOBODY, WORDS
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Refused
from nightdesk.kit.text import clean
from nightdesk.media.captions.beside import cues, srt, vtt
from nightdesk.media.captions.burned import Part, ass
from nightdesk.media.captions.lettering import Lettering
from nightdesk.media.captions.sheet import Layout, Sheet, laid_out
from nightdesk.media.captions.styles import style
from nightdesk.media.captions.words import Word, tidied
from nightdesk.media.thumbnails import Livery, ThumbnailRequest, draw, legible
from nightdesk.media.thumbnails.frames import Still
from nightdesk.media.thumbnails.layouts import LAYOUTS
from nightdesk.media.typesetting.typefaces import Shelf
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import open_images
from nightdesk.providers.images.contract import PictureRequest, SceneView
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest
from nightdesk.providers.speech.opening import Surroundings
from sources.feed_children import Watch

SAMPLE = ("marks of ASS", "an event of ASS", "an arrow of SubRip", "a filter's way out", "a broken line")
LETTERING, SHELF = Lettering(), Shelf()
SECONDS, MEMORY = 20.0, 512 << 20
_OURS = re.compile(r"\\fn[^\\{},]+\\fs[\d.]+\\b[01]\\c&H[0-9A-F]{6}&")
_TIMES = re.compile(r"\d\d:\d\d:\d\d[.,]\d{3} --> \d\d:\d\d:\d\d[.,]\d{3}")
GROUND = Still(1.0, np.full((96, 160, 3), 90, dtype=np.uint8))


def spoken_as(text: str) -> list[Word]:
    """Its words, a third of a second each."""
    return [Word(word, at / 3, at / 3 + 0.3) for at, word in enumerate(text.split())]


def bare(text: str) -> str:
    """Without spaces, and without the hyphens that long words are broken at."""
    return re.sub(r"[\s\-]", "", text)


def shown_by_ass(text: str) -> Iterator[str]:
    """What libass shows of an event, and a fault for each override that is not one of ours."""
    at = 0
    while at < len(text):
        two = text[at : at + 2]
        if two in ("\\{", "\\}"):
            yield two[1]
        elif two == "\\N":
            yield "\n"
        elif two == "\\\u2060":
            yield "\\"
        elif text[at] == "{":
            ends = text.index("}", at)
            if not _OURS.fullmatch(text[at + 1 : ends]):
                yield f"(an order: {text[at : ends + 1]})"
            at = ends - 1
        else:
            yield text[at] if text[at] != "\\" else "(a backslash)"
            at -= 1
        at += 2


def sheet_of(text: str) -> tuple[Sheet, str]:
    """Its captions, and what is to be seen of it."""
    words = spoken_as(text)
    made = laid_out(words, len(words) / 3 + 1, Layout(540, 960, style("plain")), LETTERING)
    return made, "".join(run.text for word in tidied(words) for run in LETTERING.runs(word.text))


def burned(text: str) -> str:
    """What is wrong with captions that are burned in."""
    made, seen = sheet_of(text)
    file, _ = ass([Part(made, 0.0)], len(text.split()) / 3 + 1, LETTERING)
    events = [line for line in file.splitlines() if line.startswith("Dialogue:")]
    if len(events) > len(made.phrases):
        return f"{len(events)} events for {len(made.phrases)} phrases"
    shown = "".join(part for event in events for part in shown_by_ass(event.split(",", 9)[9]))
    return "" if bare(shown) == bare(seen) else f"{shown[:200]!r}, not {seen[:200]!r}"


def beside(text: str) -> str:
    """What is wrong with captions in files of their own."""
    shown = cues([(0.0, sheet_of(text)[0])])
    blocks = [block.split("\n", 2) for block in srt(shown).rstrip("\n").split("\n\n") if block]
    numbered = [int(number) for number, _, _ in blocks] == [*range(1, len(shown) + 1)]
    same = [body for _, _, body in blocks] == [one.replace("-->", "→") for *_, one in shown]
    head, *marked = vtt(shown).rstrip("\n").split("\n\n")
    told = [block.split("\n", 1) for block in marked]
    again = [html.unescape(body) for _, body in told] == [one for *_, one in shown]
    safe = not any(sign in body for _, body in told for sign in ("<", ">"))
    timed = all(_TIMES.fullmatch(times) for _, times, _ in blocks) and all(
        _TIMES.fullmatch(t) for t, _ in told
    )
    checks = {
        "numbers": numbered,
        "srt": same,
        "vtt": again and head == "WEBVTT",
        "marks": safe,
        "times": timed,
    }
    return ", ".join(name for name, right in checks.items() if not right)


def thumbnails(text: str) -> str:
    """What is wrong with the pictures that stand for a video of that title."""
    text = clean(text)
    request = ThumbnailRequest(text, "9:16", "en", Livery(text[:80]))
    made = [draw(GROUND, request, variant, SHELF) for variant in LAYOUTS]
    return "" if all(legible(one) and len(one.content) < 1_500_000 for one in made) else "not legible"


async def cards(text: str) -> str:
    """What is wrong with the picture of a scene of that heading, as text is stored."""
    text = clean(text)
    provider = open_images(Choice("cards", ""), _nowhere, SystemClock())
    for view in (None, SceneView("hook"), SceneView("pair", sides=(text[:28], text[:28]))):
        made = await provider.make(PictureRequest(text, text, text, scene=view), ListMeter())
        if (made.width, made.height) != (1200, 675):
            return f"{made.width} x {made.height}"
    return ""


async def voices(text: str) -> str:
    """What is wrong with how it is read aloud; empty too where it is rightly refused."""
    provider = open_speech(Choice("espeak", ""), Surroundings())
    try:
        said = await provider.speak(SpeechRequest(text), ListMeter())
    except Refused as refused:
        return refused.why
    finally:
        await provider.aclose()
    return "" if len(said.words) == len(text.split()) else f"{len(said.words)} words"


async def _nowhere(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


async def wrong_with(name: str, text: str, told: list[tuple[float, int, str]]) -> list[str]:
    found = []
    ways: dict[str, Callable[[str], object]] = {
        way.__name__: way for way in (burned, beside, thumbnails, cards, voices)
    }
    for way, does in ways.items():
        Path("/proc/self/clear_refs").write_text("5")
        began = time.perf_counter()
        async with Watch() as watch:
            answer = does(text)
            answer = answer if isinstance(answer, str) else await answer  # type: ignore[misc]
        told.append((time.perf_counter() - began, watch.memory, f"{name}, {way}"))
        expected = "nothing_to_say" if way == "voices" and name in SAID_BY_NOBODY else ""
        if not str(answer).startswith(expected) or bool(answer) != bool(expected):
            found.append(f"{name}, {way}: {answer}")
    return found


@pytest.mark.parametrize("name", SAMPLE)
async def test_a_sample_of_hostile_words_is_shown_as_it_is(name: str) -> None:
    assert burned(WORDS[name]) == ""
    assert beside(WORDS[name]) == ""


def test_orders_in_captions_would_be_found() -> None:
    assert "an order" in "".join(shown_by_ass(r"{\p1}m 0 0 l 100 0{\p0}"))
    assert "a backslash" in "".join(shown_by_ass(r"a\hb"))


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_all_hostile_words_are_shown_and_read_as_they_are() -> None:
    told: list[tuple[float, int, str]] = []
    wrong = [one for name, text in WORDS.items() for one in await wrong_with(name, text, told)]
    for name, (text, answer) in LONG.items():
        began = time.perf_counter()
        async with Watch() as watch:
            said = await voices(text)
        print(f"{name}: {time.perf_counter() - began:.0f} s, {watch.memory >> 20} MB of its reader")
        wrong += [] if said.startswith(answer) and bool(said) == bool(answer) else [f"{name}: {said}"]
    slowest = max(told)
    print("\n" + "; ".join(f"{s:.1f} s {m >> 20} MB {n}" for s, m, n in sorted(told)[-8:]))
    print(f"{len(told)} cases of {len(WORDS)} hostile words, {len(wrong)} wrong; slowest {slowest}")
    assert wrong == []
    assert slowest[0] <= SECONDS
    assert max(memory for _, memory, _ in told) <= MEMORY
