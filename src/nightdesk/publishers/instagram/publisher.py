"""Publishes videos to an Instagram account as reels: a container with all in it, which then goes out."""

from collections.abc import Mapping, Sequence
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.media.platforms.limits import Limits as Taken
from nightdesk.publisher import (
    Absent,
    Coming,
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
from nightdesk.publishers.calling import Said, words
from nightdesk.publishers.instagram import comments, containers
from nightdesk.publishers.instagram.graph import FULL_DAY, Graph, complaint, declined, transient
from nightdesk.publishers.instagram.results import measured
from nightdesk.publishers.limits import breaks
from nightdesk.publishers.results import Measured
from nightdesk.publishers.told import fingerprint, outdated


class InstagramPublisher:
    """One professional account."""

    platform: Platform = "instagram"
    repeats: Repeats = "token"

    def __init__(self, graph: Graph, user: str, takes: Taken) -> None:
        self._graph, self._user, self._takes = graph, user, takes

    async def aclose(self) -> None:
        await self._graph.aclose()

    def faults(self, piece: Piece) -> list[str]:
        found = [*breaks(piece, self._takes), *first_comment.faults(piece)]
        cover = piece.options.get("cover_url")
        if cover and not str(cover).startswith("https://"):
            found.append("Instagram fetches a cover from an https address alone; give one, or `cover_ms`.")
        at = piece.options.get("cover_ms")
        if at is not None and not (isinstance(at, int) and at >= 0):
            found.append("`cover_ms` is a number of milliseconds into the video.")
        return found

    async def look(self) -> Standing:
        try:
            who = await self._graph.get(self._user, "Asks who we are there.", fields="username,name")
            left = await self._left(None)
        except Refused as ending:
            raise NeedsPerson(f"{ending.why} {await self._known()}") from ending
        entry, warnings = self._graph.entry, []
        if not entry.renewable:
            warnings.append(
                "Its token is not exchanged before it ends: for that give the app's number and secret."
            )
        if left == 0:
            warnings.append("It has had all posts that Instagram takes of it in 24 hours.")
        name = f"@{who.get('username') or self._user}"
        return Standing(name, entry.until, left, warnings)

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """A container with the video in it, worked through by Instagram."""
        told, sent = fingerprint(containers.facts(piece)), bool(token and token.get("sent"))
        if token and await outdated(token.get("told"), told, record, maybe_out=sent):
            token = None
        # One that was never filled cannot become a post, nor can one that has expired unpublished.
        if not (token and token.get("uploaded")):
            token = await self._filled(piece, record)
        found = await containers.worked_through(self._graph, token, record)
        if found.state == "EXPIRED":
            token = await self._filled(piece, record)
            found = await containers.worked_through(self._graph, token, record)
        if found.state == "ERROR":
            raise containers.unfit(found)
        if found.state == "EXPIRED":
            raise Later("The container has expired unpublished; another is made.")
        return {**token, "published": True} if found.state == "PUBLISHED" else token

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live | Coming:
        """Publishes the container, which Instagram does once."""
        if not token:
            raise Later("Its container is not known; it is made ready again.")
        if token.get("published"):
            return await self._live(piece, token, record)
        kept = {**token, "sent": True}
        await record.token(kept)
        reach("instagram.publish.before")
        said = await self._graph.ask(
            "POST",
            f"{self._user}/media_publish",
            "Publishes the container.",
            record,
            public=True,
            form={"creation_id": str(token["container"])},
        )
        reach("instagram.publish.after")
        if not said.well or said.at("error") is not None:
            return await self._declined(said, piece, token, record)
        if not said.at("id"):
            raise Unclear(f"Instagram's answer shows no post: {complaint(said)}", "answered")
        live = Live(str(said.at("id")), await self._address(str(said.at("id")), record))
        return await self._commented(piece, kept, live, record)

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        if not token:
            return Absent("No container was made for it.")
        try:
            found = await containers.standing(self._graph, token, record)
        except (Later, NeedsPerson, Refused) as ending:
            return Unknown(ending.why)
        if found.state == "PUBLISHED":
            return await self._live(piece, token, record)
        if found.state == "IN_PROGRESS":
            return Coming(15.0, "Instagram is still working on it.")
        if not found.state:
            return Unknown("Instagram does not say how its container stands.")
        return Absent(f"Its container is not published (it is {found.state}). {found.says}".strip())

    async def _known(self) -> str:
        """Which accounts the token is for, where the one that was given is none of them."""
        asked = {"fields": "instagram_business_account{id,username}", "limit": "25"}
        try:
            found = await self._graph.get(
                "me/accounts", "Asks which accounts the token is for.", None, **asked
            )
        except (Later, NeedsPerson, Refused):
            return "Put the number of the Instagram account right."
        rows = found.get("data")
        pages = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        ours = [page.get("instagram_business_account") for page in pages]
        known = [one for one in ours if isinstance(one, dict)]
        names = [f"{words(str(one.get('username')))} ({words(str(one.get('id')))})" for one in known]
        return f"The token is for {', '.join(names) or 'no Instagram account'}: put the number right."

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        """Likes and comments, and views and shares where its token may see them."""
        return await measured(self._graph, remote_ids)

    async def _live(self, piece: Piece, token: Token, record: Record) -> Live | Coming:
        """The post that its container has become: it is out, whether or not it can be found just now."""
        try:
            live = await containers.live(self._graph, self._user, piece, token, record)
        except (Later, NeedsPerson, Refused) as ending:
            return Coming(30.0, f"It is out, and is looked for among the latest posts. {ending.why}")
        return await self._commented(piece, token, live, record)

    async def _commented(self, piece: Piece, token: Token, live: Live, record: Record) -> Live:
        """With its first comment, unless that went wrong."""

        async def write(text: str) -> None:
            if live.remote_id == token["container"]:
                raise Refused("The reel was not found among the latest posts.")
            await comments.write(self._graph, live.remote_id, text, record)

        await first_comment.add(piece, first_comment.Post("instagram", live, token), record, write)
        return live

    async def _declined(self, said: Said, piece: Piece, token: Token, record: Record) -> Live | Coming:
        """What an answer means that declines to publish: the container may be out from an earlier try."""
        ending = _not_published(said)
        if isinstance(ending, Later | NeedsPerson):
            raise ending
        found = await self.look_up(piece, token, record)
        if isinstance(found, Live | Coming):
            return found
        if isinstance(ending, Refused) and token.get("sent"):
            raise Unclear(ending.why, "answered")
        raise ending

    async def _filled(self, piece: Piece, record: Record) -> Token:
        video = piece.of_role("video")
        if video is None:
            raise Refused("It has no video file.")
        if await self._left(record) == 0:
            raise Later("The account has had all posts that Instagram takes of it in 24 hours.", FULL_DAY)
        token = await containers.made(self._graph, self._user, piece, record)
        return await containers.uploaded(self._graph, token, video, record)

    async def _left(self, record: Record | None) -> int | None:
        """How many posts Instagram still takes of it in these 24 hours; None where it does not say."""
        about = "Asks how many posts it may still make today."
        path = f"{self._user}/content_publishing_limit"
        found = await self._graph.get(path, about, record, fields="quota_usage,config")
        return _left(found)

    async def _address(self, post: str, record: Record) -> str:
        """Where people find it; empty where that cannot be learnt just now, for it is out all the same."""
        try:
            found = await self._graph.get(post, "Asks for its address.", record, fields="permalink")
        except (Later, NeedsPerson, Refused):
            return ""
        return str(found.get("permalink") or "")


def _left(found: Mapping[str, Any]) -> int | None:
    try:
        row = found["data"][0]
        return max(int(row["config"]["quota_total"]) - int(row["quota_usage"]), 0)
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def _not_published(said: Said) -> Exception:
    """The ending for an answer that declines to publish."""
    what = "Instagram did not publish it"
    # Subcodes by which it does not know a container that was published or has expired: its status tells.
    gone = said.at("error", "error_subcode") in (2207006, 2207008, 2207020)
    if gone or transient(said) or 300 <= said.status < 400 or said.well:
        return Unclear(f"{what}: {complaint(said)}", "answered")
    return declined(said, what)
