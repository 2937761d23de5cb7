"""A fake YouTube: channels, resumable uploads, covers, captions and the endpoint that renews log-ins."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.consents import Consents
from nightdesk.rehearsal.logins import Logins
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post

STEP = 256 << 10
"""Parts but the last of a file are multiples of so many bytes."""

UPLOAD = "/upload/youtube/v3/videos"

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_BAD = {"<", ">"}

# What the API answers: status, reason, words. https://developers.google.com/youtube/v3/docs/errors
_REFUSALS = {
    "busy": (503, "backendError", "The service is currently unavailable."),
    "unauthorized": (401, "authError", "Invalid Credentials"),
    "expired": (401, "authError", "Invalid Credentials"),
    "forbidden": (403, "forbidden", "The video breaks the rules of this platform."),
    "too_many": (429, "rateLimitExceeded", "Too many requests."),
    "quota": (403, "quotaExceeded", "The request cannot be completed because you have exceeded your quota."),
    "taken_then_500": (500, "internalError", "Internal error encountered."),
}


@dataclass
class Channel:
    """A channel, named as its account is. `longer` is whether it may have videos beyond 15 minutes."""

    name: str
    longer: str = "allowed"


@dataclass
class Video:
    """A video, with what it was made with and what came to it later."""

    id: str
    channel: str
    file: str
    facts: dict[str, Any]
    body: bytes
    at: str
    cover: bytes = b""
    captions: list[tuple[str, bytes]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    views: int = 0


@dataclass
class Upload:
    """An upload session; `size` is what was announced."""

    id: str
    channel: str
    file: str
    facts: dict[str, Any]
    size: int
    body: bytearray = field(default_factory=bytearray)
    video: str = ""


Act = Callable[[Request, str], Answer]


class FakeYouTube(FakePlatform):
    """Accounts named `alice` and `bob`, each with a channel; `secrets` are those of a log-in as alice.

    `keeps` is how many bytes it keeps at most of the next part that it is sent, None for all of them.
    `breaks` is the byte of a file at which the connection that brings it breaks off, once.
    `locked` makes every video private, whatever was asked. `files` is whether owners see the names of files.
    """

    name = "youtube"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.logins = Logins(self.clock)
        self.secrets = self.logins.connected("alice")
        self.consents = Consents(self.logins, self.clock, "alice")
        self.channels = {name: Channel(name) for name in ("alice", "bob")}
        self.videos: dict[str, Video] = {}
        self.uploads: dict[str, Upload] = {}
        self.keeps: int | None = None
        self.breaks: int | None = None
        self.locked = False
        self.files = True

    def posts(self) -> Sequence[Post]:
        """Those that anybody with the address sees; a private one too, which its owner has shown."""
        return [
            Post(
                video.id,
                video.channel,
                f"https://www.youtube.com/watch?v={video.id}",
                video.facts["snippet"]["title"],
                video.facts["snippet"].get("description", ""),
            )
            for video in self.videos.values()
        ]

    def first_comments(self) -> Sequence[str]:
        return [text for video in self.videos.values() for text in video.comments]

    def refusal(self, fault: str, request: Request) -> Answer:
        if fault == "expired":
            self.logins.end(request)
        status, code, says = _REFUSALS[fault]
        headers = {"Retry_After": str(self.retry_after)} if fault == "too_many" else {}
        return _error(code, says, status, **headers)

    async def answer(self, request: Request) -> Answer:
        if page := self.consents.answer(request):
            return page
        if request.line == "POST /token":
            return self.consents.exchanged(request)
        account = self.logins.account(request)
        if account is None:
            return _error("authError", "Invalid Credentials", 401)
        acts: dict[str, Act] = {
            f"POST {UPLOAD}": self._open,
            f"PUT {UPLOAD}": self._part,
            "POST /upload/youtube/v3/thumbnails/set": self._cover,
            "POST /upload/youtube/v3/captions": self._captions,
            "POST /youtube/v3/commentThreads": self._comment,
            "GET /youtube/v3/channels": self._channel,
            "GET /youtube/v3/playlistItems": self._uploads,
            "GET /youtube/v3/videos": self._videos,
        }
        act = acts.get(request.line)
        return act(request, account) if act else _error("notFound", "Not Found", 404)

    def _open(self, request: Request, account: str) -> Answer:
        facts = request.json()
        snippet, status = facts.get("snippet", {}), facts.get("status", {})
        if not 1 <= len(snippet.get("title", "")) <= 100 or _BAD & set(snippet["title"]):
            return _error("invalidTitle", "The request metadata specifies an invalid or empty video title.")
        told = snippet.get("description", "")
        if len(told.encode()) > 5000 or _BAD & set(told):
            return _error("invalidDescription", "The request metadata specifies an invalid description.")
        some = snippet.get("tags", [])
        if sum(len(tag) + 2 * (" " in tag) for tag in some) + max(len(some) - 1, 0) > 500:
            return _error("invalidTags", "The request metadata specifies invalid video keywords.")
        if status.get("publishAt") and status.get("privacyStatus") != "private":
            return _error("invalidPublishAt", "The scheduled publishing time is not valid.")
        upload = Upload(
            f"session-{self.number()}",
            account,
            request.headers.get("slug", "unknown"),
            facts,
            int(request.headers["x-upload-content-length"]),
        )
        self.uploads[upload.id] = upload
        at = f"{self.address}{UPLOAD}?uploadType=resumable&part=snippet,status&upload_id={upload.id}"
        return Answer(200, headers={"Location": at})

    def _part(self, request: Request, account: str) -> Answer:
        upload = self.uploads.get(request.query.get("upload_id", ""))
        if upload is None or upload.channel != account:
            return _error("notFound", "Not Found", 404)
        if "content-length" not in request.headers:
            return Answer(411)
        if upload.video:
            return self._finished(upload)
        if request.headers.get("content-range") == f"bytes */{upload.size}":
            return self._held(upload)
        told = _RANGE.fullmatch(request.headers.get("content-range", ""))
        start, end, size = (int(one) for one in told.groups()) if told else (0, 0, -1)
        last = end + 1 == size
        if (
            size != upload.size
            or end + 1 - start != len(request.body)
            or (not last and (end + 1 - start) % STEP)
        ):
            return _error("badRequest", "Failed to parse Content-Range header.")
        if start > len(upload.body):
            return Answer(503)
        keeps, self.keeps = self.keeps, None
        if self.breaks is not None and start <= self.breaks <= end:
            keeps, self.breaks = self.breaks - start, None
            upload.body[start:] = request.body[:keeps]
            raise ConnectionResetError
        upload.body[start:] = request.body[:keeps]
        return self._made(upload) if len(upload.body) == upload.size else self._held(upload)

    def _held(self, upload: Upload) -> Answer:
        return Answer(308, headers={"Range": f"bytes=0-{len(upload.body) - 1}"} if upload.body else {})

    def _made(self, upload: Upload) -> Answer:
        upload.video = f"video{self.number():06}"
        if self.locked:
            upload.facts["status"]["privacyStatus"] = "private"
        at = self.clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
        body = bytes(upload.body)
        self.videos[upload.video] = Video(upload.video, upload.channel, upload.file, upload.facts, body, at)
        self.made(upload.video)
        return Answer.of(self._shape(self.videos[upload.video]))

    def _finished(self, upload: Upload) -> Answer:
        """What a session that has made its video answers; one that made it unseen works on it at first."""
        if not self.shows(upload.video):
            return self._held(upload)
        return Answer.of(self._shape(self.videos[upload.video]))

    def _shape(self, video: Video) -> dict[str, Any]:
        status = {**video.facts.get("status", {}), "uploadStatus": "uploaded"}
        snippet = {**video.facts.get("snippet", {}), "publishedAt": video.at}
        named = {"fileDetails": {"fileName": video.file}} if self.files else {}
        counts = {"viewCount": str(video.views), "likeCount": "0", "commentCount": str(len(video.comments))}
        parts = {"snippet": snippet, "status": status, "statistics": counts, **named}
        return {"kind": "youtube#video", "id": video.id, **parts}

    def _cover(self, request: Request, account: str) -> Answer:
        video = self._own(request.query.get("videoId", ""), account)
        if video is None:
            return _error("videoNotFound", "The video that you are trying to give a cover is not there.", 404)
        if not request.body.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            return _error("invalidImage", "The provided image content is invalid.")
        video.cover = request.body
        return Answer.of({"kind": "youtube#thumbnailSetResponse", "items": []})

    def _captions(self, request: Request, account: str) -> Answer:
        told, track = request.parts()
        snippet = Request("", "", {}, {}, told.body).json()["snippet"]
        video = self._own(snippet["videoId"], account)
        if video is None:
            return _error("videoNotFound", "The video could not be found.", 404)
        if any(language == snippet["language"] for language, _ in video.captions):
            return _error("captionExists", "The video already has a track of this name and language.", 409)
        video.captions.append((snippet["language"], track.body))
        return Answer.of({"kind": "youtube#caption", "id": str(self.number())})

    def _comment(self, request: Request, account: str) -> Answer:
        snippet = request.json()["snippet"]
        video = self._own(snippet["videoId"], account)
        if video is None or video.facts["status"]["selfDeclaredMadeForKids"]:
            return _error("commentsDisabled", "The video has disabled comments.", 403)
        video.comments.append(snippet["topLevelComment"]["snippet"]["textOriginal"])
        return Answer.of({"kind": "youtube#commentThread", "id": str(self.number())})

    def _own(self, number: str, account: str) -> Video | None:
        video = self.videos.get(number)
        return video if video and video.channel == account else None

    def _channel(self, _request: Request, account: str) -> Answer:
        channel = self.channels.get(account)
        if channel is None:
            return Answer.of({"kind": "youtube#channelListResponse", "items": []})
        shown = {
            "id": f"UC{channel.name}",
            "snippet": {"title": channel.name.title()},
            "status": {"privacyStatus": "public", "longUploadsStatus": channel.longer},
            "contentDetails": {"relatedPlaylists": {"uploads": f"UU{channel.name}"}},
        }
        return Answer.of({"kind": "youtube#channelListResponse", "items": [shown]})

    def _uploads(self, request: Request, account: str) -> Answer:
        if request.query.get("playlistId") != f"UU{account}":
            return _error("playlistNotFound", "The playlist cannot be found.", 404)
        own = [video for video in self.videos.values() if video.channel == account and self.shows(video.id)]
        items = [{"contentDetails": {"videoId": video.id}} for video in reversed(own)]
        return Answer.of({"kind": "youtube#playlistItemListResponse", "items": items[:50]})

    def _videos(self, request: Request, account: str) -> Answer:
        wished = request.query.get("id", "").split(",")
        items = [self._shape(video) for number in wished if (video := self._own(number, account))]
        return Answer.of({"kind": "youtube#videoListResponse", "items": items})


def _error(code: str, says: str, status: int = 400, **headers: str) -> Answer:
    """An error as Google's interfaces word it."""
    one = {"message": says, "domain": "youtube", "reason": code}
    return Answer.of({"error": {"code": status, "message": says, "errors": [one]}}, status, **headers)
