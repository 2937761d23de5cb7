"""Whether a browser says that one of our own pages asks."""

from collections.abc import Mapping

SAFE = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing, and may be asked from anywhere."""


def same_origin(headers: Mapping[str, str]) -> bool:
    """By `Sec-Fetch-Site` (W3C Fetch Metadata), which is sent over TLS and to loopback, else by `Origin`.

    `headers`: with names in lower case. A request that says neither is not believed.
    """
    fetched = headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched == "same-origin"
    return named_origin(headers)


def named_origin(headers: Mapping[str, str]) -> bool:
    """Whether `Origin` names the very host that is asked."""
    scheme, _, host = headers.get("origin", "").partition("://")
    return scheme in ("http", "https") and bool(host) and host.lower() == headers.get("host", "").lower()
