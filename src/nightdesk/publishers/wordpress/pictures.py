"""The pictures of an article in a site's library: each put there once, and found again by a name of ours."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.points import reach
from nightdesk.kit.text import slug
from nightdesk.publisher import Medium, Piece, Record
from nightdesk.publishers.calling import Said
from nightdesk.publishers.wordpress.site import Site, complaint, declined

TAKEN = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
}
"""What WordPress takes of pictures since 5.8, with the end of the file's name."""

_TAG = re.compile(r'src="asset:([0-9a-f]+)"')
_FEATURED = re.compile(r'<figure class="[^"]*\bfeatured\b[^"]*">.*?</figure>\s*', re.S)


@dataclass(frozen=True)
class Kept:
    """A picture in the library. `url` is as it stands in HTML."""

    id: int
    url: str

    @classmethod
    def out_of(cls, said: Said, *path: str | int) -> "Kept | None":
        """None where the answer shows no picture at that place."""
        number, url = said.number(*path, "id"), said.at(*path, "source_url")
        return cls(number, html.escape(url)) if number and url and isinstance(url, str) else None


def pictures(piece: Piece) -> list[Medium]:
    """Those of its files that belong to an article, each once."""
    found = (medium for medium in piece.media if medium.role in ("featured", "picture"))
    return list({medium.asset: medium for medium in found}.values())


async def kept(site: Site, piece: Piece, record: Record) -> dict[str, Kept]:
    """Its pictures in the library, by asset; what lacks is put there.

    Raises `Later`, `NeedsPerson`, `Refused`.
    """
    return {medium.asset: await _kept(site, piece, medium, record) for medium in pictures(piece)}


async def _kept(site: Site, piece: Piece, medium: Medium, record: Record) -> Kept:
    name = name_of(piece, medium)
    asked = {"slug": name, "_fields": "id,source_url"}
    said = await site.get("wp/v2/media", f"Looks whether {medium.name} is there.", record, params=asked)
    if said.well and (there := Kept.out_of(said, 0)):
        return there
    return await _uploaded(site, medium, name, record)


async def _uploaded(site: Site, medium: Medium, name: str, record: Record) -> Kept:
    facts = {"slug": name, "title": medium.alt or name, "alt_text": medium.alt}
    headers = {
        "Content-Type": medium.mime,
        "Content-Length": str(medium.size),
        "Content-Disposition": f'attachment; filename="{name}{TAKEN[medium.mime]}"',
    }
    reach("wordpress.media.before")
    said = await site.ask(
        "POST",
        "wp/v2/media",
        f"Puts {medium.name} into the library.",
        record,
        params=facts,
        headers=headers,
        content=medium.read(0, None),
        seconds=site.limits.upload,
        whole=True,
    )
    reach("wordpress.media.after")
    what = f"The picture {medium.name} could not be put into the library"
    if said.status == 413:
        raise Refused(f"{what}: its {medium.size / 1e6:.1f} MB are more than the site's server takes.")
    if said.status >= 500 and not str(said.at("code") or "").startswith("rest_upload"):
        raise Later(f"{what}: {said.status}, {complaint(said)}")
    if not said.well:
        raise declined(said, what)
    if (there := Kept.out_of(said)) is None:
        raise Later(f"{what}: {complaint(said)}")
    return there


def name_of(piece: Piece, medium: Medium) -> str:
    """Its name there: the same at every try, and no other picture's."""
    readable = "".join(char for char in slug(piece.slug or piece.title, 50) if char.isascii()).strip("-")
    return f"{readable or 'picture'}-{piece.key[:8]}-{medium.asset[:8]}"


def placed(piece: Piece, library: Mapping[str, Kept]) -> str:
    """The text with its pictures where they lie on the site.

    The featured one is left out of it unless the options say `featured_in_text`: themes show it themselves.
    """
    text = piece.html
    if piece.of_role("featured") and not piece.options.get("featured_in_text"):
        text = _FEATURED.sub("", text)

    def put(found: re.Match[str]) -> str:
        there = library.get(found.group(1))
        # By this class WordPress offers smaller sizes of it to smaller screens.
        return f'class="wp-image-{there.id}" src="{there.url}"' if there else found.group(0)

    return _TAG.sub(put, text)
