"""Addresses that a feed gives: made whole against where it was found, and of the web or nothing."""

import re
from urllib.parse import urljoin, urlsplit

LONGEST = 2000
_LOST = re.compile("[\x00-\x20\x7f]+")
_WHOLE = re.compile("https?://", re.I)
_HOST = re.compile(r"[^\s/?#@\\<>\"^`{|}]+")


def web_address(given: str | None, base: str = "") -> str:
    """The address in full, `http` or `https`; empty where it is of another kind, too long or none at all."""
    if not given or len(given) > 2 * LONGEST:
        return ""
    # As browsers read it: ends and line ends are nothing, a space inside is written out.
    spelled = _LOST.sub("%20", re.sub("[\t\r\n]", "", given.strip(" \t\r\n\x00")))
    try:
        whole = spelled if not base or _WHOLE.match(spelled) else urljoin(base, spelled)
        parts = urlsplit(whole)
        host = parts.hostname or ""
        parts.port  # noqa: B018 (raises where it is no number)
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and len(whole) <= LONGEST
    return whole if good else ""
