"""Searches what the product lets out for canaries: values of secrets, as they are and as they are written."""

import base64
import html
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

SHORTEST = 9
"""Characters: what is shorter stands in any text by chance."""

TAIL = 16
"""Characters at the end of a long secret that are searched for alone, for it may be cut."""


def forms(secret: str) -> set[bytes]:
    """The ways in which a secret may stand in bytes."""
    wholes = [secret, secret[-TAIL:]] if len(secret) >= 2 * TAIL else [secret]
    found: set[bytes] = set()
    for whole in wholes:
        raw = whole.encode()
        found |= {raw, raw.hex().encode(), raw.hex().upper().encode(), raw[::-1]}
        found |= {quote(whole, safe="").encode(), quote_plus(whole).encode(), html.escape(whole).encode()}
        found |= {json.dumps(whole)[1:-1].encode(), whole.encode("utf-16-le")}
        found |= set(_in_base64(raw))
    return {one for one in found if len(one) >= SHORTEST}


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """What is the same of its base64 whatever stands before and after it, for each of three places."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        start = -(-before * 8 // 6)
        end = (before + len(raw)) * 8 // 6
        yield coded[start:end]
        yield coded[start:end].replace(b"+", b"-").replace(b"/", b"_")


@dataclass
class Canaries:
    """The secrets by their kind, and where each of them was found, though it should not be."""

    secrets: dict[str, list[str]] = field(default_factory=dict)
    searched: Counter[str] = field(default_factory=Counter)
    """Bytes that were looked through, by place."""
    hits: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """By kind and place: beside what it stood."""
    _forms: dict[str, set[bytes]] = field(default_factory=dict)

    def plant(self, kind: str, *secrets: str) -> None:
        for secret in secrets:
            assert len(secret) >= SHORTEST, f"{kind} is too short to be searched for"
            self.secrets.setdefault(kind, []).append(secret)
            self._forms.setdefault(kind, set()).update(forms(secret))

    def search(self, place: str, body: bytes | str, where: str = "", *, shows: tuple[str, ...] = ()) -> None:
        """Looks through one thing that came out there; `shows` are kinds that it is meant to show."""
        raw = body.encode() if isinstance(body, str) else body
        self.searched[place] += len(raw)
        for kind, written in self._forms.items():
            if kind in shows:
                continue
            for one in written:
                if (at := raw.find(one)) >= 0:
                    beside = raw[max(0, at - 80) : at].decode("utf-8", "replace")
                    self.hits.setdefault((kind, place), []).append(f"{where}: …{beside}[{kind}]")
                    break

    def table(self) -> str:
        places = list(self.searched)
        lines = [
            f"{len(self.secrets)} kinds x {len(places)} places = {len(self.secrets) * len(places)} cells"
        ]
        for place in places:
            hit = sorted(kind for kind, at in self.hits if at == place)
            said = f"hits: {', '.join(hit)}" if hit else "0 hits"
            lines.append(f"  {place:28} {self.searched[place]:>12,} bytes  {said}")
        return "\n".join(lines)
