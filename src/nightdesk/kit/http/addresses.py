"""Takes foreign addresses apart: those that are none come back as nothing, and raise nothing."""

from urllib.parse import SplitResult, urljoin, urlsplit


def apart(address: str) -> SplitResult | None:
    """Its parts; None where it is no address (a bracket without its other half, a port beyond all ports)."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def onward(from_: str, to: str) -> str | None:
    """Where an answer leads on to that was read at `from_`; None where that is no address."""
    try:
        found = urljoin(from_, to)
    except ValueError:
        return None
    return found if apart(found) is not None else None
