"""Passwords: what one must be like, and how it is hashed and checked without telling anything by the time."""

import asyncio
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pwdlib import PasswordHash

from nightdesk.desk.errors import Invalid
from nightdesk.kit.sealing import Sealer, place

SHORTEST, LONGEST = 12, 128
"""In characters after normalisation, as ASVS 4.0.3 has them (2.1.1, 2.1.2).

For the least, blanks in a row count as one.
"""

FEWEST_DIFFERENT = 5
AT_ONCE = 4
"""Hashings at the same time in a process: each takes 64 MiB (RFC 9106, second recommended choice)."""

PLACE = place("installation", "passwords", "any", "hash")
"""Where hashes are sealed to: they are of the whole installation, and found by the person alone."""

_COMMON = Path(__file__).parent / "common_passwords.txt"
_BLANKS = re.compile(r"\s+")
_TRIMMINGS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


@dataclass(frozen=True)
class Passwords:
    """Hashes with argon2id in threads, a few at a time, and seals what is kept of them."""

    sealer: Sealer
    hasher: PasswordHash = field(default_factory=PasswordHash.recommended)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    def looked_at(self, field_name: str, password: str, known: Iterable[str]) -> None:
        """Raises `Invalid` for a password that would be guessed early; `known` is what everybody knows.

        No mixture of kinds of characters is asked for; any character may be in it.
        """
        text = normal(password)
        if len(_BLANKS.sub(" ", text)) < SHORTEST or len(text) > LONGEST:
            raise Invalid(
                field_name, f"A password has {SHORTEST} to {LONGEST} characters; this has {len(text)}."
            )
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise Invalid(field_name, "This holds half of a pair of characters, which cannot be typed again.")
        folded = text.casefold()
        if len(set(folded)) < FEWEST_DIFFERENT:
            raise Invalid(field_name, "This repeats a few characters only; choose something harder to guess.")
        if folded in self.common:
            raise Invalid(field_name, "This is among the passwords that are tried first; choose another.")
        if _bare(folded) in {_bare(word) for word in _words(known)} - {""}:
            raise Invalid(field_name, "This is a name or an address that others know; choose another.")

    @cached_property
    def common(self) -> frozenset[str]:
        """Passwords that are commonly chosen, in lower case."""
        lines = _COMMON.read_text("utf-8").splitlines()
        return frozenset(line for line in lines if not line.startswith("#"))

    async def hashed(self, password: str) -> str:
        """What to keep of it: the hash under seal, of no use to whoever has the database alone."""
        async with self.turns:
            hashed = await asyncio.to_thread(self.hasher.hash, _encoded(password))
        return await asyncio.to_thread(self.sealer.seal, hashed, PLACE)

    async def check(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and what to keep instead where hash or seal are no longer up to date.

        With nothing kept it takes the same time and is not the password. Raises `WrongKey`, `SealBroken`.
        """
        hashed = await asyncio.to_thread(self.sealer.open, kept, PLACE) if kept else None
        async with self.turns:
            decoy = await asyncio.to_thread(lambda: self._decoy)
            found = self.hasher.verify_and_update
            right, newer = await asyncio.to_thread(found, _encoded(password), hashed or decoy)
        if kept is None or hashed is None or not right:
            return False, None
        if newer is None and not self.sealer.is_old(kept):
            return True, None
        return True, await asyncio.to_thread(self.sealer.seal, newer or hashed, PLACE)

    @cached_property
    def _decoy(self) -> str:
        """Of a password that nobody has; made at the first check, whoever that is for."""
        return self.hasher.hash("nobody's")


def normal(password: str) -> str:
    """The password however it was typed: NFKC (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _encoded(password: str) -> bytes:
    return normal(password).encode("utf-8", "surrogatepass")


def _words(known: Iterable[str]) -> Iterable[str]:
    """The texts and, of an e-mail address, each side."""
    for text in known:
        folded = normal(text).casefold()
        yield folded
        yield from folded.split("@")


def _bare(folded: str) -> str:
    """Without blanks, and without digits and signs at either end."""
    return _TRIMMINGS.sub("", "".join(folded.split()))
