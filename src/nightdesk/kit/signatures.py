"""Signs what programs send each other, and judges what was signed: HMAC-SHA256 over `timestamp.body`."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

WINDOW = 300
"""Seconds by which a timestamp may differ from our clock, either way."""

MOST = 4
"""Signatures in one header: while a secret changes, two are usual."""

KINDS = ("application/json", "application/json; charset=utf-8")
"""What a signed body may be called; in any other charset the same bytes would say something else."""

_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v1=([0-9a-f]{64})")
_NOBODYS = "0" * 32


@dataclass(frozen=True)
class Given:
    """What came: every value of each header, and the body as it was sent."""

    timestamps: Sequence[str]
    signatures: Sequence[str]
    kinds: Sequence[str]
    body: bytes


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """64 hexadecimal digits: HMAC (RFC 2104) with SHA-256 over the timestamp, a point and the body."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def header(secrets: Sequence[str], timestamp: int, body: bytes) -> str:
    """The header's value, one signature for each secret: `v1=…,v1=…`."""
    return ",".join(f"v1={sign(secret, timestamp, body)}" for secret in secrets)


def digest(given: Given) -> str:
    """By which what was signed is known again, however it was signed."""
    return hashlib.sha256(f"{given.timestamps[0]}.".encode() + given.body).hexdigest()


def fault(given: Given, secrets: Sequence[str], now: float) -> str:
    """Why it is not to be believed, in a few words for the log; nothing where it is.

    `now` in seconds since 1970. A signature is made and compared in constant time in every case but those of
    headers that cannot be read, and without a secret too, so that an answer's time says nothing of a hook.
    """
    if len(given.timestamps) != 1 or not _TIMESTAMP.fullmatch(given.timestamps[0]):
        return "timestamp"
    if len(given.signatures) != 1:
        return "signature"
    shown = [_SIGNATURE.fullmatch(one) for one in given.signatures[0].split(",")]
    if len(shown) > MOST or not all(shown):
        return "signature"
    if len(given.kinds) != 1 or given.kinds[0].lower() not in KINDS:
        return "charset"
    timestamp, known = int(given.timestamps[0]), False
    for secret in secrets or (_NOBODYS,):
        made = sign(secret, timestamp, given.body)
        for one in shown:
            known |= hmac.compare_digest(made, one[1] if one else "")
    if not secrets or not known:
        return "signature"
    if abs(now - timestamp) > WINDOW:
        return "time"
    return "" if _is_utf8(given.body) else "charset"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
