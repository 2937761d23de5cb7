"""Publishes videos to a YouTube channel: all but the last bytes of the file first, then those."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.media.platforms.limits import Limits as Bounds
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
    Unclear,
    Unknown,
)
from nightdesk.publishers import first_comment
from nightdesk.publishers.calling import Said, words
from nightdesk.publishers.results import Measured
from nightdesk.publishers.told import fingerprint, outdated
from nightdesk.publishers.youtube import extras, metadata, uploads
from nightdesk.publishers.youtube.api import Google
from nightdesk.publishers.youtube.session import (
    Gone,
    Holds,
    Made,
    Session,
    Sessions,
    State,
    part_of,
)

LONG = 900.0
"""Seconds; a longer video needs a channel that was verified by telephone.
https://support.google.com/youtube/answer/71673"""

WATCH = "https://www.youtube.com/watch?v="

WORKING = Coming(15, "YouTube has the whole file, and has not made a video of it yet.")


class YouTubePublisher:
    """One channel. A session makes one video, however often its last bytes are sent."""

    platform: Platform = "youtube"
    repeats: Repeats = "token"

    def __init__(self, google: Google, usual: metadata.Usual, bounds: Bounds) -> None:
        self._google, self._usual, self._bounds = google, usual, bounds
        self._sessions = Sessions(google)

    async def aclose(self) -> None:
        await self._google.aclose()

    def faults(self, piece: Piece) -> list[str]:
        return metadata.faults(piece, self._usual, self._bounds)

    async def look(self) -> Standing:
        channel = await self._google.get(
            "channels", "Asks which channel it is.", part="snippet,status", mine="true"
        )
        name = channel.at("items", 0, "snippet", "title")
        if not name:
            raise NeedsPerson(
                "The log-in has no channel on YouTube. Make one there, or connect as its own account."
            )
        longer = channel.at("items", 0, "status", "longUploadsStatus")
        short = "Videos longer than 15 minutes need a channel that was verified by telephone."
        return Standing(str(name), warnings=[] if longer in (None, "allowed") else [short])

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """Opens a session or takes the one that is there up, and sends all but the last part of the file."""
        video = _video(piece)
        known, told = Session.of(token, video), self._told(piece)
        if known and await outdated(known.told, fingerprint(told), record, maybe_out=known.begun):
            token = None
        session, state = await self._where(token, video, record)
        if session is not None and isinstance(state, Gone) and session.begun:
            # When it was last asked nothing had been made by it; now that it is gone the channel is asked.
            found = await uploads.find(self._google, piece, session.opened, record)
            if found is not None:
                return replace(session, video=found).token()
        if session is not None and isinstance(state, Made):
            return replace(session, video=state.video).token()
        if session is None or not isinstance(state, Holds):
            session, state = await self._opened(piece, video, told, record), Holds(0)
        return await self._sent_but_the_last(session, video, state.bytes, record)

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live | Coming:
        """Sends the last part. Sent again, it makes no second video."""
        video = _video(piece)
        session = Session.of(token, video)
        if session is None:
            raise Later("The upload session is not known; it is made ready again.")
        if session.video:
            return await self._out(piece, session, session.video, record)
        held = session.held
        if not session.begun:
            session = replace(session, begun=True)
            await record.token(session.token())
        while True:
            state = await self._sessions.send(session, video, held, video.size, record, public=True)
            if isinstance(state, Made):
                return await self._finished(piece, session, state, record)
            if isinstance(state, Gone):
                raise Unclear("YouTube does not know the upload session any more.", "answered")
            if state.bytes >= video.size:
                return WORKING
            if state.bytes <= held:
                raise Later("YouTube did not keep the last part of the file.")
            held = state.bytes

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        try:
            return await self._looked_up(piece, token, record)
        except (Later, NeedsPerson, Refused, Unclear) as ending:
            return Unknown(ending.why)

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        """As `Measures` says; one call of the day's 10,000."""
        return await uploads.measured(self._google, remote_ids)

    async def _looked_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        video = _video(piece)
        session, state = await self._where(token, video, record)
        if session is not None and isinstance(state, Made):
            return await self._finished(piece, session, state, record)
        if isinstance(state, Holds):
            if state.bytes >= video.size:
                return WORKING
            return Absent(f"YouTube has {state.bytes:,} of {video.size:,} bytes, and made no video of them.")
        if session is not None and not session.begun:
            return Absent("The upload session is gone, and its last byte was never sent.")
        found = await uploads.find(self._google, piece, session.opened if session else None, record)
        if found is None:
            return Unknown("The upload session is gone, and the channel shows no such video.")
        return await self._out(piece, session, found, record)

    async def _where(
        self, token: Token | None, video: Medium, record: Record
    ) -> tuple[Session | None, State]:
        """The session that a token tells of, and how far it is."""
        session = Session.of(token, video)
        if session is None:
            return None, Gone()
        if session.video:
            return session, Made(session.video)
        return session, await self._sessions.state(session, video.size, record)

    def _told(self, piece: Piece) -> dict[str, Any]:
        """What YouTube is told of it when its session is opened: the video, and what stands beside it."""
        notify = piece.options.get("notify_subscribers")
        beside = {} if notify is None else {"notifySubscribers": "true" if notify else "false"}
        return {"facts": metadata.facts(piece, self._usual), "beside": beside}

    async def _opened(self, piece: Piece, video: Medium, told: dict[str, Any], record: Record) -> Session:
        await self._long_enough(video, record)
        if few := metadata.left_out(piece):
            await record.step("decision", f"{few} of its tags are left out: YouTube takes 500 characters.")
        at, name = self._google.clock.now().isoformat(), uploads.mark(piece)
        url = await self._sessions.open(video, name, told["facts"], record, **told["beside"])
        session = Session(url, video.asset, at, told=fingerprint(told))
        await record.token(session.token())
        return session

    async def _long_enough(self, video: Medium, record: Record) -> None:
        """Raises `NeedsPerson` where the channel may not have videos of that length."""
        if video.seconds is None or video.seconds <= LONG:
            return
        said = await self._google.get(
            "channels", "Asks whether the channel may have long videos.", record, part="status", mine="true"
        )
        if said.at("items", 0, "status", "longUploadsStatus") not in (None, "allowed"):
            raise NeedsPerson(
                "The channel may not have videos longer than 15 minutes. Verify it by telephone at "
                "https://www.youtube.com/verify, then look at the account again."
            )

    async def _sent_but_the_last(self, session: Session, video: Medium, held: int, record: Record) -> Token:
        limits, breaks, broken = self._google.limits, 0, False
        part = part_of(video.size, limits.part, limits.most_parts)
        while video.size - held > part:
            try:
                if broken:
                    state = await self._sessions.state(session, video.size, record)
                else:
                    state = await self._sessions.send(session, video, held, held + part, record)
            except Later as ending:
                breaks, broken = breaks + 1, True
                if breaks > limits.again or ending.seconds is not None:
                    raise
                await asyncio.sleep(limits.pause * 2 ** (breaks - 1))
                continue
            if isinstance(state, Made):
                return replace(session, video=state.video).token()
            if isinstance(state, Gone):
                raise Later("YouTube gave the upload session up; a new one is opened.")
            if state.bytes <= held and not broken:
                raise Later("YouTube did not keep a part of the file.")
            breaks, broken, held = breaks if broken else 0, False, state.bytes
        # With a file that YouTube has whole there is nothing left to send: it is asked again.
        return replace(session, held=min(held, video.size - 1)).token()

    async def _finished(self, piece: Piece, session: Session, made: Made, record: Record) -> Live:
        """Raises `Refused` where YouTube made the video and does not show it."""
        session = replace(session, video=made.video)
        if made.answer is not None:
            await record.token(session.token())
            await self._as_asked(piece, made.video, made.answer, record)
        return await self._out(piece, session, made.video, record)

    async def _as_asked(self, piece: Piece, video: str, answer: Said, record: Record) -> None:
        status = str(answer.at("status", "uploadStatus") or "")
        if status in ("rejected", "failed"):
            why = answer.at("status", "rejectionReason") or answer.at("status", "failureReason")
            raise Refused(f"YouTube made video {video} and {status} it: {why or 'no reason given'}.")
        asked = metadata.facts(piece, self._usual)["status"]["privacyStatus"]
        shown = answer.at("status", "privacyStatus")
        if shown and shown != asked:
            says = f"It was to be {asked}, and YouTube keeps it {words(str(shown))}: see there."
            await record.step("decision", says)

    async def _out(self, piece: Piece, session: Session | None, video: str, record: Record) -> Live:
        live = Live(video, f"{WATCH}{video}")
        await extras.add(self._google, piece, video, record)
        if session is not None:
            post = first_comment.Post("youtube", live, session.token())
            await first_comment.add(
                piece, post, record, lambda text: extras.comment(self._google, video, text, record)
            )
        return live


def _video(piece: Piece) -> Medium:
    """Raises `Refused`."""
    video = piece.of_role("video")
    if video is None:
        raise Refused("It has no video file.")
    return video
