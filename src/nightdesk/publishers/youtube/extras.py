"""What a video gets once it is there: cover, captions and a comment, which may fail without failing it."""

import asyncio
import json
from collections.abc import Awaitable

from nightdesk.kit.endings import Ending, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Medium, Piece, Record
from nightdesk.publishers.calling import Said
from nightdesk.publishers.youtube.api import Google, complaint, reason

MOST_COVER = 50 << 20
"""Bytes. https://developers.google.com/youtube/v3/docs/thumbnails/set, since 14 September 2026"""

MOST_CAPTIONS = 100 << 20
"""Bytes. https://developers.google.com/youtube/v3/docs/captions/insert"""

_BETWEEN = "nightdesk-part-of-a-caption-track"


async def add(google: Google, piece: Piece, video: str, record: Record) -> None:
    """Sets cover and captions; what YouTube does not take of them is told in the piece's story.

    Both may be repeated: a cover takes the place of the one before, another track of that name is refused.
    Together they may take what a call may.
    """
    try:
        async with asyncio.timeout(google.limits.call):
            if (cover := piece.of_role("cover")) is not None:
                await _told("cover", _set_cover(google, cover, video, record), record)
            if (captions := piece.of_role("captions")) is not None:
                await _told("captions", _add_captions(google, captions, piece, video, record), record)
    except TimeoutError:
        await record.step("decision", "Cover and captions took too long; add them on YouTube.")


async def comment(google: Google, video: str, text: str, record: Record) -> None:
    """Writes it as the channel. Raises `Unclear` where it may be there; `Later`, `NeedsPerson`, `Refused`."""
    thread = {"videoId": video, "topLevelComment": {"snippet": {"textOriginal": text}}}
    said = await google.ask(
        "POST",
        f"{google.root}/youtube/v3/commentThreads",
        "Writes the first comment.",
        record,
        public=True,
        params={"part": "snippet"},
        json={"snippet": thread},
    )
    if not said.well:
        raise Refused(f"YouTube did not take it: {complaint(said)}")


async def _told(what: str, adding: Awaitable[Said], record: Record) -> None:
    try:
        said = await adding
    except Ending as ending:
        why = ending.why
    else:
        if said.well or reason(said) == "captionExists":
            return
        why = complaint(said)
    await record.step("decision", f"The video is out without its {what}: {why} Add that on YouTube.")


async def _set_cover(google: Google, cover: Medium, video: str, record: Record) -> Said:
    body = await _bytes(cover, MOST_COVER)
    reach("youtube.cover.before")
    said = await google.ask(
        "POST",
        f"{google.root}/upload/youtube/v3/thumbnails/set",
        "Sets the cover.",
        record,
        params={"videoId": video, "uploadType": "media"},
        headers={"Content-Type": cover.mime},
        content=body,
    )
    reach("youtube.cover.after")
    return said


async def _add_captions(google: Google, captions: Medium, piece: Piece, video: str, record: Record) -> Said:
    snippet = {"videoId": video, "language": piece.language, "name": "", "isDraft": False}
    head = (
        f"--{_BETWEEN}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
        f"{json.dumps({'snippet': snippet})}\r\n"
        f"--{_BETWEEN}\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + await _bytes(captions, MOST_CAPTIONS) + f"\r\n--{_BETWEEN}--\r\n".encode()
    reach("youtube.captions.before")
    said = await google.ask(
        "POST",
        f"{google.root}/upload/youtube/v3/captions",
        "Adds the captions.",
        record,
        params={"part": "snippet", "uploadType": "multipart"},
        headers={"Content-Type": f"multipart/related; boundary={_BETWEEN}"},
        content=body,
    )
    reach("youtube.captions.after")
    return said


async def _bytes(medium: Medium, most: int) -> bytes:
    if medium.size > most:
        raise Refused(f"It has {medium.size:,} bytes, YouTube takes {most:,}.")
    return b"".join([part async for part in medium.read(0, None)])
