"""Edge's voices: what the service says is understood, and what it gets wrong is told apart."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime
from importlib.util import find_spec

import pytest
from websockets.server import ServerProtocol

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest, Spoken
from nightdesk.providers.speech.edge_entry import entry
from nightdesk.providers.speech.edge_messages import spans_of
from nightdesk.providers.speech.opening import Surroundings
from servers.edge_server import Answer, answering, behaves, mp3, sound
from servers.openai_server import Asked, Behaviour, OpenAIServer

TEXT = "Turn the heap <twice> & water it."
END = b"Path:turn.end\r\n\r\n{}"


async def said(
    behaviour: Behaviour, *, voice: str = "", timeout: float = 5, guarded: bool | None = None
) -> Spoken:
    """`guarded`: by a guard that trusts the server (False), by one that does not (True), by none."""
    async with OpenAIServer(behaviour=behaviour) as server:
        allow = [] if guarded else [("127.0.0.1", server.port)]
        around = Surroundings(guard=None if guarded is None else Guard(allow=allow))
        provider = open_speech(Choice("edge", base_url=server.base_url, timeout=timeout), around)
        try:
            return await provider.speak(SpeechRequest(TEXT, voice=voice), ListMeter())
        finally:
            await provider.aclose()


async def test_words_are_timed_by_the_service_and_signs_of_markup_are_read_as_text() -> None:
    spoken = await said(answering(behaves))
    assert spoken.timing == "engine"
    assert [word.text for word in spoken.words] == TEXT.split()
    assert [word.start for word in spoken.words[:3]] == pytest.approx([0.0, 5 * 0.06, 9 * 0.06])
    assert spoken.seconds == pytest.approx(len(TEXT) * 0.06, abs=0.15)


async def test_sound_without_times_is_aligned() -> None:
    def timeless(protocol: ServerProtocol, text: str) -> None:
        sound(protocol, mp3(text))
        protocol.send_text(END)

    assert (await said(answering(timeless))).timing in ("aligned", "counted")


def _closed(code: int, reason: str) -> Answer:
    return lambda protocol, _: protocol.send_close(code, reason)


def _text(message: bytes) -> Answer:
    return lambda protocol, _: protocol.send_text(message)


def _bytes(message: bytes) -> Answer:
    return lambda protocol, _: protocol.send_binary(message)


def _noise(protocol: ServerProtocol, _: str) -> None:
    sound(protocol, b"no mp3" * 500)
    protocol.send_text(END)


FAULTS: dict[str, tuple[Answer, type[Ending], str]] = {
    "a voice that is unknown": (_closed(1007, "Unsupported voice x."), Refused, "Unsupported voice x"),
    "closed by the policy": (_closed(1008, "no"), Refused, "refused the voice or the text"),
    "closed for its own trouble": (_closed(1011, "oh"), Later, "broke off"),
    "closed at once": (_closed(1000, ""), Later, "cut short"),
    "ended without sound": (_text(END), Refused, "there is no sound"),
    "sound that is none": (_noise, Refused, "without sound that can be read"),
    "a message that is unknown": (_text(b"Path:weather\r\n\r\n"), Refused, "called 'weather'"),
    "times that are none": (_text(b"Path:audio.metadata\r\n\r\n{}"), Refused, "times of words that are none"),
    "a head longer than its message": (_bytes(b"\xff\xffPath"), Refused, "shorter than it says"),
    "a message of two megabytes": (_bytes(bytes(2_000_000)), Refused, "too large"),
    "silence": (lambda *_: None, Later, "did not answer within"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_within_the_conversation_has_one_outcome(fault: str) -> None:
    answer, ending, says = FAULTS[fault]
    with pytest.raises(ending, match=says):
        await asyncio.wait_for(said(answering(answer), timeout=0.4 if fault == "silence" else 5), 6)


async def test_a_token_that_is_refused_sends_the_person_to_the_package() -> None:
    def forbids(_: OpenAIServer, asked: Asked) -> None:
        asked.reply(b"", 403, date=format_datetime(datetime.now(UTC), usegmt=True))

    with pytest.raises(NeedsPerson, match="unofficial"):
        await said(forbids)


async def test_a_clock_that_is_wrong_is_set_by_the_services_own() -> None:
    def forbids(_: OpenAIServer, asked: Asked) -> None:
        asked.reply(b"", 403, date="Sat, 01 Jan 2050 00:00:00 GMT")

    with pytest.raises(Later, match="clock is"):
        await said(forbids)


async def test_a_redirect_is_not_followed() -> None:
    def elsewhere(_: OpenAIServer, asked: Asked) -> None:
        asked.reply(b"", 302, location="ws://127.0.0.1:9/")

    with pytest.raises(NeedsPerson, match="does not know"):
        await said(elsewhere)


async def test_an_address_within_is_asked_only_where_it_is_trusted() -> None:
    with pytest.raises(NeedsPerson, match="was not asked"):
        await said(answering(behaves), guarded=True)
    assert (await said(answering(behaves), guarded=False)).words


async def test_what_cannot_be_a_voice_is_refused_before_anyone_is_asked() -> None:
    with pytest.raises(Refused, match="cannot be the name"):
        await said(answering(behaves), voice="x'/><break/>")


def test_parts_of_a_word_and_words_read_otherwise_keep_their_order() -> None:
    heard = [("well", (0.0, 0.2)), ("known", (0.2, 0.5)), ("fifty", (0.5, 0.8)), ("bins", (0.9, 1.0))]
    assert spans_of(["Well-known", "50", "bins"], heard) == [(0.0, 0.5), None, (0.9, 1.0)]


def test_without_the_package_a_person_is_told_which_and_with_it_a_token_is_made() -> None:
    if find_spec("edge_tts") is None:
        with pytest.raises(NeedsPerson, match="nightdesk\\[edge\\]"):
            entry(datetime.now(UTC))
    else:
        door = entry(datetime(2026, 1, 1, tzinfo=UTC))
        assert door.address.startswith("wss://")
        assert "Sec-MS-GEC=" in door.address
