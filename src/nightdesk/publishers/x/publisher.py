"""Publishes short posts on X, which takes no token: what may be out is looked for, never sent again."""

from dataclasses import asdict
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.media.platforms.limits import Limits, table
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
from nightdesk.publishers.calling import Said
from nightdesk.publishers.limits import breaks
from nightdesk.publishers.short_post import laid_out, link_of, weight
from nightdesk.publishers.x.calls import DECLINED, X, complaint
from nightdesk.publishers.x.costs import tell
from nightdesk.publishers.x.media import Up, Uploads, chosen
from nightdesk.publishers.x.replies import reply
from nightdesk.publishers.x.timeline import address, clock_of, found

WIDEST = 4096
"""Pixels; X's own page names 1280 × 1024, and takes more, which it makes smaller by itself."""


class XPublisher:
    """One account; `most` is how many characters a post of it may have."""

    platform: Platform = "x"
    repeats: Repeats = "blind"

    def __init__(self, x: X, clock: Clock, most: int) -> None:
        self._x, self._clock, self._most = x, clock, most

    async def aclose(self) -> None:
        await self._x.aclose()

    def faults(self, piece: Piece) -> list[str]:
        text = laid_out(piece, self._most)
        files = breaks(piece, _file_limits()) if piece.kind == "video" else []
        faults = [] if text else ["It has no words."]
        if (long := weight(text)) > self._most:
            faults.append(f"X takes {self._most} characters, this has {long}: shorten its title or text.")
        link = link_of(piece)
        if link and not link.startswith(("https://", "http://")):
            faults.append("Its link must begin with https:// or http://.")
        faults += first_comment.faults(piece)
        if (long := weight(first_comment.wished(piece))) > self._most:
            faults.append(f"X takes {self._most} characters, its first comment has {long}: shorten it.")
        return [*faults, *files]

    async def look(self) -> Standing:
        said = await self._me(None)
        return Standing(f"@{said.at('data', 'username') or 'unknown'}")

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """Asks who we are, looks for an earlier try's post, puts the file up; says what the post costs."""
        text = laid_out(piece, self._most)
        said = await self._me(record)
        made: dict[str, Any] = {"at": clock_of(said, self._clock.now()), **(token or {})}
        made |= {"text": text, "user": str(said.at("data", "id"))}
        if token and (there := await found(self._x, made["user"], text, made["at"], record)):
            await record.step("decision", f"It is out already, as {there.remote_id}.")
            return made | {"found": there.remote_id}
        # What an earlier try knew of its post does not hold for the one that is made now.
        made = {name: value for name, value in made.items() if name not in ("found", "comment")}
        if (medium := chosen(piece)) is not None:

            async def kept(up: Up) -> None:
                made["media"] = {"asset": medium.asset, **asdict(up)}
                await record.token(made)

            known = made.get("media") or {}
            same = known.get("asset") == medium.asset
            await Uploads(self._x, self._clock, record, kept).up(medium, Up.out_of(known) if same else None)
        await tell(text, "a post", record)
        return made

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live:
        """One post, once."""
        if not token or not token.get("text"):
            raise Later("What is to be posted is not known; it is made ready again.")
        if token.get("found"):
            return await self._commented(piece, token, str(token["found"]), record)
        asked: dict[str, Any] = {"text": token["text"]}
        if piece.synthetic:
            asked["made_with_ai"] = True
        if token.get("media"):
            asked["media"] = {"media_ids": [token["media"]["id"]]}
        reach("x.post.before")
        said = await self._x.ask("POST", "/2/tweets", "Posts it.", record, json=asked, public=True)
        reach("x.post.after")
        number = said.at("data", "id")
        if said.well and isinstance(number, str) and number:
            return await self._commented(piece, token, number, record)
        if said.status == 403 and "duplicate" in str(said.at("detail")).lower():
            there = await self._posted_before(token, said, record)
            return await self._commented(piece, token, there.remote_id, record)
        if said.status in DECLINED:
            raise Refused(f"X did not take the post: {complaint(said)}")
        raise Unclear(f"X's answer ({said.status}) shows no post: {complaint(said)}", "answered")

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        if not token or not token.get("user"):
            return Unknown("It is not known which words to look for.")
        if token.get("found"):
            return await self._commented(piece, token, str(token["found"]), record)
        try:
            there = await found(self._x, token["user"], token["text"], token["at"], record)
        except (Later, NeedsPerson, Refused) as ending:
            return Unknown(ending.why)
        if there is None:
            return Absent("The account's posts show none with these words since then.")
        return await self._commented(piece, token, there.remote_id, record)

    async def _commented(self, piece: Piece, token: Token, number: str, record: Record) -> Live:
        """With its first comment, unless that went wrong."""
        live = Live(number, address(number))
        post = first_comment.Post("x", live, {**token, "found": number})
        await first_comment.add(piece, post, record, lambda text: reply(self._x, number, text, record))
        return live

    async def _posted_before(self, token: Token, said: Said, record: Record) -> Live:
        """X takes no text twice: either a try of ours went out after all, or somebody posted the same."""
        try:
            there = await found(self._x, token["user"], token["text"], token["at"], record)
        except (Later, NeedsPerson, Refused) as ending:
            why = f"X says that this was posted before, and cannot be asked for it: {ending.why}"
            raise Unclear(why, "answered") from ending
        if there is None:
            raise Refused(
                f"X takes no text twice, and the account has posted these words before: {complaint(said)} "
                "Change the words, then publish it again."
            )
        await record.step(
            "decision", f"X says that this was posted before, and shows it as {there.remote_id}."
        )
        return there

    async def _me(self, record: Record | None) -> Said:
        """Who we are there. Raises `NeedsPerson`, `Later`."""
        said = await self._x.ask("GET", "/2/users/me", "Asks who we are there.", record)
        if said.status == 403:
            raise NeedsPerson(
                f"X does not let the app act for this account: {complaint(said)} Give the app the right to "
                "read and write, then connect the account again."
            )
        if not said.well or not said.at("data", "id"):
            raise Later(f"X does not say who we are there: {complaint(said)}")
        return said


def _file_limits() -> Limits:
    """X's limits of the file alone: its words are counted with their links."""
    x = table()["x"]
    return x.model_copy(update={"sides": (x.sides[0], WIDEST), "shorter": 0, "description": 0})
