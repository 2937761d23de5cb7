"""Two people in a dialogue sound like two, whether somebody chose their voices or not."""

from collections.abc import Sequence

import pytest

from lines.video.film_press import FilmPress
from nightdesk.kit.endings import NeedsPerson
from nightdesk.lines.video import narration, scripts
from nightdesk.lines.video.second_voice import second_voice
from nightdesk.providers.speech.contract import Speech, Voice

DIALOGUE = "A: Why is it warm?\n\nB: Bacteria make it so.\n\nA: And then?\n\nB: It cools."


class Listed(Speech):
    """A provider of these voices, or one that cannot tell which it has."""

    def __init__(self, names: Sequence[str], label: str = "house") -> None:
        self.names, self.label = names, label

    async def voices(self, language: str) -> tuple[Voice, ...]:
        if not self.names:
            raise NeedsPerson("the key may not list them")
        return tuple(Voice(name, language) for name in self.names)


@pytest.mark.parametrize(
    ("chosen", "voices"),
    [
        ({}, ["espeak:en", "espeak:en+f2"]),
        ({"voice": "en+f2"}, ["espeak:en+f2", "espeak:en"]),
        ({"voice": "en+m3", "second_voice": "en+m7"}, ["espeak:en+m3", "espeak:en+m7"]),
    ],
)
async def test_a_dialogue_has_two_voices(films: FilmPress, chosen: dict[str, str], voices: list[str]) -> None:
    video = await films.video(DIALOGUE, kind="dialogue", **chosen)
    await films.walk(scripts.Scripts, narration.Narration)
    heard = await films.scenes(video)
    assert [one.speaker for one in heard] == [0, 1, 0, 1]
    assert [one.voice for one in heard] == voices * 2


async def test_the_voice_that_the_provider_was_chosen_with_counts_as_the_first() -> None:
    assert await second_voice(Listed("abc", "piper:a"), "en", "") == ("b", "")
    assert await second_voice(Listed("abc", "piper:b"), "en", "") == ("a", "")
    assert await second_voice(Listed("abc"), "en", "") == ("b", "")


async def test_one_voice_alone_reads_both_and_says_so() -> None:
    voice, why = await second_voice(Listed("a"), "en", "a")
    assert (voice, why) == ("a", "Both speakers have one voice: house has no other for en.")
    voice, why = await second_voice(Listed(()), "en", "")
    assert voice == ""
    assert "the key may not list them" in why
