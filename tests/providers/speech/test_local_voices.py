"""Voices on this machine: real networks, run in a child, and plain words where one is missing."""

from pathlib import Path

import numpy as np
import pytest

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.kit.wav import unpacked
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest, Spoken
from nightdesk.providers.speech.local import NetworkRunner
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.phonemes import ids_of
from servers.speech_voices import RATE, SAMPLES_A_PHONEME, kokoro_voice, piper_voice


async def said(folder: Path, kind: str, request: SpeechRequest, **options: float) -> Spoken:
    provider = open_speech(Choice(kind, options=options), Surroundings(voices=folder))
    try:
        return await provider.speak(request, ListMeter())
    finally:
        await provider.aclose()


async def test_a_piper_voice_is_given_each_phoneme_between_pads(tmp_path: Path) -> None:
    spoken = await said(piper_voice(tmp_path), "piper", SpeechRequest("Bin."))
    # ^ _ and then b ˈ ɪ n . each with a pad behind it, and $.
    assert spoken.seconds * RATE == pytest.approx((2 + 5 * 2 + 1) * SAMPLES_A_PHONEME)
    assert spoken.rate == RATE
    slow = await said(tmp_path, "piper", SpeechRequest("Bin.", pace=0.5))
    assert slow.seconds == pytest.approx(2 * spoken.seconds)


async def test_a_kokoro_voice_is_given_its_own_letters_between_noughts(tmp_path: Path) -> None:
    spoken = await said(kokoro_voice(tmp_path), "kokoro", SpeechRequest("Day.", voice="af_heart"))
    # d ˈ A . with one letter for the diphthong.
    assert spoken.seconds * 24_000 == pytest.approx((1 + 4 + 1) * SAMPLES_A_PHONEME)
    assert np.frombuffer(unpacked(spoken.sound).pcm, "<i2").any()


async def test_the_voice_of_the_language_is_taken(tmp_path: Path) -> None:
    piper_voice(tmp_path, "de_DE-anna-low")
    piper_voice(tmp_path, "en_US-handmade-low")
    kokoro_voice(tmp_path, "af_heart", "bf_emma", "pf_dora")
    assert (await said(tmp_path, "piper", SpeechRequest("Hallo.", "de"))).label == "piper:de_DE-anna-low"
    assert (await said(tmp_path, "kokoro", SpeechRequest("Olá.", "pt-BR"))).label == "kokoro:pf_dora"
    kokoro = open_speech(Choice("kokoro"), Surroundings(voices=tmp_path))
    assert [voice.name for voice in await kokoro.voices("en")] == ["af_heart", "bf_emma"]


@pytest.mark.parametrize("kind", ["piper", "kokoro"])
async def test_a_language_without_a_voice_here_needs_a_person(kind: str, tmp_path: Path) -> None:
    kokoro_voice(piper_voice(tmp_path))
    with pytest.raises(NeedsPerson, match="'fi'"):
        await said(tmp_path, kind, SpeechRequest("Hei.", "fi"))


async def test_a_voice_that_is_missing_or_damaged_says_how_to_put_it_in(tmp_path: Path) -> None:
    kokoro_voice(piper_voice(tmp_path))
    with pytest.raises(NeedsPerson, match="nightdesk voices install piper"):
        await said(tmp_path, "piper", SpeechRequest("Bin.", voice="en_US-other-low"))
    with pytest.raises(NeedsPerson, match="not among the kokoro voices"):
        await said(tmp_path, "kokoro", SpeechRequest("Bin.", voice="af_other"))
    for name in ("piper/en_US-handmade-low.onnx", "kokoro/kokoro.onnx", "kokoro/voices.bin"):
        (tmp_path / name).write_bytes(b"no network")
        with pytest.raises(NeedsPerson, match="nightdesk voices install"):
            await said(tmp_path, name.partition("/")[0], SpeechRequest("Bin."))
    (tmp_path / "piper/en_US-handmade-low.onnx.json").write_text("{")
    with pytest.raises(NeedsPerson, match="damaged"):
        await said(tmp_path, "piper", SpeechRequest("Bin."))
    (tmp_path / "piper/en_US-handmade-low.onnx.json").write_text('{"phoneme_type": "text"}')
    with pytest.raises(NeedsPerson, match="not of a Piper voice"):
        await said(tmp_path, "piper", SpeechRequest("Bin."))


@pytest.mark.parametrize("voice", ["../kokoro/kokoro", "/etc/passwd", "a/b"])
async def test_a_voices_name_leads_nowhere_else(voice: str, tmp_path: Path) -> None:
    kokoro_voice(piper_voice(tmp_path))
    with pytest.raises(Refused, match="cannot be the name"):
        await said(tmp_path, "piper", SpeechRequest("Bin.", voice=voice))


async def test_a_network_that_makes_no_number_of_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="made no sound"):
        await said(piper_voice(tmp_path), "piper", SpeechRequest("Bin."), length_scale=float("nan"))


async def test_a_network_given_too_little_is_told_as_one_that_cannot_be_run(tmp_path: Path) -> None:
    model = piper_voice(tmp_path) / "piper" / "en_US-handmade-low.onnx"
    runner = NetworkRunner()
    with pytest.raises(NeedsPerson, match="cannot be run"):
        await runner.sound(model, {"input": np.zeros((1, 3), np.int64)})
    await runner.aclose()


def test_a_phoneme_is_found_whole_else_by_its_letter_and_mark() -> None:
    assert ids_of("çn̩", {"ç": [5], "n": [1], "̩": [2]}) == [[5], [1], [2]]
    assert ids_of("ç?", {"c": 3, "̧": 4}) == [[3], [4]]
