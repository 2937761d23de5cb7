"""Writes down what each picture took, whatever came of it."""

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
    """What is learnt about a call while it is under way."""

    usd: Decimal | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    note: str = ""


@contextmanager
def metered(meter: Meter, clock: Clock, provider: str, model: str) -> Iterator[Receipt]:
    """Records one call of kind `image` when its end is known; a cancelled one too, for it may cost money."""
    receipt = Receipt()
    started = clock.monotonic()
    ok = False
    try:
        yield receipt
        ok = True
    except Ending as ending:
        receipt.note = ending.why
        raise
    except asyncio.CancelledError:
        receipt.note = "cancelled"
        raise
    finally:
        meter.record(
            Call(
                kind="image",
                provider=provider,
                model=model,
                seconds=clock.monotonic() - started,
                ok=ok,
                input_tokens=receipt.input_tokens,
                output_tokens=receipt.output_tokens,
                usd=receipt.usd,
                units=int(ok),
                note=receipt.note,
            )
        )
