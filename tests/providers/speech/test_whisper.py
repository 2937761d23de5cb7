"""faster-whisper tells when words are said; where it cannot, they are found as before, and why is told.

Its child runs with a stand-in of the package. `NIGHTDESK_WHISPER_PACKAGES` names a folder with the real one,
built for this Python.
"""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from nightdesk.kit.clock import SetClock
from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.wav import packed
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.aligning import Aligner
from nightdesk.providers.speech.contract import SpeechRequest
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.speech.pieces import Piece
from nightdesk.providers.speech.whisper import RESTS, Whisper, listening
from servers import whisper_tiny_model
from servers.openai_server import OpenAIServer
from servers.speech_server import says_sound
from servers.whisper_package import put_model, put_package

PACKAGES = os.environ.get("NIGHTDESK_WHISPER_PACKAGES", "")
TEXT = "Compost wants air."
HEARD = [(" Compost", 0.1, 0.6), (" once", 0.6, 0.8), (" air.", 0.9, 1.1)]
RATE = 22_050


@pytest.fixture
async def read() -> AsyncIterator[Piece]:
    """The text as espeak reads it."""
    reader = EspeakReader(children=1)
    yield await reader.read(TEXT.split(), "en-us")
    await reader.aclose()


def whisper(folder: Path, does: str = "", clock: SetClock | None = None, **told: object) -> Whisper:
    model = put_model(folder / "tiny", does, **{"words": HEARD, **told})  # type: ignore[arg-type]
    patience = 0.4 if does == "hangs" else 60.0
    return Whisper(model, clock, packages=put_package(folder / "packages"), patience=patience)


async def test_a_voice_that_tells_no_times_has_those_that_faster_whisper_heard(
    tmp_path: Path, read: Piece
) -> None:
    listener = whisper(tmp_path)
    async with OpenAIServer(behaviour=says_sound(packed(read.pcm, read.rate))) as server:
        provider = open_speech(Choice("openai", "", server.base_url), Surroundings(whisper=listener))
        spoken = await provider.speak(SpeechRequest(TEXT), ListMeter())
        await provider.aclose()
    assert (spoken.timing, spoken.note) == ("heard", "")
    assert [(word.text, word.start, word.end) for word in spoken.words] == [
        ("Compost", 0.1, pytest.approx(0.6)),
        ("wants", pytest.approx(0.6), pytest.approx(0.8)),
        ("air.", pytest.approx(0.9), pytest.approx(1.1)),
    ]


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("hangs", "did not answer within 0.4 s"),
        ("dies", "ended before it had listened (memory)"),
        ("fails", "could not listen to this: RuntimeError: cannot be multiplied"),
        ("is no model", "tiny is no CTranslate2 Whisper model that can be loaded"),
        ("tells no times", "times that are none"),
        ("hears nothing", "less than half of the script"),
    ],
)
async def test_words_are_found_as_before_where_it_cannot_help_and_why_is_told(
    does: str, why: str, tmp_path: Path, read: Piece
) -> None:
    reader = EspeakReader(children=1)
    aligner = Aligner(reader, whisper(tmp_path, does, words=[] if does == "hears nothing" else HEARD))
    piece = await aligner.piece(TEXT.split(), read.pcm, read.rate, "en")
    plain = await Aligner(reader).piece(TEXT.split(), read.pcm, read.rate, "en")
    await aligner.aclose()
    assert piece.timing == plain.timing == "aligned"
    assert piece.spans == plain.spans
    assert why in piece.note
    assert plain.note == ""


async def test_the_language_is_handed_on_by_the_name_that_whisper_has_for_it(tmp_path: Path) -> None:
    listener = whisper(tmp_path, "tells what it was told")
    assert [word.text for word in await listener.heard(bytes(400), RATE, "pt-BR")] == [" pt"]
    assert [word.text for word in await listener.heard(bytes(400), RATE, "nb_NO")] == [" no"]
    with pytest.raises(Refused, match="does not know the language 'tlh'"):
        await listener.heard(bytes(400), RATE, "tlh")
    assert await listener.heard(bytes(400), RATE, "en")
    await listener.aclose()


async def test_nothing_is_reached_over_the_network(tmp_path: Path) -> None:
    async with OpenAIServer() as server:
        listener = whisper(tmp_path, "reaches out", port=server.port)
        with pytest.raises(NeedsPerson, match="no address"):
            await listener.heard(bytes(400), RATE, "en")
        await listener.aclose()
        assert not server.asked


async def test_after_a_failure_that_would_come_again_it_is_left_alone_for_a_while(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 5, 1, tzinfo=UTC))
    listener = whisper(tmp_path, "is no model", clock)
    with pytest.raises(NeedsPerson, match="incomplete"):
        await listener.heard(bytes(400), RATE, "en")
    put_model(tmp_path / "tiny", words=HEARD)
    with pytest.raises(Later, match="incomplete"):
        await listener.heard(bytes(400), RATE, "en")
    clock.move(RESTS + 1)
    assert len(await listener.heard(bytes(400), RATE, "en")) == 3
    await listener.aclose()


async def test_a_voice_is_not_late_because_its_words_are_looked_for(tmp_path: Path) -> None:
    listener = whisper(tmp_path, "hangs")
    async with Deadline(0.2):
        with pytest.raises(Later, match="did not answer"):
            await listener.heard(bytes(400), RATE, "en")


def test_what_stands_in_its_way_is_told_without_running_it(tmp_path: Path) -> None:
    assert not listening(None).on
    assert not listening(None).fault
    lacking = listening(tmp_path)
    assert not lacking.on
    assert "lacks model.bin" in lacking.fault
    assert lacking.says.startswith(str(tmp_path))
    model = put_model(tmp_path / "tiny")
    assert listening(model, put_package(tmp_path)).on
    here = find_spec("faster_whisper") is not None
    assert (listening(model).on, "nightdesk[align]" in listening(model).says) == (here, not here)
    (model / "tokenizer.json").unlink()
    assert "lacks tokenizer.json" in listening(model, str(tmp_path)).says


@pytest.mark.skipif(not PACKAGES, reason="NIGHTDESK_WHISPER_PACKAGES names no faster-whisper")
async def test_the_real_package_loads_a_model_and_listens_behind_the_fence(
    tmp_path: Path, read: Piece
) -> None:
    model = tmp_path / "made"
    program = [sys.executable, whisper_tiny_model.__file__, PACKAGES, str(model)]
    subprocess.run(program, check=True, timeout=100, capture_output=True)
    listener = Whisper(model, packages=PACKAGES)
    heard = await listener.heard(read.pcm, read.rate, "en")
    # Its weights are chance, and so are its words; their times are of this sound.
    seconds = len(read.pcm) / 2 / read.rate
    assert heard
    assert all(0 <= word.start <= word.end <= seconds + 1 for word in heard)
    assert await listener.heard(read.pcm, read.rate, "en") == heard
    with pytest.raises(Refused, match="does not know"):
        await listener.heard(read.pcm, read.rate, "tlh")
    await listener.aclose()
