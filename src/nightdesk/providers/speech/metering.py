"""Writes down each call for speech when its end is known, a failed or a cancelled one too."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import Call, Meter


@dataclass
class Receipt:
    """What is known of a call that came back; `characters` are those that were read."""

    characters: int = 0
    usd: Decimal | None = None


@contextmanager
def metered(
    meter: Meter, clock: Clock, provider: str, model: str, usd: Decimal | None = Decimal(0)
) -> Iterator[Receipt]:
    """Records one call of kind `speech`; `usd` is its price where the receipt is not given another.

    One that fails counts no characters and has no price: what it cost, if anything, is not known.
    """
    receipt = Receipt(usd=usd)
    began = clock.monotonic()
    note: str | None = "cancelled"
    try:
        yield receipt
        note = None
    except Ending as ending:
        note = ending.why
        raise
    except asyncio.CancelledError:
        raise
    finally:
        meter.record(
            Call(
                kind="speech",
                provider=provider,
                model=model,
                seconds=clock.monotonic() - began,
                ok=note is None,
                usd=receipt.usd if note is None else None,
                units=receipt.characters if note is None else 0,
                note=note or "",
            )
        )
