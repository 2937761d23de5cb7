"""Every fault of a speech service, at every call that goes to one, has one outcome (PROMISES, T6)."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Ending, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import Speech, SpeechRequest
from nightdesk.providers.speech.opening import Surroundings
from servers.openai_server import OpenAIServer
from servers.speech_faults import FAULTS, KINDS, TIMEOUT, failing
from servers.speech_server import timed


def opened(kind: str, base_url: str) -> Speech:
    choice = Choice(kind.split()[0], "", base_url, SecretStr("key-7f3a"), timeout=TIMEOUT)
    return open_speech(choice, Surroundings(clock=SystemClock()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_has_one_outcome_and_costs_nothing(kind: str, fault: str, tmp_path: Path) -> None:
    expected, meter = FAULTS[fault], ListMeter()
    async with failing(fault, kind, tmp_path) as (server, address):
        provider = opened(kind, address)
        call = provider.voices("en") if "voices" in kind else provider.speak(SpeechRequest("a bin"), meter)
        with pytest.raises(Ending) as ended:
            await asyncio.wait_for(call, 5)
        await provider.aclose()
    assert type(ended.value) is expected.ending
    assert expected.says in ended.value.why
    assert getattr(ended.value, "seconds", None) == expected.seconds
    assert "key-7f3a" not in ended.value.why
    assert len(server.asked) <= 1
    calls = [] if "voices" in kind else [(False, 0, None, ended.value.why)]
    assert [(call.ok, call.units, call.usd, call.note) for call in meter.calls] == calls


def test_the_table_of_faults_is_whole() -> None:
    print(f"\nspeech: {len(FAULTS)} faults x {len(KINDS)} call sites = {len(FAULTS) * len(KINDS)} cases")
    assert len(FAULTS) >= 16
    for fault in FAULTS.values():
        assert not fault.behaviours or set(fault.behaviours) in ({""}, set(KINDS))


@pytest.mark.parametrize(
    "answer",
    [
        {"audio_base64": "!", "alignment": timed("a bin")["alignment"]},
        {"audio_base64": "", "alignment": timed("a bin")["alignment"]},
        {**timed("a bin"), "alignment": None},
    ],
    ids=["not base64", "no sound", "no times"],
)
async def test_an_answer_without_sound_or_times_is_refused(answer: dict[str, object]) -> None:
    async with OpenAIServer(behaviour=lambda _, asked: asked.reply_json(answer)) as server:
        provider = opened("elevenlabs", server.base_url)
        with pytest.raises(Refused, match="bad media"):
            await provider.speak(SpeechRequest("a bin"), ListMeter())
        await provider.aclose()
