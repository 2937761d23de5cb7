"""Publishes videos to a TikTok account: all parts of the file but the last first, then that one."""

from dataclasses import dataclass
from typing import Any, Literal

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.media.platforms.limits import Limits as Taken
from nightdesk.publisher import (
    Absent,
    Coming,
    Found,
    Live,
    Medium,
    Piece,
    Platform,
    Record,
    Repeats,
    Standing,
    Token,
    Unknown,
)
from nightdesk.publishers import first_comment
from nightdesk.publishers.limits import breaks
from nightdesk.publishers.tiktok import creators, uploads
from nightdesk.publishers.tiktok.service import Service, UnknownUpload, failed
from nightdesk.publishers.told import fingerprint, outdated

Mode = Literal["draft", "direct"]

BY_HAND = (
    "Drafts take neither text nor label from here: who posts one in TikTok gives it its text, and switches "
    "on “AI-generated content” where machines made it."
)


@dataclass(frozen=True)
class Ways:
    """What the account does: drafts or posts, and who sees the latter."""

    mode: Mode
    privacy: str


class TikTokPublisher:
    """One account."""

    platform: Platform = "tiktok"
    repeats: Repeats = "token"

    def __init__(self, service: Service, ways: Ways, takes: Taken) -> None:
        self._service, self._ways, self._takes = service, ways, takes

    async def aclose(self) -> None:
        await self._service.aclose()

    def faults(self, piece: Piece) -> list[str]:
        return [*breaks(piece, self._takes), *creators.faults(piece.options, self._ways.privacy)]

    async def look(self) -> Standing:
        try:
            return await self._looked()
        except Refused as ending:
            raise NeedsPerson(ending.why) from ending

    async def _looked(self) -> Standing:
        if self._ways.mode == "draft":
            found = await self._service.ask(
                "user/info/", "Asks who we are there.", fields="open_id,display_name"
            )
            user = found.get("user")
            name = user.get("display_name") if isinstance(user, dict) else None
            return Standing(str(name or "TikTok"), warnings=[BY_HAND])
        who = await creators.creator(self._service)
        warnings = []
        if self._ways.privacy not in who.privacy:
            warnings.append(f"TikTok lets it post as {', '.join(who.privacy)}, not as {self._ways.privacy}.")
        return Standing(f"@{who.name}", warnings=warnings)

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """An upload that lacks its last part alone; without that nothing comes of it."""
        video = piece.of_role("video")
        if video is None:
            raise Refused("It has no video file.")
        await first_comment.left_out(piece, token, record, "TikTok")
        told, sent = self._told(piece), bool(token and (token.get("sent") or token.get("whole")))
        if token and await outdated(token.get("told"), told, record, maybe_out=sent):
            token = None
        if token and (kept := await self._kept(token, video, record)):
            return kept
        made = await self._begun(piece, video, told, record)
        await uploads.filled(self._service, made, video, 0, record)
        return made

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live | Coming:
        """Sends the last part, which TikTok takes once, and waits for what comes of it."""
        video = piece.of_role("video")
        if not token or video is None:
            raise Later("Its upload is not known; it is made ready again.")
        if not token.get("whole"):
            await uploads.finished(self._service, token, video, record)
        return await self._followed(token, record)

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        video = piece.of_role("video")
        if not token or video is None:
            return Absent("No upload was begun for it.")
        try:
            found = await uploads.progress(self._service, token, record)
        except (Later, NeedsPerson, Refused) as ending:
            return Unknown(ending.why)
        if found.out:
            return await self._live(found, token, record)
        if found.status == "FAILED":
            return Absent(failed(found.reason).why)
        if found.short(video.size):
            return Absent(f"TikTok has {found.got:,} of its {video.size:,} bytes, so nothing can be out.")
        return Coming(20.0, "TikTok is still working on it.")

    async def _kept(self, token: Token, video: Medium, record: Record) -> Token | None:
        """An earlier try's upload, where it may still become a post; None where it surely cannot."""
        try:
            found = await uploads.progress(self._service, token, record)
        except UnknownUpload as unknown:
            if token.get("sent"):
                raise Refused(f"{unknown.why} Look in TikTok whether it is out.") from unknown
            return None
        if found.status == "FAILED":
            ending = failed(found.reason)
            # What TikTok says may be tried again begins anew, and is told then what still stands against it.
            if isinstance(ending, Later):
                return None
            raise ending
        if not found.short(video.size):
            # All is there, or it does not say; what was never sent whole can be left behind.
            known = found.out or found.got is not None or token.get("sent")
            return {**token, "whole": True} if known else None
        return await self._resumed(token, video, found.got or 0, record)

    async def _resumed(self, token: Token, video: Medium, got: int, record: Record) -> Token | None:
        old = uploads.age(self._service, token)
        if not token.get("over") and old < uploads.OPEN:
            await uploads.filled(self._service, token, video, got, record)
            return token
        if token.get("sent") and old < uploads.SURELY_SHUT:
            left = (uploads.SURELY_SHUT - old).total_seconds()
            raise Later("It waits until the earlier upload can certainly not be finished any more.", left)
        return None

    def _told(self, piece: Piece) -> str:
        """By which an upload is known that would be told something else by now; a draft is told nothing."""
        post = {} if self._ways.mode == "draft" else creators.wished(piece, self._ways.privacy)
        return fingerprint({"mode": self._ways.mode, **post})

    async def _begun(self, piece: Piece, video: Medium, told: str, record: Record) -> Token:
        if self._ways.mode == "draft":
            path = "post/publish/inbox/video/init/"
            return await uploads.begun(self._service, path, {}, video.size, record, told=told)
        who = await creators.creator(self._service, record)
        post = creators.facts(piece, who, self._ways.privacy)
        path, facts = "post/publish/video/init/", {"post_info": post}
        return await uploads.begun(self._service, path, facts, video.size, record, told=told, who=who.name)

    async def _followed(self, token: Token, record: Record) -> Live | Coming:
        """What comes of an upload that is whole: from here on no failure to ask may count as not sent."""
        clock, limits = self._service.clock, self._service.limits
        until = clock.monotonic() + limits.processing
        while True:
            found = await self._asked(token, record)
            if found is not None and found.out:
                return await self._live(found, token, record)
            if found is not None and found.status == "FAILED":
                raise failed(found.reason)
            if found is None or clock.monotonic() >= until:
                return Coming(20.0, "TikTok is still working on it.")
            await clock.sleep(limits.pause)

    async def _asked(self, token: Token, record: Record) -> uploads.Progress | None:
        try:
            return await uploads.progress(self._service, token, record)
        except (Later, NeedsPerson, Refused) as ending:
            await record.step("decision", f"{ending.why} The video was taken; how far it is, is asked later.")
            return None

    async def _live(self, found: uploads.Progress, token: Token, record: Record) -> Live:
        if found.status == "SEND_TO_USER_INBOX":
            await record.step("decision", f"It lies in the account's inbox as a draft. {BY_HAND}")
        return uploads.live(found, token)


def mode_of(value: Any) -> Mode:
    """Raises `NeedsPerson`."""
    if value not in ("draft", "direct"):
        raise NeedsPerson("The account makes either `draft` or `direct`.")
    return "draft" if value == "draft" else "direct"
