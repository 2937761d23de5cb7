"""Publishes articles to a WordPress site: a draft with all in it first, then one change of its status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import (
    Absent,
    Found,
    Live,
    Piece,
    Platform,
    Record,
    Repeats,
    Standing,
    Token,
    Unclear,
    Unknown,
)
from nightdesk.publishers import first_comment
from nightdesk.publishers.results import Measured
from nightdesk.publishers.wordpress.leading import lead_on
from nightdesk.publishers.wordpress.pictures import TAKEN, kept, pictures
from nightdesk.publishers.wordpress.posts import (
    SHOWN,
    Post,
    answered,
    elsewhere,
    facts,
    find,
    lacks,
    token_of,
)
from nightdesk.publishers.wordpress.results import measured
from nightdesk.publishers.wordpress.site import Site, complaint, declined
from nightdesk.publishers.wordpress.terms import named, numbers

MOST_TAGS = 30

PERSONS = ("publish", "future", "private")
"""A post with such a status is not written over: it is out, or a person has decided about it."""


@dataclass(frozen=True)
class Ways:
    """What the account does: the status that a piece ends in, and the category of those that name none."""

    status: str = "publish"
    category: str = ""


class WordPressPublisher:
    """One site, as one of its users."""

    platform: Platform = "wordpress"
    repeats: Repeats = "repeatable"

    def __init__(self, site: Site, ways: Ways) -> None:
        self._site, self._ways = site, ways

    async def aclose(self) -> None:
        await self._site.aclose()

    def faults(self, piece: Piece) -> list[str]:
        if piece.kind != "article":
            return ["WordPress takes articles; a video goes to a platform for videos."]
        found = [] if piece.title.strip() else ["It has no title."]
        found += [] if piece.html.strip() else ["It has no text."]
        for medium in pictures(piece):
            if medium.mime not in TAKEN:
                found.append(f"WordPress takes no pictures of the kind {medium.mime} ({medium.name}).")
        return found

    async def look(self) -> Standing:
        may = await self._may(None)
        said = await self._site.get("", "Asks for the site's name.")
        warnings = []
        if "upload_files" not in may.rights:
            warnings.append(f"{may.name} may not upload pictures: articles that have some will wait.")
        if not self._site.encrypted:
            warnings.append("The password goes to the site unencrypted: use its https address.")
        return Standing(f"{said.at('name') or 'WordPress'} ({may.name})", warnings=warnings)

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """Pictures, categories and tags, then the draft, with everything of it read back."""
        await first_comment.left_out(piece, token, record, "WordPress")
        may = await self._may(record)
        post = await find(self._site, piece, token, record)
        if post is not None and post.status in PERSONS:
            return token_of(self._site, post.id)
        if post is not None and post.status == "trash":
            raise Refused(
                "A person has put its draft into the trash of WordPress. Take it out of there, or delete it "
                "for good, and publish again."
            )
        if pictures(piece) and "upload_files" not in may.rights:
            raise NeedsPerson(
                f"{may.name} may not upload pictures there. Give the user the role Author or more in "
                "WordPress, then look at the account again."
            )
        library = await kept(self._site, piece, record)
        wished = piece.options.get("categories") or piece.options.get("category") or self._ways.category
        categories = await numbers(self._site, "categories", named(wished), record)
        tags = named(piece.options.get("tags")) or named(list(piece.tags))
        marked = await numbers(self._site, "tags", tags[:MOST_TAGS], record)
        post = await self._drafted(post, facts(piece, library, categories, marked), record)
        token = token_of(self._site, post.id)
        await record.token(token)
        if missing := lacks(post, piece, library, categories, marked):
            raise Refused(
                f"WordPress kept the draft {post.id} without {' and '.join(missing)}; look at it there."
            )
        return token

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        """One change of status, which may be repeated; then it is read back."""
        if not token or not token.get("post"):
            raise Later("The draft's number is not known; it is made ready again.")
        number = int(token["post"])
        if self._ways.status != "publish" and (found := await self._left(piece, token, record)):
            return found
        reach("wordpress.publish.before")
        said = await self._site.ask(
            "POST",
            f"wp/v2/posts/{number}",
            f"Gives post {number} the status {self._ways.status}.",
            record,
            public=True,
            params={"_fields": SHOWN},
            json={"status": self._ways.status},
        )
        reach("wordpress.publish.after")
        if said.status in (404, 410):
            raise Later(f"The draft {number} is gone from WordPress; it is made anew.")
        if not said.well:
            raise _not_published(said)
        post = answered(said)
        if post is None:
            raise Unclear(f"WordPress's answer shows no post: {complaint(said)}", "answered")
        if post.status != self._ways.status:
            raise Refused(
                f"WordPress gave post {number} the status {post.status} instead of {self._ways.status}; "
                "publish it there."
            )
        return await self._read_back(piece, post, record)

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        if elsewhere(self._site, token):
            return Unknown("It was sent to another site than the one that the account has by now.")
        try:
            post = await find(self._site, piece, token, record)
        except (Later, NeedsPerson, Refused) as ending:
            return Unknown(ending.why)
        if post is None:
            return Absent("WordPress has no post with our mark, and none in its trash.")
        if post.status in (self._ways.status, "publish"):
            return Live(str(post.id), post.link)
        return Absent(f"Post {post.id} is there, with the status {post.status}.")

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        """The comments of posts; WordPress counts nothing else by itself."""
        return await measured(self._site, remote_ids)

    async def lead_on(self, remote_id: str, title: str, url: str) -> bool:
        return await lead_on(self._site, remote_id, title, url)

    async def _left(self, piece: Piece, token: Token, record: Record) -> Live | None:
        """Where the account leaves drafts: what a person has made of it is not undone."""
        post = await find(self._site, piece, token, record)
        out = post is not None and post.status in (self._ways.status, *PERSONS)
        return Live(str(post.id), post.link) if post is not None and out else None

    async def _read_back(self, piece: Piece, post: Post, record: Record) -> Live:
        """What was answered is believed unless the post itself says otherwise."""
        try:
            there = await find(self._site, piece, {"post": post.id}, record)
        except (Later, NeedsPerson, Refused) as ending:
            await record.step(
                "decision", f"It could not be read back: {ending.why} Its answer said that it is out."
            )
            return Live(str(post.id), post.link)
        if there is None or there.status != self._ways.status:
            shown = there.status if there else "gone"
            raise Unclear(
                f"WordPress said that post {post.id} is published, and shows it as {shown}.", "answered"
            )
        return Live(str(there.id), there.link)

    async def _drafted(self, post: Post | None, asked: dict[str, Any], record: Record) -> Post:
        """Makes the draft, or brings the one that is there up to date; nobody sees either."""
        route = f"wp/v2/posts/{post.id}" if post else "wp/v2/posts"
        about = f"Brings the draft {post.id} up to date." if post else "Makes the draft."
        # A status is given to a new one alone: what is public after all must not vanish and come again.
        sent = asked if post else {**asked, "status": "draft"}
        reach("wordpress.draft.before")
        said = await self._site.ask("POST", route, about, record, params={"_fields": SHOWN}, json=sent)
        reach("wordpress.draft.after")
        made = answered(said)
        if made is not None:
            return made
        if said.well:
            raise Later(f"WordPress's answer shows no post: {complaint(said)}")
        raise declined(said, "The draft could not be made")

    async def _may(self, record: Any) -> "_May":
        """Who we are there. Raises `NeedsPerson` where the user may not do what the account is for."""
        asked = {"context": "edit", "_fields": "name,roles,capabilities"}
        said = await self._site.get("wp/v2/users/me", "Asks who we are there.", record, params=asked)
        if not said.well:
            raise declined(said, "WordPress does not say who we are there")
        rights = said.at("capabilities")
        held = (
            frozenset(name for name, on in rights.items() if on) if isinstance(rights, dict) else frozenset()
        )
        may = _May(str(said.at("name") or self._site.user), held)
        needed = "publish_posts" if self._ways.status == "publish" else "edit_posts"
        if needed not in held:
            roles = said.at("roles")
            role = ", ".join(map(str, roles)) if roles and isinstance(roles, list) else "none"
            doing = "publish" if needed == "publish_posts" else "write"
            raise NeedsPerson(
                f"{may.name} may not {doing} posts on this site (role: {role}). Give the user the role "
                "Author or more in WordPress"
                + (", or let the account leave drafts" if "edit_posts" in held else "")
                + ", then look at the account again."
            )
        return may


@dataclass(frozen=True)
class _May:
    name: str
    rights: frozenset[str]


def _not_published(said: Any) -> Exception:
    """The ending for an answer that declines to publish."""
    if 300 <= said.status < 400:
        return Unclear("The site led on to another address instead of answering.", "answered")
    return Refused(f"WordPress did not publish it: {complaint(said)}")
