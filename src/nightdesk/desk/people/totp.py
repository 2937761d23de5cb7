"""The codes of a second factor: six digits of an app by the time, and longer ones on paper for its loss."""

import base64
import re
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30
"""Seconds that a code is shown for (RFC 6238, 5.2)."""

DIGITS = 6
WINDOW = (0, -1, 1)
"""Steps beside the present one in which a code is taken, for clocks that differ (RFC 6238, 5.2)."""

SECRET_BYTES = 20
"""RFC 4226, 4, R6."""

RECOVERY_CODES = 10
RECOVERY_LENGTH = 24
"""Characters of base 32: 120 bits, so that a hash of it cannot be guessed (ASVS 2.6.2 asks for 112)."""

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, without letters that look like digits."""

_MISREAD = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-‐‑–]+")
_OF_APP = re.compile(rf"[0-9]{{{DIGITS}}}")
_RECOVERY = re.compile(rf"[{_LETTERS}]{{{RECOVERY_LENGTH}}}")


def new_secret() -> str:
    """What app and desk share, in base 32 as an app takes it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def address_for(secret: str, account: str) -> str:
    """The `otpauth:` address in the picture that an app reads."""
    return _codes(secret).get_provisioning_uri(account, "Nightdesk")


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose code it is, the present one or one beside it; else None."""
    if not is_app_code(code):
        return None
    codes, now = _codes(secret), int(at.timestamp()) // STEP
    for step in (now + beside for beside in WINDOW):
        try:
            codes.verify(code.encode(), step * STEP)
        except InvalidToken:
            continue
        return step
    return None


def new_recovery_codes() -> list[str]:
    """Codes as they are shown, in groups of four."""
    bare = ("".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in bare]


def typed(code: str) -> str:
    """A code without what people put between its characters, and with what they misread put right."""
    bare = _BETWEEN.sub("", code[:100]).upper()
    return bare if is_app_code(bare) else bare.translate(_MISREAD)


def is_app_code(bare: str) -> bool:
    return _OF_APP.fullmatch(bare) is not None


def is_recovery_code(bare: str) -> bool:
    """Whether it has the form of a recovery code, as `typed` returns it."""
    return _RECOVERY.fullmatch(bare) is not None


def _codes(secret: str) -> TOTP:
    # HMAC with SHA-1 is what all apps know (RFC 6238, 1.2); collisions of the hash do not weaken it.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303
