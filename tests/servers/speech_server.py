"""Answers as speech services do: a WAV file as OpenAI, sound with times of characters as ElevenLabs."""

import base64

import numpy as np

from nightdesk.kit.wav import packed
from servers.openai_server import Asked, Behaviour, OpenAIServer

RATE = 24_000
SECONDS_A_CHARACTER = 0.06


def babble(text: str) -> bytes:
    """16-bit samples that sound for each character and are still for each space."""
    length = round(SECONDS_A_CHARACTER * RATE)
    at = np.arange(length) / RATE
    notes = [np.sin(2 * np.pi * (200 + 7 * (ord(char) % 90)) * at) * (char != " ") for char in text]
    return (np.concatenate(notes) * 9000).astype("<i2").tobytes()


def openai_speech(_: OpenAIServer, asked: Asked) -> None:
    assert asked.path == "/v1/audio/speech"
    asked.reply(packed(babble(asked.body["input"]), RATE), content_type="audio/wav")


def says_sound(wav: bytes) -> Behaviour:
    """A service that says the same whatever it is given."""
    return lambda _, asked: asked.reply(wav, content_type="audio/wav")


def elevenlabs(_: OpenAIServer, asked: Asked) -> None:
    if asked.path.endswith("/voices"):
        asked.reply_json({"voices": [{"voice_id": "v1", "name": "Ada", "labels": {"accent": "British"}}]})
        return
    assert asked.path.endswith(f"/with-timestamps?output_format=pcm_{RATE}")
    asked.reply_json(timed(asked.body["text"]))


def timed(text: str, heard: str | None = None) -> dict[str, object]:
    """What ElevenLabs answers for a text; `heard` is what its alignment tells of where that differs."""
    told = text if heard is None else heard
    step = len(text) * SECONDS_A_CHARACTER / len(told)
    alignment = {
        "characters": list(told),
        "character_start_times_seconds": [number * step for number in range(len(told))],
        "character_end_times_seconds": [(number + 1) * step for number in range(len(told))],
    }
    return {"audio_base64": base64.b64encode(babble(text)).decode(), "alignment": alignment}
