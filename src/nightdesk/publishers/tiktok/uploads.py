"""Uploads to TikTok: begun, filled part by part, and asked how far they are; the last part makes the post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.publisher import Live, Medium, Record, Token, Unclear
from nightdesk.publishers.calling import Call, Said
from nightdesk.publishers.tiktok.chunks import Chunks
from nightdesk.publishers.tiktok.service import Service, complaint, declined

OPEN = timedelta(minutes=55)
"""For an hour an upload's address takes bytes; what would take longer is begun anew."""

SURELY_SHUT = timedelta(minutes=75)
"""After so long it certainly takes none any more, and what its progress says is not late either."""


@dataclass(frozen=True)
class Progress:
    """How far an upload is; `got` are the bytes that TikTok has, None where it does not say."""

    status: str
    reason: str = ""
    got: int | None = None
    posts: tuple[str, ...] = ()

    @property
    def out(self) -> bool:
        """Whether it is posted, or in the inbox of the account."""
        return self.status in ("PUBLISH_COMPLETE", "SEND_TO_USER_INBOX")

    def whole(self, size: int) -> bool:
        """Whether TikTok has all of its bytes."""
        return self.got is not None and self.got >= size

    def short(self, size: int) -> bool:
        """Whether TikTok says that it lacks some: then nothing can come of it by itself."""
        return self.status == "PROCESSING_UPLOAD" and self.got is not None and self.got < size


async def progress(service: Service, token: Token, record: Record | None) -> Progress:
    """Raises `UnknownUpload`, `Later`, `NeedsPerson`, `Refused`."""
    about = "Asks how far TikTok is with it."
    found = await service.ask(
        "post/publish/status/fetch/", about, record, publish_id=str(token.get("publish"))
    )
    got, posts = found.get("uploaded_bytes"), found.get("publicaly_available_post_id")
    return Progress(
        str(found.get("status") or ""),
        str(found.get("fail_reason") or ""),
        got if isinstance(got, int) and not isinstance(got, bool) else None,
        tuple(str(post) for post in posts) if isinstance(posts, list) else (),
    )


async def begun(
    service: Service, path: str, facts: Mapping[str, Any], size: int, record: Record, **known: str
) -> dict[str, Any]:
    """A new upload, kept before its use with what is `known` of it; by itself it makes no post.

    Raises `Later`, `NeedsPerson`, `Refused`.
    """
    chunks = Chunks.of(size, service.limits.chunk)
    source = {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunks.each}
    body = {**facts, "source_info": {**source, "total_chunk_count": chunks.count}}
    reach("tiktok.upload.before")
    found = await service.ask(path, "Begins an upload.", record, **body)
    reach("tiktok.upload.after")
    publish, url = found.get("publish_id"), found.get("upload_url")
    if not (publish and isinstance(url, str)):
        raise Later("TikTok's answer shows no upload.")
    if not service.takes(url):
        raise Later("TikTok's answer leads an upload to an address that is not TikTok's; nothing was sent.")
    at = service.clock.now().isoformat()
    token = {"publish": str(publish), "url": url, "each": chunks.each, "at": at, **known}
    await record.token(token)
    return token


def parts(token: Token, video: Medium) -> Chunks:
    """Its parts, as they were when it was begun."""
    return Chunks.of(video.size, int(token.get("each") or video.size))


def age(service: Service, token: Token) -> timedelta:
    """How long ago it was begun."""
    return service.clock.now() - datetime.fromisoformat(str(token["at"]))


async def filled(service: Service, token: Token, video: Medium, got: int, record: Record) -> None:
    """Sends all parts but the last, after the bytes that TikTok has.

    Raises `Later`, `NeedsPerson`, `Refused`.
    """
    chunks = parts(token, video)
    for number in range(chunks.after(got), chunks.count - 1):
        said = await service.put(_put(service, token, video, chunks.span(number), public=False), record)
        if said.status == 206:
            continue
        if said.status == 416:
            raise Later("TikTok has other bytes of the video than were sent; it is asked how far it is.")
        raise _declined(said) or await _shut(token, record)


async def finished(service: Service, token: Token, video: Medium, record: Record) -> None:
    """Sends the last part, with which the post is made.

    Raises `Later` where TikTok takes none of it, `Refused`, `NeedsPerson`, `Unclear`.
    """
    chunks = parts(token, video)
    await record.token({**token, "sent": True})
    reach("tiktok.publish.before")
    call = _put(service, token, video, chunks.span(chunks.count - 1), public=True)
    said = await service.put(call, record)
    reach("tiktok.publish.after")
    if said.status == 201:
        return
    ending = _declined(said)
    if not token.get("sent") and said.status in (403, 404):
        raise ending or await _shut(token, record)
    if ending is None or said.status == 416 or (token.get("sent") and isinstance(ending, Refused)):
        # An earlier try may have sent these bytes: how far the upload is tells.
        raise Unclear(f"TikTok answered {said.status} to the last part: {complaint(said)}", "answered")
    raise ending


async def _shut(token: Token, record: Record) -> Later:
    await record.token({**token, "over": True})
    return Later("The upload's address takes nothing any more; another upload is begun.")


def _declined(said: Said) -> Later | NeedsPerson | Refused | None:
    """The ending that its words give; None where it has none: a 403 and 404 then say that its address is
    over, and other answers nothing."""
    if said.at("error", "code") or said.status == 401:
        return declined(said, "TikTok did not take the video")
    if 400 <= said.status < 500 and said.status not in (403, 404):
        return Refused(f"TikTok did not take the video ({said.status}): {complaint(said)}")
    return None


def live(found: Progress, token: Token) -> Live:
    """What is out: a post's number where TikTok tells it, else the upload's."""
    who = str(token.get("who") or "")
    at = f"https://www.tiktok.com/@{who}" if who else ""
    if found.posts:
        return Live(found.posts[0], f"{at}/video/{found.posts[0]}" if at else "")
    return Live(str(token.get("publish")), at if found.status == "PUBLISH_COMPLETE" else "")


def _put(service: Service, token: Token, video: Medium, span: tuple[int, int], *, public: bool) -> Call:
    start, end = span
    headers = {
        "Content-Type": video.mime,
        "Content-Length": str(end - start),
        "Content-Range": f"bytes {start}-{end - 1}/{video.size}",
    }
    about = f"Sends bytes {start:,} to {end - 1:,} of {video.size:,}."
    return Call(
        "PUT",
        str(token["url"]),
        about,
        public=public,
        raw=True,
        headers=headers,
        content=video.read(start, end),
        seconds=service.limits.upload,
    )
