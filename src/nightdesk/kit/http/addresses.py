"""Takes foreign addresses apart: those that are none come back as nothing, and raise nothing."""

import re
from urllib.parse import SplitResult, urljoin, urlsplit

_HOST = re.compile(r"[a-z0-9.-]+")


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


def same_house(ours: str, theirs: str, domain: str) -> bool:
    """Whether what is meant for the one may be sent to the other: at the same host and port, or, where ours
    is under `domain`, at another host under it; never with another scheme, and never with a log-in in it."""
    one, other = apart(ours), apart(theirs)
    if one is None or other is None or "@" in other.netloc or one.scheme != other.scheme:
        return False
    host, under = other.hostname or "", f".{domain}"
    if (host, other.port) == (one.hostname, one.port):
        return True
    both = (one.hostname or "").endswith(under) and host.endswith(under)
    return both and other.port in (None, 443) and _HOST.fullmatch(host) is not None
