"""Strikes out of what others say the secrets that they were sent: some say back what they were asked with."""

import base64
import binascii
import html
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

STRUCK = "…"
SHORTEST = 6
"""Characters; what is shorter would be struck out of ordinary words."""


@dataclass(frozen=True)
class Concealing:
    """Conceals secrets in each way of writing them: plain, in addresses, JSON, HTML, and in base64."""

    secrets: Collection[str] = field(default=(), repr=False)
    _plain: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = {one for secret in self.secrets for one in _written(secret) if len(one) >= SHORTEST}
        object.__setattr__(self, "_plain", tuple(sorted(found, key=len, reverse=True)))

    def text(self, said: str) -> str:
        """What was said, without them."""
        for one in self._plain:
            if one in said:
                said = said.replace(one, STRUCK)
        return said

    def value(self, said: Any, *, but: Collection[str] = ()) -> Any:
        """The same of JSON, in every text but those under the names `but`, and names too."""
        if isinstance(said, str):
            return self.text(said)
        if isinstance(said, Mapping):
            return {
                self.text(str(name)): one if name in but else self.value(one, but=but)
                for name, one in said.items()
            }
        return [self.value(one, but=but) for one in said] if isinstance(said, list) else said


def of_header(authorization: str) -> set[str]:
    """The secrets of an Authorization header: what follows its kind, and of Basic the password too."""
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return {value} if value else set()
    try:
        user, _, password = base64.b64decode(value).decode("utf-8", "replace").partition(":")
    except (ValueError, binascii.Error):
        return {value}
    return {value, password, f"{user}:{password}"}


def _written(secret: str) -> Iterable[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield html.escape(secret)
    raw = secret.encode()
    # In base64 the same letters stand for it in three ways, by where it begins; those at its ends are shared.
    for before in range(3):
        coded = base64.b64encode(bytes(before) + raw).decode()
        whole = coded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        if len(raw) >= SHORTEST:
            yield whole
            yield whole.translate(str.maketrans("+/", "-_"))
