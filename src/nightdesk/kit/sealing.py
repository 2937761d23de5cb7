"""Seals secrets for storage, so that a stolen database without the key file gives none of them away.

AES-256-GCM with a random 96-bit nonce; a sealed value names its key (so that keys can be changed) and is
bound to its place in the database (so that it cannot be moved to another row or tenant and opened there).
"""

import base64
import binascii
import hashlib
import os
import re
import secrets
import uuid
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from nightdesk.kit import points
from nightdesk.kit.endings import NeedsPerson

FILE_NAME = "secret.key"
SHORTEST = 32
"""Characters that a key needs: 32 random ones of base 64 are 192 bits."""

NONCE = 12
_SEALED = re.compile(r"nd1\.([0-9a-f]{12})\.([A-Za-z0-9_-]{38,})")
BY_VAULT = "nv1."
"""How a secret begins that a key vault sealed; see `kit/vault.py`."""

_CHECK_PLACE = "nightdesk|check"
_CHECK_TEXT = "the key is right"


class WrongKey(NeedsPerson):
    """The secret key is not the one that sealed the stored secrets."""


class KeyMissing(NeedsPerson):
    """There is no secret key, although the database holds secrets that were sealed with one."""


class KeyUnusable(NeedsPerson):
    """The secret key cannot be read or is too short."""


class SealBroken(NeedsPerson):
    """A stored secret is damaged or was moved from its place; enter it again."""


def place(workspace: int | str, table: str, row: int | str, column: str) -> str:
    """Where a secret lives, as the data its seal is bound to: `workspace|table|row|column`."""
    parts = (str(workspace), table, str(row), column)
    if any("|" in part or not part for part in parts):
        raise ValueError(f"a place has four parts without |: {parts}")
    return "|".join(parts)


def mask(secret: str) -> str:
    """What may be shown of a secret: its last four characters, and none of a short one."""
    return "…" + (secret[-4:] if len(secret) >= 12 else "")


class Sealer:
    """Seals with the first key and opens with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys`: texts of at least 32 characters, the present one first. Raises `KeyUnusable`."""
        if not keys or any(len(key) < SHORTEST for key in keys):
            raise KeyUnusable(
                f"A secret key needs at least {SHORTEST} characters. Make one with "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))' and set NIGHTDESK_SECRET_KEY, "
                f"or leave that empty to have one made in the data folder ({FILE_NAME})."
            )
        derived = [_derive(key) for key in keys]
        self._ciphers = {_key_id(key): AESGCM(key) for key in derived}
        self.key_id = _key_id(derived[0])

    def seal(self, secret: str, where: str) -> str:
        """`nd1.KEY-ID.…`, to be opened only with the same `where` (see `place`)."""
        nonce = os.urandom(NONCE)
        closed = self._ciphers[self.key_id].encrypt(nonce, secret.encode(), where.encode())
        return f"nd1.{self.key_id}.{base64.urlsafe_b64encode(nonce + closed).decode().rstrip('=')}"

    def open(self, sealed: str, where: str) -> str:
        """The secret; raises `WrongKey` (sealed with a key we do not have) or `SealBroken`."""
        form = _SEALED.fullmatch(sealed)
        if sealed.startswith(BY_VAULT):
            raise WrongKey(
                "A stored secret was sealed by a key vault, and none is named. Nothing was changed. Set "
                "NIGHTDESK_VAULT_URL and NIGHTDESK_VAULT_TOKEN as they were."
            )
        if form is None:
            raise SealBroken("A stored secret is damaged. Enter it again.")
        cipher = self._ciphers.get(form[1])
        if cipher is None:
            raise WrongKey(
                f"A stored secret was sealed with the key {form[1]}, and the key given is {self.key_id}. "
                f"Nothing was changed. Bring back the old key (the file {FILE_NAME} of the data folder, or "
                "NIGHTDESK_SECRET_KEY)."
            )
        try:
            body = base64.urlsafe_b64decode(form[2] + "=" * (-len(form[2]) % 4))
            return cipher.decrypt(body[:NONCE], body[NONCE:], where.encode()).decode()
        except (InvalidTag, binascii.Error) as error:
            raise SealBroken(
                "A stored secret is damaged or was moved from its place. Enter it again."
            ) from error

    def is_old(self, sealed: str) -> bool:
        """Whether it was sealed with another key than the present one, so that `reseal` is due."""
        return not sealed.startswith(f"nd1.{self.key_id}.")

    def reseal(self, sealed: str, where: str) -> str:
        """The same secret under the present key; raises as `open`."""
        return self.seal(self.open(sealed, where), where)

    def check_value(self) -> str:
        """A known text under seal: stored at the first start, given to `verify` at every later one."""
        return self.seal(_CHECK_TEXT, _CHECK_PLACE)

    def verify(self, check_value: str) -> None:
        """Raises `WrongKey` or `SealBroken` unless these keys open the check value."""
        self.open(check_value, _CHECK_PLACE)


def keys_in(text: str) -> list[str]:
    """The keys in a setting or a key file, one a line (or word), the present one first."""
    return text.split()


def load(data_dir: Path, given: str | None = None, *, create: bool) -> Sealer:
    """The sealer with the given keys, or with those of `<data_dir>/secret.key`.

    `create`: make the file when it is missing; only right while the database holds no check value yet.
    Raises `KeyMissing` or `KeyUnusable`.
    """
    if given and given.strip():
        return Sealer(keys_in(given))
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            if not create:
                raise KeyMissing(
                    f"The secret key {path} is missing, and the database holds secrets sealed with it. "
                    "Nothing was changed. Bring the file back from a backup, or set NIGHTDESK_SECRET_KEY "
                    "to its content."
                )
            _create(path)
        path.chmod(0o600)
        return Sealer(keys_in(path.read_text(encoding="ascii", errors="replace")))
    except OSError as error:
        raise KeyUnusable(f"The secret key {path} cannot be used: {error.strerror}.") from error


def _create(path: Path) -> None:
    """Writes a new key beside the final name and links it there, so that only one of many starters wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "w") as out:
            out.write(secrets.token_urlsafe(32) + "\n")
            out.flush()
            os.fsync(out.fileno())
        points.reach("kit.sealing.key.written")
        try:
            os.link(half, path)
        except FileExistsError:
            return
        points.reach("kit.sealing.key.linked")
    finally:
        half.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _derive(text: str) -> bytes:
    # The text is random, so a key derivation without stretching is right (RFC 5869).
    return HKDF(SHA256(), 32, salt=None, info=b"nightdesk secrets, AES-256-GCM").derive(text.encode())


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"nightdesk key id" + key).hexdigest()[:12]
