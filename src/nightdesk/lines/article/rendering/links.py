"""Which addresses an article may link to: its documents, the site's own pieces, and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from nightdesk.providers.text.questions import SourceDocument

_TRACKING = ("utm_", "fbclid", "gclid", "mc_")


@dataclass(frozen=True)
class Site:
    """What rendering needs to know of a site.

    `url` is its home address without a closing slash (empty where it has none yet); `piece_path` shows
    where a piece lives below it; `pieces` are the titles of its own pieces by slug.
    """

    name: str
    language: str = "en"
    url: str = ""
    piece_path: str = "/{slug}"
    pieces: Mapping[str, str] = field(default_factory=dict)

    def path(self, slug: str) -> str:
        """Where a piece lives, from the root of the site."""
        return self.piece_path.format(slug=slug)


@dataclass(frozen=True)
class Target:
    """An address that may be linked to; `own` where it is a piece of the site."""

    href: str
    own: bool


class LinkPolicy:
    """Judges the addresses that a writer used."""

    def __init__(self, documents: Iterable[SourceDocument], site: Site) -> None:
        self._site = site
        self._host = (urlsplit(site.url).hostname or "").lower()
        known = ((same_address(document.url), document.url) for document in documents)
        self._documents = {key: url for key, url in known if key}

    def judge(self, href: str) -> Target | None:
        """The address to link to, as we spell it ourselves; None where there may be no link."""
        if key := same_address(href):
            if key in self._documents:
                return Target(self._documents[key], own=False)
            if not self._host or (urlsplit(href).hostname or "").lower() != self._host:
                return None
        slug = self._slug(href)
        return Target(self._site.path(slug), own=True) if slug else None

    def _slug(self, href: str) -> str | None:
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        if not same_address(href) and (parts.scheme or parts.netloc):
            return None
        slug = parts.path.strip("/.").rsplit("/", 1)[-1].removesuffix(".html")
        return slug if slug in self._site.pieces else None


def same_address(url: str) -> str:
    """The address in the form in which two spellings of it are equal; empty where it is not http(s).

    Scheme, `www.`, closing slash, fragment and tracking parameters make no difference.
    """
    if any(ord(c) <= 32 or c in "\\\"'<>`" for c in url):
        return ""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.username is not None:
        return ""
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0])]
    where = f"{host}:{port}" if port not in (None, 80, 443) else host
    return f"{where}{parts.path.rstrip('/')}?{urlencode(kept)}"


def _is_tracking(name: str) -> bool:
    return name.lower().startswith(_TRACKING)
