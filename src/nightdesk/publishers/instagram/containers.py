"""Containers: a reel at Instagram before it is published, which can be published once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from nightdesk.kit.endings import Later, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Live, Medium, Piece, Record, Token
from nightdesk.publishers.calling import words
from nightdesk.publishers.instagram.graph import Graph, complaint, declined, well
from nightdesk.publishers.limits import caption
from nightdesk.publishers.told import fingerprint

# https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-container
State = Literal["IN_PROGRESS", "FINISHED", "PUBLISHED", "ERROR", "EXPIRED", ""]

RECENT = 50
"""How many of an account's latest posts are looked through for one."""

SLACK = timedelta(minutes=10)
"""By so much their clock and ours may differ."""


@dataclass(frozen=True)
class Standing:
    """Where a container stands, and what is said of it."""

    state: State
    says: str = ""


async def standing(graph: Graph, token: Token, record: Record | None) -> Standing:
    """Raises `Later`, `NeedsPerson`, `Refused`."""
    about = "Asks how far Instagram is with it."
    found = await graph.get(str(token["container"]), about, record, fields="status_code,status")
    code = found.get("status_code")
    known = code in ("IN_PROGRESS", "FINISHED", "PUBLISHED", "ERROR", "EXPIRED")
    return Standing(code if known else "", words(str(found.get("status") or "")))  # type: ignore[arg-type]


async def made(graph: Graph, user: str, piece: Piece, record: Record) -> dict[str, Any]:
    """A new container, kept before its use; nobody sees it. Raises `Later`, `NeedsPerson`, `Refused`."""
    reach("instagram.container.before")
    about, told = "Makes a container for the reel.", facts(piece)
    said = await graph.ask("POST", f"{user}/media", about, record, form=told)
    reach("instagram.container.after")
    found = well(said, "The container could not be made")
    if not found.get("id"):
        raise Later(f"Instagram's answer shows no container: {complaint(said)}")
    at = graph.clock.now().isoformat()
    token = {"container": str(found["id"]), "uploaded": False, "at": at}
    token |= {"told": fingerprint(told), "caption": told["caption"]}
    await record.token(token)
    return token


def facts(piece: Piece) -> dict[str, str]:
    """What a container is made of."""
    options = piece.options
    found = {
        "media_type": "REELS",
        "upload_type": "resumable",
        "caption": caption(piece),
        "share_to_feed": _said(options.get("share_to_feed", True)),
    }
    # https://developers.facebook.com/documentation/instagram-platform/changelog, 22 June 2026
    found |= {"is_ai_generated": "true"} if piece.synthetic else {}
    if options.get("cover_url"):
        found["cover_url"] = str(options["cover_url"])
    elif options.get("cover_ms") is not None:
        found["thumb_offset"] = str(options["cover_ms"])
    return found


async def uploaded(graph: Graph, token: Token, video: Medium, record: Record) -> dict[str, Any]:
    """Sends the file into its container. Raises `Later`, `NeedsPerson`, `Refused`."""
    headers = {
        "offset": "0",
        "file_size": str(video.size),
        "Content-Length": str(video.size),
        "Content-Type": "application/octet-stream",
    }
    reach("instagram.upload.before")
    said = await graph.upload(
        str(token["container"]),
        record,
        headers=headers,
        content=video.read(0, None),
        seconds=graph.limits.upload,
    )
    reach("instagram.upload.after")
    what = "Instagram did not take the video's bytes"
    if said.at("error") is not None or said.status == 401:
        raise declined(said, what)
    if not said.well or said.at("success") is not True:
        # The upload server names errors of its own; another try is made with another container.
        raise Later(f"{what}: {complaint(said)}")
    token = {**token, "uploaded": True}
    await record.token(token)
    return token


async def worked_through(graph: Graph, token: Token, record: Record) -> Standing:
    """Its standing once Instagram has worked through the video. Raises `Later` where that takes long."""
    until = graph.clock.monotonic() + graph.limits.processing
    while True:
        found = await standing(graph, token, record)
        if found.state not in ("IN_PROGRESS", ""):
            return found
        if graph.clock.monotonic() >= until:
            raise Later("Instagram is still working through the video; it is asked again.", 60.0)
        await graph.clock.sleep(graph.limits.pause)


def unfit(found: Standing) -> Refused:
    """The ending for a container that ended in an error; by its words it is not out."""
    return Refused(f"Instagram could not make a reel of the video: “{found.says or 'no reason given'}”")


async def live(graph: Graph, user: str, piece: Piece, token: Token, record: Record | None) -> Live:
    """The post that a container has become: the latest one with its words, made after it."""
    about = "Looks for the reel among the latest posts."
    asked = {"fields": "id,caption,permalink,timestamp", "limit": str(RECENT)}
    found = await graph.get(f"{user}/media", about, record, **asked)
    rows = found.get("data")
    since = datetime.fromisoformat(str(token["at"])) - SLACK
    text = str(token.get("caption", caption(piece)))
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and _is_it(row, text, since):
            return Live(str(row.get("id")), str(row.get("permalink") or ""))
    return Live(str(token["container"]), "")


def _is_it(row: Mapping[str, Any], text: str, since: datetime) -> bool:
    try:
        at = datetime.fromisoformat(str(row.get("timestamp")))
    except ValueError:
        return False
    if at.tzinfo is None or at < since:
        return False
    return " ".join(str(row.get("caption") or "").split()) == " ".join(text.split())


def _said(value: object) -> str:
    return "true" if value in (True, "true", "yes", 1) else "false"
