"""Gives the words of a recording their times, for engines that tell none."""

from collections.abc import Sequence

from nightdesk.kit.calculating import calculated
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.speech.contract import Timing
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.pieces import Piece
from nightdesk.providers.speech.timing import filled, shared
from nightdesk.providers.speech.warping import warped


class Aligner:
    """Finds words by warping espeak's own reading of them onto the recording."""

    def __init__(self, reader: EspeakReader) -> None:
        self._reader = reader

    async def piece(self, words: Sequence[str], pcm: bytes, rate: int, language: str) -> Piece:
        """The recording with its words' times: `aligned`, or `counted` where espeak cannot help."""
        seconds = len(pcm) / 2 / rate
        try:
            reading = await self._reader.read(words, language)
        except (Later, NeedsPerson, Refused):
            return Piece(pcm, rate, shared(words, 0.0, seconds), "counted")
        found = await calculated(warped, pcm, rate, reading.pcm, reading.rate, reading.spans)
        timing: Timing = "aligned" if found else "counted"
        return Piece(
            pcm, rate, filled(words, found, seconds) if found else shared(words, 0.0, seconds), timing
        )
