"""Reads what a picture or clip service says went wrong, and which of our endings that is."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.retrying import retry_after

LONGEST_WAIT = 300.0
"""Seconds; a longer Retry-After is taken as this."""

_KEPT = 4000
_KEY = "give it a valid key (NIGHTDESK_{}S_API_KEY, or the settings page)"

_POLICY = (
    "moderation",
    "contentpolicy",
    "contentfilter",
    "nsfw",
    "safety",
    "inappropriate",
    "sensitivecontent",
)
_MONEY = (
    "quota",
    "billing",
    "insufficientcredit",
    "insufficientfunds",
    "insufficientbalance",
    "paymentrequired",
)
_KEYS = ("apikey", "unauthorized", "authentication", "tokenexpired", "forbidden", "permission")
_MODEL = ("modelnotfound", "invalidmodel", "unknownmodel")
_BUSY = ("ratelimit", "timeout", "overloaded", "internal", "servererror", "inferenceerror", "unavailable")
_PASSING = {408, 409, 425, 429}


def ending_for(
    who: str, status: int, headers: Mapping[str, str], body: bytes, now: datetime, kind: str = "image"
) -> Ending:
    """The ending that an answer other than 2xx, or one that carries an error, stands for.

    What the service calls the error goes before the status: a 429 may mean an empty account and a 400 a
    model that is gone.
    """
    code, message = complaint(body)
    said = f" ({message})" if message else ""
    named = "".join(char for char in code.lower() if char.isalnum())
    seconds = waited(headers, now)
    if any(word in named for word in _POLICY):
        return Refused(f"{who} refused the prompt by its content policy{said}", kept(body))
    if status == 402 or any(word in named for word in _MONEY):
        return NeedsPerson(f"the account with {who} has no money or quota left{said}: top it up")
    if status in (401, 403) or any(word in named for word in _KEYS):
        return NeedsPerson(f"{who} did not accept the key{said}: {_KEY.format(kind.upper())}")
    if status in (404, 405) or any(word in named for word in _MODEL):
        return NeedsPerson(
            f"{who} does not know this model or address{said}: correct the provider's settings"
        )
    if 300 <= status < 400:
        return NeedsPerson(f"{who} has moved (status {status}): correct its base URL in the settings")
    if status in _PASSING or status >= 500 or any(word in named for word in _BUSY):
        return Later(f"{who} cannot do it now (status {status}){said}", seconds)
    return Refused(f"{who} refused the request (status {status}){said}", kept(body))


def waited(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, 300 at most; a date is read by the server's own clock (`Date`)."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        theirs = now
    seconds = retry_after(headers.get("retry-after"), theirs if theirs.tzinfo else now)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def complaint(body: bytes) -> tuple[str, str]:
    """The code and the message in an error's body; empty where there are none."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if isinstance(found, dict):
        found = found.get("error") or found.get("errors") or found
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, str):
        return "", found[:300]
    if not isinstance(found, dict):
        return "", ""
    code = str(found.get("code") or found.get("type") or "")
    message = found.get("message") or found.get("detail") or ""
    return code[:80], str(message)[:300]


def kept(body: bytes) -> str:
    """The start of an answer, for the person who looks into it."""
    return body[:_KEPT].decode("utf-8", "replace")
