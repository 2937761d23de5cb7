"""The keyless voice: its words are where it says, texts command nothing, and no child outlives its call."""

import asyncio
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.wav import unpacked
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest, Spoken
from nightdesk.providers.speech.espeak_reader import LIMITS, EspeakReader, candidates
from nightdesk.providers.speech.opening import Surroundings


async def said(text: str, language: str = "en", **more: object) -> Spoken:
    provider = open_speech(Choice("espeak"), Surroundings())
    try:
        return await provider.speak(SpeechRequest(text, language, **more), ListMeter())  # type: ignore[arg-type]
    finally:
        await provider.aclose()


def loud(spoken: Spoken) -> np.ndarray:
    """For each 10 ms whether something is heard."""
    samples = np.frombuffer(unpacked(spoken.sound).pcm, "<i2").astype(float)
    window = spoken.rate // 100
    frames = samples[: len(samples) // window * window].reshape(-1, window)
    return np.sqrt((frames**2).mean(axis=1)) > 150


async def test_words_start_where_the_sound_starts_after_a_pause() -> None:
    spoken = await said("Stop. Compost: turn it, water it; keep it warm. In 1984, pumpkins cost $3.50.")
    heard = loud(spoken)
    after_pauses = [
        word.start
        for before, word in zip(spoken.words, spoken.words[1:], strict=False)
        if before.text[-1] in ".,:;" and word.start - before.end > 0.1
    ]
    assert len(after_pauses) >= 6
    onsets = (np.flatnonzero(heard[1:] & ~heard[:-1]) + 1) / 100
    drifts = [min(abs(onsets - start)) for start in after_pauses]
    print(f"\nespeak: largest drift of a word after a pause {max(drifts) * 1000:.0f} ms")
    assert max(drifts) <= 0.08


async def test_a_number_has_the_time_of_all_that_is_said_for_it() -> None:
    spoken = await said("It was 1,234,567 then.")
    _, was, number, then = spoken.words
    assert number.end - number.start > 6 * (was.end - was.start)
    assert then.start >= number.end


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<break time="9s"/> bins <audio src="/etc/passwd"/>', 5),
        ("[[h@l'oU]] bins", 2),
        ("\x01200S \x01+9A bins", 3),
        ("-f /etc/hostname; $(reboot) `id` bins", 5),
    ],
)
async def test_what_looks_like_a_command_is_read_aloud_as_it_stands(text: str, words: int) -> None:
    spoken = await said(text)
    plain = await said("bins")
    assert len(spoken.words) == words
    last = spoken.words[-1] if spoken.words[-1].text == "bins" else spoken.words[2]
    assert last.end - last.start == pytest.approx(plain.words[0].end - plain.words[0].start, rel=0.6)
    assert spoken.seconds < 12


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Kompost braucht 3,5 Liter Wasser."),
        ("fr-FR", "L'eau est à 20 degrés."),
        ("pt-BR", "A água não é fria."),
        ("es_MX", "El abono necesita aire."),
        ("zh-Hans", "堆肥 需要 空气。"),
        ("ja", "たいひ は いい です。"),
        ("ar", "السماد يحتاج إلى الهواء."),
        ("hi", "खाद को हवा चाहिए।"),
        ("en-GB", "Compost wants air."),
        ("no", "Kompost trenger luft."),
    ],
)
async def test_a_language_is_read_by_a_voice_of_its_own(language: str, text: str) -> None:
    spoken = await said(text, language)
    assert [word.text for word in spoken.words] == text.split()
    assert all(word.end > word.start for word in spoken.words)
    assert loud(spoken).any()


async def test_a_language_without_a_voice_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="no voice for 'tlh'"):
        await said("nuqneH", "tlh")


@pytest.mark.parametrize("voice", ["../../etc/passwd", "en/../de", "", "en us", "EN+f2;x", "\x00"])
def test_what_cannot_be_a_voices_name_never_reaches_the_library(voice: str) -> None:
    with pytest.raises(Refused, match="is no voice of espeak"):
        candidates(voice)


def test_a_language_is_looked_for_by_its_own_name_and_then_by_its_family() -> None:
    assert candidates("pt-BR") == ["pt-br", "pt"]
    assert candidates("en+f2") == ["en-us+f2", "en+f2"]
    assert candidates("zh_TW")[-2:] == ["cmn", "zh"]


async def test_a_text_longer_than_a_piece_is_read_whole() -> None:
    sentence = "Turn the heap twice a week, and keep it moist. "
    meter = ListMeter()
    provider = open_speech(Choice("espeak", options={"words_per_minute": 400}), Surroundings())
    spoken = await provider.speak(SpeechRequest(sentence * 60), meter)
    await provider.aclose()
    assert len(spoken.words) == 600
    assert [call.units for call in meter.calls] == [1973, 845]
    starts = [word.start for word in spoken.words]
    assert starts == sorted(starts)


async def test_a_text_sounds_the_same_whatever_was_read_before_it() -> None:
    reader = EspeakReader(children=1)
    first = await reader.read(["Turn", "the", "heap."], "en")
    await reader.read(["Wasser"], "de+f4", 300, 90)
    again = await reader.read(["Turn", "the", "heap."], "en")
    await reader.aclose()
    assert first == again


async def test_a_cancelled_reading_leaves_nobody_of_its_group_behind() -> None:
    reader = EspeakReader()
    task = asyncio.create_task(reader.read(["heap"] * 390, "en", 80))
    # The launcher, the child and the copy of it that reads.
    async with asyncio.timeout(5):
        while len(readers()) < 3:
            await asyncio.sleep(0.002)
    task.cancel()
    await asyncio.wait([task])
    async with asyncio.timeout(3):
        while readers():
            await asyncio.sleep(0.02)
    assert task.cancelled()


async def test_a_reading_that_takes_too_long_or_too_much_memory_ends_with_its_child() -> None:
    for limits in (replace(LIMITS, seconds=0.02), replace(LIMITS, memory=1 << 20)):
        reader = EspeakReader(limits=limits)
        with pytest.raises(Later, match="before it had read"):
            await reader.read(["heap"] * 390, "en", 80)
        await reader.aclose()
    assert not readers()


async def test_a_reading_that_is_larger_than_allowed_is_refused() -> None:
    reader = EspeakReader(limits=replace(LIMITS, output=10_000))
    with pytest.raises(Refused, match="shorten it"):
        await reader.read(["heap"], "en")
    await reader.aclose()


def readers() -> list[int]:
    """The processes that read aloud for this one, in the groups that its children lead."""
    ours = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            group = (path / "stat").read_text().rpartition(")")[2].split()[2]
            if group in ours and b"espeak_child" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
    return found
