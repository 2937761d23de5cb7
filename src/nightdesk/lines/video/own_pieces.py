"""Finds, for each scene of a video, those of the site's own photos and clips that show what it tells."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.kit.text import shorten
from nightdesk.lines.video.picturing import Told, shown
from nightdesk.quality.words import content_words
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import OwnPiece, Scene

CLEAR = 0.6
"""The share of a piece's words that a scene has to have, for the piece to be shown in it."""

ENOUGH = 5.0
"""Of a longer description so many words count as all: who says more is found no worse."""

COMMON = 0.25
"""What a word of the site's own subject counts: it tells no two of its scenes apart."""

TYPESET = frozenset({"figure", "pair", "call"})
"""Scenes that live by the type set in them (a figure, two sides, what to do next): they show no piece."""

PREFIX = "own:"
"""What the source of a scene begins with that shows one of them."""

_NOTED = 80
# Chinese and Japanese letters: words stand there without spaces, and pairs of letters do for them.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


@dataclass(frozen=True)
class Piece:
    """One of a site's own photos, or clips with their first frame, as stage 5 takes it."""

    number: int
    shows: str
    whose: str
    by_model: bool
    picture: AssetRef
    size: tuple[int, int]
    footage: AssetRef | None

    @property
    def source(self) -> str:
        """As `scenes.source` names it, so that it is seen where it is shown again."""
        return f"{PREFIX}{self.number}"

    @property
    def note(self) -> str:
        """Which it is, for the person who looks at the scene."""
        kind, shows = "clip" if self.footage else "photo", shorten(self.shows, _NOTED)
        return f"Own {kind} {self.number}, “{shows}”" + (f" ({self.whose})" if self.whose else "")


@dataclass(frozen=True)
class Words:
    """What a scene has in its heading and prompt, and in what is said in it, as `notions` has them."""

    seen: frozenset[str]
    said: frozenset[str]

    @classmethod
    def of(cls, scene: Scene) -> "Words":
        return cls(notions(f"{scene.heading} {scene.prompt}"), notions(scene.says))


@dataclass(frozen=True)
class Fit:
    """How well a piece fits: the share of its words that the scene has, the weight of those to be seen."""

    share: float
    seen: float


def number_of(source: str) -> int | None:
    """The number of the own piece that a scene's `source` names; None for all else."""
    number = source.removeprefix(PREFIX)
    return int(number) if source.startswith(PREFIX) and number.isdecimal() else None


async def pieces_of(session: AsyncSession, site: Site) -> list[Piece]:
    """Those that may be shown, the oldest first."""
    mine = (OwnPiece.workspace_id == site.workspace_id, OwnPiece.site_id == site.id)
    wanted = select(OwnPiece).where(*mine, OwnPiece.removed_at.is_(None), ~OwnPiece.off)
    rows = list(await session.scalars(wanted.order_by(OwnPiece.id)))
    names = {name for row in rows for name in (row.picture, row.footage) if name}
    kept = select(Asset).where(Asset.workspace_id == site.workspace_id, Asset.sha256.in_(names))
    files = {one.sha256: AssetRef(one.sha256, one.mime, one.size) for one in await session.scalars(kept)}
    return [
        Piece(
            row.id,
            row.shows,
            row.source,
            row.by_model,
            files[row.picture],
            (row.width, row.height),
            files[row.footage] if row.footage else None,
        )
        for row in rows
        if row.picture in files and (not row.footage or row.footage in files)
    ]


def planned(
    pieces: Sequence[Piece], scenes: Sequence[Scene], told: Told, stale: Collection[str], subject: str
) -> Mapping[int, tuple[Piece, ...]]:
    """For each scene that waits for a picture, by its number, the pieces that fit it, the one for it first.

    All scenes of the video are looked at together, so that each piece is for one scene alone and it makes no
    difference which is filmed first: what the site's last videos (`stale`) do not show goes before what they
    do, then what fits better. What fits clearly has two words at least in common with a scene, `CLEAR` of
    all its words (see `fit`).
    """
    held = {scene.id: scene.source for scene in scenes if number_of(scene.source) is not None}
    given = {scene.picture for scene in scenes if scene.picture and scene.id not in held}
    common, wanted = notions(subject), {piece.number: notions(piece.shows) for piece in pieces}
    pairs = [
        (piece.source in stale, -one.share, -one.seen, scene.position, piece.number, scene, piece)
        for scene in scenes
        if pieces and scene.picture is None and shown(scene, told).view.kind not in TYPESET
        for words in [Words.of(scene)]
        for piece in pieces
        if piece.number not in scene.passed and piece.picture.sha256 not in given
        if (one := fit(wanted[piece.number], words, common)) is not None
    ]
    best = [(one[-2].id, one[-1]) for one in sorted(pairs, key=lambda one: one[:5])]
    mine = dict(held)
    for number, piece in best:
        if number not in mine and piece.source not in mine.values():
            mine[number] = piece.source
    found: dict[int, tuple[Piece, ...]] = {}
    for number in dict.fromkeys(number for number, _ in best):
        others = {source for scene, source in mine.items() if scene != number}
        free = [piece for scene, piece in best if scene == number and piece.source not in others]
        found[number] = tuple(sorted(free, key=lambda piece: piece.source != mine.get(number)))
    return found


def in_turn(pieces: Sequence[Piece], stale: Collection[str]) -> Iterator[tuple[Piece, bool]]:
    """The pieces as they are to be asked for, each with whether it is to be fresh."""
    yield from ((piece, True) for piece in pieces if piece.source not in stale)
    yield from ((piece, False) for piece in pieces)


def fit(wanted: frozenset[str], words: Words, common: frozenset[str]) -> Fit | None:
    """How well a piece whose words are `wanted` fits a scene; None where it does not clearly.

    Two of them have to be in the scene that are not `common` to all that the site tells, or, where it has one
    such word alone, that one in what is to be seen; and together `CLEAR` of the weight of all, or of `ENOUGH`
    words.
    """
    seen, own = wanted & words.seen, wanted - common
    found = seen | (wanted & words.said)
    if len(own) == 1 and not own <= seen:
        return None
    if len(found & own) < min(len(own), 2) or not own:
        return None
    share = _weight(found, common) / min(_weight(wanted, common), ENOUGH)
    return Fit(share, _weight(seen, common)) if share >= CLEAR else None


def notions(text: str) -> frozenset[str]:
    """Stems of what carries meaning in a text, in any of the common languages."""
    pairs = {run[at : at + 2] for run in _UNSPACED.findall(text) for at in range(max(len(run) - 1, 1))}
    return content_words(_UNSPACED.sub(" ", text)) | pairs


def _weight(words: frozenset[str], common: frozenset[str]) -> float:
    return len(words - common) + COMMON * len(words & common)
