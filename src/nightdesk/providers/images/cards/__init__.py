"""Image provider `cards`: typographic cards drawn on this machine; needs no account."""

import asyncio
from pathlib import Path

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.images.opening import Fetch
from nightdesk.providers.limits import Gate
from nightdesk.providers.services.receipts import metered, timed

_SIDES = range(64, 4097)


class CardMaker:
    """Draws cards in threads, as many at once as the choice allows; a request always gives the same bytes."""

    label = "cards"
    credits = 1

    def __init__(self, clock: Clock, concurrency: int, fonts: Path | None = None) -> None:
        """`fonts`: a folder of further fonts. Raises ValueError where one of them is none."""
        from nightdesk.media.typesetting.typefaces import Shelf  # noqa: PLC0415
        from nightdesk.providers.images.cards.drawing import draw  # noqa: PLC0415 (Pillow, only when drawing)

        self._clock = clock
        self._slots = Gate(max(concurrency, 1))
        self._shelf = Shelf(fonts)
        self._draw = draw

    async def make(self, request: PictureRequest, meter: Meter) -> Picture:
        """A card for the request. Raises `Refused` for a side outside 64 to 4096 pixels.

        A headline in letters that no font has gives a card without words, and a note on the call.
        """
        with metered(meter, "cards", "") as receipt, timed(receipt, self._clock):
            if request.width not in _SIDES or request.height not in _SIDES:
                raise Refused(
                    f"a card of {request.width} x {request.height} pixels cannot be drawn: 64 to 4096 a side"
                )
            async with self._slots:
                card = await asyncio.to_thread(self._draw, request, self._shelf)
            reach("image.cards.drawn")
            receipt.note = card.layout
            if card.missing:
                letters = "".join(sorted(card.missing))[:20]
                receipt.note += f"; no font has {letters}: add one to the fonts folder"
            return card.picture


def open_cards(choice: Choice, _fetch: Fetch, clock: Clock) -> CardMaker:
    """Option `fonts`: a folder of further .ttf and .otf fonts, for scripts that the shipped ones lack."""
    folder = choice.options.get("fonts")
    try:
        return CardMaker(clock, choice.concurrency, Path(folder) if folder else None)
    except (OSError, ValueError) as why:
        raise NeedsPerson(f"the fonts folder cannot be used ({why}): correct it or leave it out") from why
