"""Points from an article's sections to the site's own pieces on the same matter."""

from collections.abc import Sequence

from nightdesk.providers.text.offline.draft import Heading, Link, Part
from nightdesk.providers.text.offline.queries import GENERIC
from nightdesk.providers.text.offline.words import overlap, subject_stems
from nightdesk.providers.text.questions import OwnPiece

_MOST = 3
_RELATED = 0.5


def with_links(
    parts: Sequence[Part], pieces: Sequence[OwnPiece], title: str, common: frozenset[str]
) -> list[Part]:
    """The parts with at most three links, each ending the section whose heading is closest to the piece."""
    sections = _sections(parts)
    placed: dict[int, list[Link]] = {}
    used = 0
    for piece in pieces:
        wanted = frozenset(subject_stems(piece.title)) - common - GENERIC
        if used == _MOST or not wanted or piece.title.casefold() == title.casefold():
            continue
        near = [
            overlap(wanted, frozenset(subject_stems(_name(section, title))) - common - GENERIC)
            for section in sections
        ]
        best = max(range(len(sections)), key=lambda n: near[n], default=-1)
        if best >= 0 and near[best] >= _RELATED and best not in placed:
            placed.setdefault(best, []).append(Link(piece.title, piece.slug))
            used += 1
    return [part for n, section in enumerate(sections) for part in (*section, *placed.get(n, ()))]


def _sections(parts: Sequence[Part]) -> list[list[Part]]:
    found: list[list[Part]] = [[]]
    for part in parts:
        if isinstance(part, Heading) and found[-1]:
            found.append([])
        found[-1].append(part)
    return found


def _name(section: Sequence[Part], title: str) -> str:
    """A section's heading; what stands before the first one goes by the article's title."""
    first = section[0] if section else None
    return first.text if isinstance(first, Heading) else title
