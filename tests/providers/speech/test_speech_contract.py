"""What holds for every speech provider, those that speak here and those that call a service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from wave import open as open_wave

import pytest
from pydantic import SecretStr

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import PROVIDERS, open_speech
from nightdesk.providers.speech.contract import Speech, SpeechRequest
from nightdesk.providers.speech.opening import Surroundings
from servers.edge_server import edge
from servers.openai_server import Behaviour, OpenAIServer
from servers.speech_server import elevenlabs, openai_speech
from servers.speech_voices import kokoro_voice, piper_voice

REMOTE: dict[str, Behaviour] = {"openai": openai_speech, "elevenlabs": elevenlabs, "edge": edge}
KEYED = ("openai", "elevenlabs")
TEXT = "In 1984 – it cost $3.50! \n\n “Nginx’s” well-known 🙂 bins…"
WORDS = ["In", "1984", "–", "it", "cost", "$3.50!", "“Nginx’s”", "well-known", "🙂", "bins…"]
REQUEST = SpeechRequest(TEXT, lexicon={"Nginx": "engine X"})


@dataclass
class Bench:
    """A provider opened against a server that behaves; those that speak here need none."""

    kind: str
    provider: Speech
    server: OpenAIServer
    open: Callable[[int], Speech]


@pytest.fixture(params=PROVIDERS)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    kind = request.param
    around = Surroundings(voices=kokoro_voice(piper_voice(tmp_path)))
    async with OpenAIServer(behaviour=REMOTE.get(kind)) as server:
        choice = Choice(kind, "", server.base_url, SecretStr("key-7f3a"), timeout=20)
        provider = open_speech(choice, around)
        opened: list[Speech] = [provider]

        def open_another(concurrency: int) -> Speech:
            opened.append(open_speech(replace(choice, concurrency=concurrency), around))
            return opened[-1]

        yield Bench(kind, provider, server, open_another)
        for each in opened:
            await each.aclose()


async def test_each_written_word_has_its_time_in_order_within_the_sound(bench: Bench) -> None:
    spoken = await bench.provider.speak(REQUEST, ListMeter())
    assert [word.text for word in spoken.words] == WORDS
    reached = 0.0
    for word in spoken.words:
        assert reached <= word.start <= word.end <= spoken.seconds
        reached = word.end
    silent = {"–", "🙂"}
    assert all((word.end > word.start) != (word.text in silent) for word in spoken.words)
    assert spoken.timing == ("engine" if bench.kind in ("espeak", "elevenlabs", "edge") else "aligned")


async def test_one_text_is_one_call_on_the_meter_and_one_wav_file_of_16_bit_mono(bench: Bench) -> None:
    meter = ListMeter()
    spoken = await bench.provider.speak(SpeechRequest("Turn the heap."), meter)
    (call,) = meter.calls
    assert (call.kind, call.provider, call.ok, call.units) == ("speech", bench.kind, True, 14)
    assert call.seconds > 0
    assert (call.usd == 0) == (bench.kind not in KEYED)
    with open_wave(BytesIO(spoken.sound)) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, spoken.rate)
        assert wav.getnframes() / spoken.rate == pytest.approx(spoken.seconds)
        assert any(wav.readframes(wav.getnframes()))


async def test_a_text_without_words_is_refused_before_anyone_is_asked(bench: Bench) -> None:
    meter = ListMeter()
    for nothing in ("", " \n ", "🙂 👍🏽 ❤️", "… — !"):
        with pytest.raises(Refused, match="nothing_to_say"):
            await bench.provider.speak(SpeechRequest(nothing), meter)
    with pytest.raises(Refused, match="longer than 100,000"):
        await bench.provider.speak(SpeechRequest("word " * 30_000), meter)
    assert not meter.calls
    assert not bench.server.asked


async def test_a_faster_pace_takes_less_time_or_asks_the_service_for_it(bench: Bench) -> None:
    plain = await bench.provider.speak(SpeechRequest("Turn the heap twice a week."), ListMeter())
    fast = await bench.provider.speak(SpeechRequest("Turn the heap twice a week.", pace=1.15), ListMeter())
    if bench.kind in REMOTE:
        asked = bench.server.asked[-1].body
        assert asked.get("speed", asked.get("voice_settings", {}).get("speed")) == 1.15
    else:
        assert fast.seconds < 0.95 * plain.seconds


async def test_a_cancelled_call_ends_at_once_and_is_written_down(bench: Bench) -> None:
    bench.server.delay = 30
    meter = ListMeter()
    task = asyncio.create_task(bench.provider.speak(SpeechRequest("Turn the heap. " * 100), meter))
    await asyncio.sleep(0.05)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=2)
    assert done
    assert task.cancelled()
    assert [(call.ok, call.note, call.units) for call in meter.calls] == [(False, "cancelled", 0)]


@pytest.mark.parametrize("bench", REMOTE, indirect=True)
async def test_no_more_is_asked_at_once_than_the_choice_allows(bench: Bench) -> None:
    bench.server.delay = 0.03
    provider = bench.open(2)
    await asyncio.gather(*(provider.speak(SpeechRequest(f"Bin {n}."), ListMeter()) for n in range(5)))
    assert bench.server.busiest == 2


@pytest.mark.parametrize("bench", KEYED, indirect=True)
async def test_the_key_goes_to_the_service_and_nowhere_else(bench: Bench) -> None:
    meter = ListMeter()
    spoken = await bench.provider.speak(SpeechRequest("A bin."), meter)
    for asked in bench.server.asked:
        assert "key-7f3a" in asked.headers.get("authorization", asked.headers.get("xi-api-key", ""))
        assert "key-7f3a" not in asked.path
        assert b"key-7f3a" not in asked.raw
    assert "key-7f3a" not in repr((meter.calls, spoken.label, bench.provider.label))


async def test_a_provider_names_voices_that_it_then_speaks_with(bench: Bench) -> None:
    voice = (await bench.provider.voices("en"))[-1]
    spoken = await bench.provider.speak(SpeechRequest("A bin.", voice=voice.name), ListMeter())
    assert spoken.label.endswith(f":{voice.name}")
    assert 1 <= bench.provider.credits <= 4


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("openai", "NIGHTDESK_SPEECH_API_KEY"),
        ("elevenlabs", "NIGHTDESK_SPEECH_API_KEY"),
        ("piper", "nightdesk voices install piper"),
        ("kokoro", "nightdesk voices install kokoro"),
        ("crystal", "espeak, piper, kokoro, elevenlabs, openai, edge"),
    ],
)
def test_a_provider_that_lacks_something_says_what_to_do(kind: str, says: str) -> None:
    with pytest.raises(NeedsPerson, match=says):
        open_speech(Choice(kind), Surroundings())


def test_a_base_url_that_is_none_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="base URL"):
        open_speech(Choice("openai", base_url="localhost:8080"), Surroundings())
