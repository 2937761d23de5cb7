"""A post of a site: its body with our mark, and finding it again by number or mark."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.publisher import Piece, Record, Token
from nightdesk.publishers.calling import Said
from nightdesk.publishers.wordpress.pictures import Kept, placed
from nightdesk.publishers.wordpress.site import Site, declined

SHOWN = "id,status,link,slug,content,featured_media,categories,tags"


@dataclass(frozen=True)
class Post:
    """A post as it stands there. `raw` is its text as it is kept."""

    id: int
    status: str
    link: str
    raw: str
    featured: int
    categories: frozenset[int]
    tags: frozenset[int] = frozenset()

    @classmethod
    def out_of(cls, value: Any) -> "Post | None":
        """None where the answer is no post."""
        if not isinstance(value, dict) or not isinstance(value.get("id"), int):
            return None
        content, featured = value.get("content"), value.get("featured_media")
        return cls(
            value["id"],
            str(value.get("status", "")),
            str(value.get("link", "")),
            str(content.get("raw", "")) if isinstance(content, dict) else "",
            featured if isinstance(featured, int) else 0,
            _numbers(value.get("categories")),
            _numbers(value.get("tags")),
        )


def _numbers(value: Any) -> frozenset[int]:
    return frozenset(one for one in value if isinstance(one, int)) if isinstance(value, list) else frozenset()


def mark(piece: Piece) -> str:
    """By this comment it is found again; WordPress keeps it for every role."""
    return f"<!-- nightdesk:{piece.key} -->"


def body(piece: Piece, library: Mapping[str, Kept]) -> str:
    """Its text as one block that WordPress leaves as it is, what it has to say of machines, and our mark."""
    label = f'<p class="nightdesk-label"><em>{html.escape(piece.label)}</em></p>\n' if piece.label else ""
    return f"<!-- wp:html -->\n{label}{placed(piece, library)}\n<!-- /wp:html -->\n{mark(piece)}"


def facts(
    piece: Piece, library: Mapping[str, Kept], categories: list[int], tags: list[int]
) -> dict[str, Any]:
    """What a draft of it consists of. WordPress takes titles for HTML."""
    featured = piece.of_role("featured")
    found: dict[str, Any] = {
        "title": html.escape(piece.title, quote=False),
        "content": body(piece, library),
        "excerpt": html.escape(piece.text, quote=False),
        "tags": tags,
        "featured_media": library[featured.asset].id if featured else 0,
    }
    found |= {"slug": piece.slug} if piece.slug else {}
    found |= {"categories": categories} if categories else {}
    meta = piece.options.get("meta")
    return found | ({"meta": dict(meta)} if isinstance(meta, Mapping) else {})


def token_of(site: Site, number: int) -> dict[str, Any]:
    """What is kept of a post: its number counts on its own site alone."""
    return {"post": number, "site": site.home}


def elsewhere(site: Site, token: Token | None) -> bool:
    """Whether a token is of another site: the account was given another address since."""
    return bool(token) and token is not None and token.get("site", site.home) != site.home


async def find(site: Site, piece: Piece, token: Token | None, record: Record | None) -> Post | None:
    """The post of this piece, by the number that we kept, else by our mark; None where there is none.

    Looks in the trash too. Raises `Later`, `NeedsPerson`, `Refused`.
    """
    if token and not elsewhere(site, token) and (number := token.get("post")):
        asked = {"context": "edit", "_fields": SHOWN}
        said = await site.get(f"wp/v2/posts/{number}", f"Looks at post {number}.", record, params=asked)
        if said.well and (post := Post.out_of(said.value)):
            return post
        if said.status not in (404, 410):
            raise declined(said, f"Post {number} could not be read")
    return await _marked(site, piece, record)


async def _marked(site: Site, piece: Piece, record: Record | None) -> Post | None:
    asked = {
        "search": piece.key,
        "status": "any,trash",
        "context": "edit",
        "per_page": "20",
        "orderby": "id",
        "order": "asc",
        "_fields": SHOWN,
    }
    said = await site.get("wp/v2/posts", "Looks for a post with our mark.", record, params=asked)
    if not said.well:
        raise declined(said, "Its posts could not be read")
    found = [Post.out_of(row) for row in said.rows()]
    ours = [post for post in found if post is not None and mark(piece) in post.raw]
    # One that is public counts before drafts, and those before what lies in the trash.
    return min(
        ours, key=lambda post: (post.status != "publish", post.status == "trash", post.id), default=None
    )


def lacks(
    post: Post, piece: Piece, library: Mapping[str, Kept], categories: list[int], tags: list[int]
) -> list[str]:
    """What the site did not keep of it, in words."""
    featured = piece.of_role("featured")
    inside = placed(piece, library)
    missing = [there.url for there in library.values() if there.url in inside and there.url not in post.raw]
    found = [f"{len(missing)} of its pictures"] if missing else []
    if featured and post.featured != library[featured.asset].id:
        found.append("its featured picture")
    if not set(categories) <= post.categories:
        found.append("its categories")
    if not set(tags) <= post.tags:
        found.append("its tags")
    return found


def answered(said: Said) -> Post | None:
    """The post that an answer to writing one shows."""
    return Post.out_of(said.value) if said.well else None
