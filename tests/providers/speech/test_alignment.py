"""Where an engine tells no times, words are found in its sound, far nearer than by counting characters."""

import json

import numpy as np
import pytest
from pydantic import SecretStr

from nightdesk.kit.wav import packed
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest, Spoken
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.timing import shared
from nightdesk.providers.speech.warping import warped
from servers.openai_server import OpenAIServer
from servers.speech_server import elevenlabs, says_sound, timed

TEXT = (
    "Compost wants air, water and patience. In 1984, a gardener in Leeds kept 12 bins on one balcony; none "
    "of them smelled. What about worms? They help, but only once the heat has gone."
)


async def by_openai(sound: bytes, text: str, language: str = "en") -> Spoken:
    async with OpenAIServer(behaviour=says_sound(sound)) as server:
        provider = open_speech(Choice("openai", "", server.base_url), Surroundings())
        spoken = await provider.speak(SpeechRequest(text, language), ListMeter())
        await provider.aclose()
    return spoken


@pytest.mark.parametrize(
    ("voice", "words_per_minute", "pitch"),
    [("en-us+f3", 140, 70), ("en+m7", 200, 35), ("en-us+whisper", 165, 50)],
)
async def test_words_are_found_in_the_sound_of_another_voice(
    voice: str, words_per_minute: int, pitch: int
) -> None:
    words = TEXT.split()
    reader = EspeakReader(children=1)
    truth = await reader.read(words, voice, words_per_minute, pitch)
    await reader.aclose()
    spoken = await by_openai(packed(truth.pcm, truth.rate), TEXT)
    starts = np.array([start for start, _ in truth.spans])
    errors = np.abs(np.array([word.start for word in spoken.words]) - starts)
    counted = np.abs(np.array([start for start, _ in shared(words, 0.0, spoken.seconds)]) - starts)
    print(
        f"\n{voice}: words off by {np.median(errors) * 1000:.0f} ms (median), "
        f"{np.quantile(errors, 0.95) * 1000:.0f} ms (95 of 100); counted {np.median(counted) * 1000:.0f} ms"
    )
    assert spoken.timing == "aligned"
    assert np.median(errors) < 0.02
    assert np.quantile(errors, 0.95) < 0.08
    assert np.median(errors) < np.median(counted) / 5


async def test_sound_that_is_of_something_else_is_timed_by_counting_and_says_so() -> None:
    second = np.sin(np.arange(24_000)).astype(np.float32)
    spoken = await by_openai(packed((second * 9000).astype("<i2").tobytes() * 20, 24_000), "One two three")
    assert spoken.timing == "counted"
    assert [round(word.end) for word in spoken.words] == [5, 11, 20]


async def test_a_language_that_espeak_cannot_read_is_timed_by_counting_and_says_so() -> None:
    spoken = await by_openai(packed(b"\x01\x02" * 24_000, 24_000), "nuqneH jup", "tlh")
    assert spoken.timing == "counted"


def test_silence_and_a_single_frame_are_warped_without_harm() -> None:
    still = bytes(2 * 2205)
    assert warped(still, 22_050, still, 22_050, [(0.0, 0.1)]) is not None
    assert warped(b"", 22_050, still, 22_050, [(0.0, 0.1)]) is None
    assert warped(bytes(4), 22_050, bytes(4), 22_050, [(0.0, 0.0)]) is not None


async def test_times_of_characters_become_times_of_words_though_some_were_said_otherwise() -> None:
    heard = timed("I owe $5 now", "I owe five dollars now")
    async with OpenAIServer(behaviour=lambda _, asked: asked.reply(json.dumps(heard).encode())) as server:
        provider = open_speech(Choice("elevenlabs", "", server.base_url), Surroundings())
        spoken = await provider.speak(SpeechRequest("I owe $5 now"), ListMeter())
        await provider.aclose()
    i, owe, five, now = spoken.words
    step = 12 * 0.06 / 22
    assert (i.start, i.end) == (0.0, pytest.approx(step))
    assert (owe.start, now.start) == (pytest.approx(2 * step), pytest.approx(19 * step))
    assert owe.start < five.start <= five.end <= now.start


@pytest.mark.parametrize(
    ("model", "told"), [("eleven_multilingual_v2", None), ("eleven_flash_v2_5", "pt"), ("eleven_v3", "pt")]
)
async def test_only_models_that_want_it_are_told_the_language(model: str, told: str | None) -> None:
    async with OpenAIServer(behaviour=elevenlabs) as server:
        choice = Choice("elevenlabs", model, server.base_url, SecretStr("k"))
        provider = open_speech(choice, Surroundings())
        await provider.speak(SpeechRequest("A água", "pt-BR", voice="../v1/history?x="), ListMeter())
        await provider.aclose()
    assert server.asked[0].body.get("language_code") == told
    assert server.asked[0].path.startswith("/v1/v1/text-to-speech/..%2Fv1%2Fhistory%3Fx%3D/with-timestamps")
