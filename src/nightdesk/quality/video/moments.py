"""Puts stretches of a video into words."""

from collections.abc import Sequence

from nightdesk.quality.video.readings import Span

_MOST = 3


def told(spans: Sequence[Span]) -> str:
    """When, for a sentence: "from 1.0 to 2.5 s and from …"; no more than three of them."""
    parts = [f"from {start:.1f} to {end:.1f} s" for start, end in spans[:_MOST]]
    more = f" and {len(spans) - _MOST} times more" if len(spans) > _MOST else ""
    return " and ".join(parts) + more


def lasting(spans: Sequence[Span]) -> float:
    """Seconds of all of them."""
    return sum(end - start for start, end in spans)
