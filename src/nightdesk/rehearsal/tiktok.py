"""A fake TikTok: the Content Posting API by which videos come into an account, its upload server, and the
Display API by which posts are read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.logins import Logins
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post

ACCOUNT = "night.press"
SMALLEST, LARGEST, LAST, MOST = 5_000_000, 64_000_000, 128_000_000, 1000
"""Bytes of a part, of the last one, and how many parts, as the media transfer guide says."""

COUNTS = ("view_count", "like_count", "comment_count", "share_count")
MOST_QUERIED = 20

Act = Callable[[Request], Answer]

_FAULTS = {
    "unauthorized": (401, "access_token_invalid", "The access token is invalid or not found in the request."),
    "expired": (401, "access_token_invalid", "The access token is invalid or not found in the request."),
    "forbidden": (403, "spam_risk_user_banned_from_posting", "The user is banned from making new posts."),
    "quota": (403, "spam_risk_too_many_posts", "The daily post cap from the API is reached for this user."),
    "too_many": (429, "rate_limit_exceeded", "The API rate limit was exceeded."),
    "busy": (503, "internal_error", "Something went wrong. Please try again."),
    "taken_then_500": (500, "internal_error", "Something went wrong. Please try again."),
}
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass
class Upload:
    """A video on its way; `looks` are how often it is still said to be worked on once it is whole."""

    id: str
    size: int
    each: int
    count: int
    post: Mapping[str, Any] | None
    """What it is to be as a post; None for a draft."""
    body: bytearray = field(default_factory=bytearray, repr=False)
    last: int = 0
    looks: int = 1
    reason: str = ""
    number: str = ""

    @property
    def whole(self) -> bool:
        return len(self.body) == self.size


class FakeTikTok(FakePlatform):
    """One account. A draft in its inbox counts among its posts: nobody wants two of it there.

    `privacy` are the levels that it offers, `audited` whether its app may post publicly, `failing` why it
    takes no video in the end, `smallest` what a part must have, `shut` whether upload addresses are over,
    `moderated` whether it has gone through its posts, and tells their numbers, `readable` whether the account
    lets them be read.
    """

    name = "tiktok"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.logins = Logins(self.clock, rotating=True, client="client_key", seconds=7200)
        self.privacy = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
        self.audited, self.failing, self.smallest, self.shut = True, "", SMALLEST, False
        self.moderated, self.readable = True, True
        self.most_seconds, self.off = 600, ["duet"]
        self.counts: dict[str, dict[str, Any]] = {}
        """What was counted of a post, by the names that TikTok has for it."""
        self.uploads: dict[str, Upload] = {}
        self.done: list[Upload] = []
        self._seen: Request | None = None

    def posts(self) -> Sequence[Post]:
        return [
            Post(one.number, ACCOUNT, _link(one.number), text=str((one.post or {}).get("title", "")))
            for one in self.done
        ]

    def refusal(self, fault: str, request: Request) -> Answer:
        if fault == "expired" and (ended := self._bearer(request) or self._seen):
            self.logins.end(ended)
        headers = {"Retry_After": str(self.retry_after)} if fault == "too_many" else {}
        status, code, says = _FAULTS[fault]
        return said({}, code, says, status, **headers)

    async def answer(self, request: Request) -> Answer:
        if request.path == "/v2/oauth/token/":
            return self.logins.answer(request)
        if request.path == "/video/":
            return self._put(request)
        act = self._acts().get(request.line)
        if act is None:
            return said({}, "unsupported_path", "Unsupported path.", 404)
        if self.logins.account(request) != ACCOUNT:
            return self.refusal("unauthorized", request)
        self._seen = request
        return act(request)

    def _acts(self) -> dict[str, Act]:
        return {
            "GET /v2/user/info/": lambda _: said(
                {"user": {"open_id": "-000Night", "display_name": "Night press"}}
            ),
            "POST /v2/post/publish/creator_info/query/": self._creator,
            "POST /v2/post/publish/video/init/": self._direct,
            "POST /v2/post/publish/inbox/video/init/": lambda request: self._begin(request, None),
            "POST /v2/post/publish/status/fetch/": self._status,
            "POST /v2/video/list/": self._listed,
            "POST /v2/video/query/": self._queried,
        }

    def _bearer(self, request: Request) -> Request | None:
        return request if "authorization" in request.headers else None

    def _creator(self, _request: Request) -> Answer:
        switches = {f"{one}_disabled": one in self.off for one in ("comment", "duet", "stitch")}
        names = {"creator_username": ACCOUNT, "creator_nickname": "Night press"}
        levels = {"privacy_level_options": self.privacy, "max_video_post_duration_sec": self.most_seconds}
        return said({**names, **levels, **switches})

    def _direct(self, request: Request) -> Answer:
        post = request.json().get("post_info")
        level = post.get("privacy_level") if isinstance(post, dict) else None
        if level not in self.privacy:
            says = "Privacy level should be one of the creator's options."
            return said({}, "privacy_level_option_mismatch", says, 403)
        if not self.audited and level != "SELF_ONLY":
            code = "unaudited_client_can_only_post_to_private_accounts"
            return said({}, code, "Please review our integration guidelines.", 403)
        if len(str(post.get("title", "")).encode("utf-16-le")) > 4400:
            return said({}, "invalid_param", "The title is too long.", 400)
        return self._begin(request, post)

    def _begin(self, request: Request, post: Mapping[str, Any] | None) -> Answer:
        source = request.json().get("source_info", {})
        size, each = int(source.get("video_size", 0)), int(source.get("chunk_size", 0))
        count = int(source.get("total_chunk_count", 0))
        if source.get("source") != "FILE_UPLOAD" or not self._fits(size, each, count):
            return said({}, "invalid_param", "The chunk size or total chunk count is invalid.", 400)
        kind = "pub" if post is not None else "inbox"
        made = Upload(f"v_{kind}_file~v2.{self.number()}", size, each, count, post, reason=self.failing)
        self.uploads[made.id] = made
        url = f"{self.address}/video/?upload_id={made.id}&upload_token=rehearsal"
        return said({"publish_id": made.id, "upload_url": url})

    def _fits(self, size: int, each: int, count: int) -> bool:
        if count == 1:
            return 0 < size == each <= LARGEST
        over = size - each * (count - 1)
        return self.smallest <= each <= LARGEST and 1 < count == size // each <= MOST and over <= LAST

    def _put(self, request: Request) -> Answer:
        upload, span = (
            self.uploads.get(request.query.get("upload_id", "")),
            _RANGE.fullmatch(request.headers.get("content-range", "")),
        )
        if self.shut or upload is None:
            return Answer(403 if upload else 404)
        if (
            span is None
            or int(span[3]) != upload.size
            or len(request.body) != int(span[2]) - int(span[1]) + 1
        ):
            return Answer(400)
        if int(span[1]) != len(upload.body):
            return Answer(416, headers={"Content-Range": f"bytes 0-{len(upload.body) - 1}/{upload.size}"})
        upload.last = len(request.body)
        upload.body += request.body
        if not upload.whole:
            return Answer(206, headers={"Content-Range": f"bytes 0-{len(upload.body) - 1}/{upload.size}"})
        if not upload.reason:
            upload.number = f"74{self.number()}"
            self.done.append(upload)
        self.made(upload.id)
        return Answer(201)

    def _status(self, request: Request) -> Answer:
        upload = self.uploads.get(str(request.json().get("publish_id")))
        if upload is None:
            return said({}, "invalid_publish_id", "The publish_id does not exist.", 400)
        if upload.whole and not self.shows(upload.id):
            late = len(upload.body) - upload.last
            return said({"status": "PROCESSING_UPLOAD", "uploaded_bytes": late})
        if upload.whole:
            upload.looks -= 1
        if not upload.whole or upload.looks >= 0:
            return said({"status": "PROCESSING_UPLOAD", "uploaded_bytes": len(upload.body)})
        if upload.reason:
            return said({"status": "FAILED", "fail_reason": upload.reason})
        if upload.post is None:
            return said({"status": "SEND_TO_USER_INBOX", "uploaded_bytes": upload.size})
        # Their own spelling; only public posts have a number here.
        posts = {"publicaly_available_post_id": [int(upload.number)] if self._public(upload) else []}
        return said({"status": "PUBLISH_COMPLETE", "uploaded_bytes": upload.size, **posts})

    def post(self, draft: str) -> None:
        """As its person does in TikTok with a draft out of the inbox: it is public from then on."""
        self.uploads[draft].post = {"privacy_level": "PUBLIC_TO_EVERYONE"}

    def _public(self, upload: Upload) -> bool:
        level = (upload.post or {}).get("privacy_level")
        return self.moderated and level == "PUBLIC_TO_EVERYONE"

    def _listed(self, request: Request) -> Answer:
        return self._shown(request, [one.number for one in reversed(self.done)])

    def _queried(self, request: Request) -> Answer:
        filters = request.json().get("filters")
        wanted = filters.get("video_ids") if isinstance(filters, dict) else None
        if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST_QUERIED:
            return said({}, "invalid_params", "The video ids are invalid.", 400)
        return self._shown(request, wanted)

    def _shown(self, request: Request, wanted: Sequence[str]) -> Answer:
        """Of the account's public posts those that are wanted, with the fields that are asked for."""
        if not self.readable:
            says = "The user did not authorize the scope required for completing this request."
            return said({}, "scope_not_authorized", says, 401)
        fields = [one for one in request.query.get("fields", "").split(",") if one]
        if not fields or not set(fields) <= {"id", *COUNTS}:
            return said({}, "invalid_params", "The fields are invalid.", 400)
        public = [one.number for one in self.done if self._public(one) and one.number in wanted]
        rows = [{"id": one, **dict.fromkeys(COUNTS, 0), **self.counts.get(one, {})} for one in public]
        return said({"videos": [{name: row[name] for name in fields} for row in rows]})


def said(
    data: Mapping[str, Any], code: str = "ok", says: str = "", status: int = 200, **headers: str
) -> Answer:
    """An answer in TikTok's envelope."""
    error = {"code": code, "message": says, "log_id": "20261121REHEARSAL"}
    return Answer.of({"data": data, "error": error}, status, **headers)


def _link(number: str) -> str:
    return f"https://www.tiktok.com/@{ACCOUNT}/video/{number}"
