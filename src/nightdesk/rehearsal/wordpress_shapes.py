"""How the fake WordPress words what it shows: users, files, terms, posts and complaints."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nightdesk.rehearsal.messages import Answer

# The roles of WordPress, and one as plug-ins make them, with the rights that matter here.
# https://wordpress.org/documentation/article/roles-and-capabilities/
_AUTHOR = ("read", "edit_posts", "publish_posts", "edit_published_posts", "upload_files")
_EDITOR = (*_AUTHOR, "edit_others_posts", "manage_categories", "unfiltered_html")
RIGHTS: Mapping[str, tuple[str, ...]] = {
    "administrator": (*_EDITOR, "manage_options"),
    "editor": _EDITOR,
    "author": _AUTHOR,
    "contributor": ("read", "edit_posts"),
    "subscriber": ("read",),
    "columnist": ("read", "edit_posts", "publish_posts", "edit_published_posts"),
}

_UNSAFE = re.compile(r"<(script|style|iframe)\b.*?</\1>", re.S | re.I)
_BARE = re.compile(r"&(?!#?\w+;)")


@dataclass(frozen=True)
class User:
    """Called as the role is."""

    number: int
    role: str
    rights: tuple[str, ...]


def complaint(code: str, says: str, status: int, **data: Any) -> Answer:
    """An error as WordPress words it."""
    return Answer.of({"code": code, "message": says, "data": {"status": status, **data}}, status)


def user_shape(user: User) -> dict[str, Any]:
    return {
        "id": user.number,
        "name": user.role.capitalize(),
        "slug": user.role,
        "roles": [user.role],
        "capabilities": {**dict.fromkeys(user.rights, True), user.role: True},
    }


def media_shape(file: Mapping[str, Any], address: str) -> dict[str, Any]:
    return {
        "id": file["id"],
        "slug": file["slug"],
        "status": "inherit",
        "alt_text": file["alt_text"],
        "source_url": f"{address}/wp-content/uploads/{file['file']}",
    }


def term_shape(number: int, name: str) -> dict[str, Any]:
    slug = re.sub(r"[^a-z0-9]+", "-", html.unescape(name).lower()).strip("-")
    return {"id": number, "name": name, "slug": slug, "count": 0}


def post_shape(text: Any, status: str, link: str) -> dict[str, Any]:
    """A post in the context `edit`."""
    facts = text.facts
    return {
        "id": text.id,
        "status": status,
        "link": link,
        "slug": facts.get("slug", ""),
        "title": {"raw": facts["title"], "rendered": facts["title"]},
        "content": {"raw": facts["content"], "rendered": facts["content"]},
        "excerpt": {"raw": facts.get("excerpt", "")},
        "featured_media": facts.get("featured_media", 0),
        "categories": facts.get("categories") or [1],
        "tags": facts.get("tags", []),
        "author": text.author.number,
    }


def sanitized(asked: Mapping[str, Any], unfiltered: bool) -> dict[str, Any]:
    """What is kept of what was sent: of most roles no active content, and no bare `&` in a title."""
    known = ("title", "content", "excerpt", "slug", "featured_media", "categories", "tags", "meta")
    kept = {name: asked[name] for name in known if name in asked}
    if not unfiltered:
        for name in ("title", "content", "excerpt"):
            if name in kept:
                kept[name] = _BARE.sub("&amp;", _UNSAFE.sub("", kept[name]))
    return kept
