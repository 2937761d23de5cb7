"""Writes down what each picture or clip took, whatever came of it."""

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
    seconds: float | None = None
    """That the service took; None as long as nothing was asked of it."""


@contextmanager
def metered(meter: Meter, provider: str, model: str, kind: str = "image") -> Iterator[Receipt]:
    """Records one call of that kind when its end is known; a cancelled one too, for it may cost money.

    One that never began is not recorded. A call whose result proves to be bad has failed.
    """
    receipt = Receipt()
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
        if receipt.seconds is not None:
            meter.record(_call(receipt, receipt.seconds, provider, model, ok, kind))


@contextmanager
def timed(receipt: Receipt, clock: Clock) -> Iterator[None]:
    """The call itself: its seconds are the receipt's."""
    began = clock.monotonic()
    receipt.seconds = 0.0
    try:
        yield
    finally:
        receipt.seconds = clock.monotonic() - began


def _call(receipt: Receipt, seconds: float, provider: str, model: str, ok: bool, kind: str) -> Call:
    return Call(
        kind=kind,
        provider=provider,
        model=model,
        seconds=seconds,
        ok=ok,
        input_tokens=receipt.input_tokens,
        output_tokens=receipt.output_tokens,
        usd=receipt.usd,
        units=int(ok),
        note=receipt.note,
    )
