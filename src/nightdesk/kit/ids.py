"""Makes identifiers: sortable ids, and API keys that are shown once and kept only as a hash."""

import hashlib
import re
import secrets
import string
import uuid
from dataclasses import dataclass

from nightdesk.kit.clock import Clock

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
KEY_LENGTH = 40
"""Characters after `nd_`: 40 of base 62 are 238 bits, 190 of which the visible prefix does not show."""

PREFIX_LENGTH = 11
_API_KEY = re.compile(rf"nd_[0-9A-Za-z]{{{KEY_LENGTH}}}")


@dataclass(frozen=True)
class ApiKey:
    """A new key: `token` is for its owner alone, `prefix` may be shown, `hashed` is what is stored."""

    token: str
    prefix: str
    hashed: str


def sortable_id(clock: Clock) -> uuid.UUID:
    """A version 7 UUID: ids sort by when they were made, to the microsecond; 62 bits are random.

    The 12 bits after the milliseconds hold the fraction of one (RFC 9562, section 6.2, method 3).
    """
    microseconds = int(clock.now().timestamp() * 1_000_000)
    milliseconds, rest = divmod(microseconds, 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76
    value |= rest * 4096 // 1000 << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def new_api_key() -> ApiKey:
    """A new random key, `nd_` and 40 characters of base 62."""
    token = "nd_" + "".join(secrets.choice(BASE62) for _ in range(KEY_LENGTH))
    return ApiKey(token, token[:PREFIX_LENGTH], hash_token(token))


def is_api_key(text: str) -> bool:
    """Whether it has the form of a key of ours, so that anything else costs no look-up."""
    return _API_KEY.fullmatch(text) is not None


def hash_token(token: str) -> str:
    """SHA-256 in hexadecimal: enough for a random token, which cannot be guessed as a password can."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(characters: int = 32) -> str:
    """A random token of base 62 for sessions and one-time links; 32 characters are 190 bits."""
    return "".join(secrets.choice(BASE62) for _ in range(characters))
