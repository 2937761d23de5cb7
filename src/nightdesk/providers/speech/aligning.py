"""Gives the words of a recording their times, for engines that tell none."""

from collections.abc import Sequence

from nightdesk.kit.calculating import calculated
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.speech.contract import Timing
from nightdesk.providers.speech.espeak_reader import EspeakReader
from nightdesk.providers.speech.hearing import times_heard
from nightdesk.providers.speech.pieces import Piece
from nightdesk.providers.speech.timing import Span, filled, shared
from nightdesk.providers.speech.warping import warped
from nightdesk.providers.speech.whisper import Whisper

_OTHERWISE = "Words were timed without faster-whisper:"


class Aligner:
    """Finds words by recognising them where there is a `whisper`, else by likeness with espeak's reading."""

    def __init__(self, reader: EspeakReader, whisper: Whisper | None = None) -> None:
        self._reader, self._whisper = reader, whisper

    async def piece(self, words: Sequence[str], pcm: bytes, rate: int, language: str) -> Piece:
        """The recording with its words' times: `heard`, `aligned`, or `counted` where espeak cannot help.

        Its note says why words were not `heard` where they should have been.
        """
        if self._whisper is None:
            return await self._warped(words, pcm, rate, language)
        try:
            spans = await self._heard(self._whisper, words, pcm, rate, language)
            why = "it heard less than half of the script in the sound."
        except (Later, NeedsPerson, Refused) as failed:
            spans, why = None, failed.why
        if spans is not None:
            return Piece(pcm, rate, filled(words, spans, len(pcm) / 2 / rate), "heard")
        return await self._warped(words, pcm, rate, language, f"{_OTHERWISE} {why}")

    async def aclose(self) -> None:
        """Ends the children that nobody asks just now."""
        await self._reader.aclose()
        if self._whisper is not None:
            await self._whisper.aclose()

    async def _heard(
        self, whisper: Whisper, words: Sequence[str], pcm: bytes, rate: int, language: str
    ) -> list[Span | None] | None:
        heard = await whisper.heard(pcm, rate, language)
        return await calculated(times_heard, words, heard, len(pcm) / 2 / rate)

    async def _warped(
        self, words: Sequence[str], pcm: bytes, rate: int, language: str, note: str = ""
    ) -> Piece:
        seconds = len(pcm) / 2 / rate
        try:
            reading = await self._reader.read(words, language)
        except (Later, NeedsPerson, Refused):
            return Piece(pcm, rate, shared(words, 0.0, seconds), "counted", note)
        found = await calculated(warped, pcm, rate, reading.pcm, reading.rate, reading.spans)
        timing: Timing = "aligned" if found else "counted"
        spans = filled(words, found, seconds) if found else shared(words, 0.0, seconds)
        return Piece(pcm, rate, spans, timing, note)
