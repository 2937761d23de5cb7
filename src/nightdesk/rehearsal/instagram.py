"""A fake Instagram: the part of Meta's Graph API by which reels are published, and its upload server."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post

USER, NAME = "17841400000000001", "night.press"
APP, APP_SECRET = "100200300400", "rehearsalsecretoftheapp"
VERSION = "v25.0"

Act = Callable[[Request, str], Answer]
"""Answers a request for the thing with that number."""

_FAULTS = {
    "unauthorized": (401, 190, 467, "Error validating access token: this session is invalid."),
    "expired": (401, 190, 463, "Error validating access token: the session has expired."),
    "forbidden": (403, 4, 2207051, "We restrict certain activity to protect our community."),
    "quota": (
        403,
        9,
        2207042,
        "You reached the maximum number of posts of this interface.",
    ),
    "too_many": (429, 4, 0, "Application request limit reached."),
    "busy": (503, 2, 0, "Service temporarily unavailable."),
    "taken_then_500": (500, 2, 0, "An unexpected error has occurred. Please retry your request later."),
}


@dataclass
class Container:
    """A reel before it is published; `looks` are how often it is still said to be worked on."""

    id: str
    facts: dict[str, str]
    size: int = 0
    looks: int = 1
    status: str = "IN_PROGRESS"
    says: str = ""


@dataclass
class Reel:
    """A reel that anybody sees."""

    id: str
    container: Container
    at: str
    body: bytes = field(default=b"", repr=False)
    comments: list[str] = field(default_factory=list)


class FakeInstagram(FakePlatform):
    """One professional account, whose token is `token`; `holds` says for how many days, 0 for ever.

    `quota` is how many posts it takes in 24 hours, `unfit` why it makes no reel of any video.
    """

    name = "instagram"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.token, self.tokens = "EAAGrehearsal-1", {"EAAGrehearsal-1": True}
        self.holds, self.quota, self.unfit = 60, 100, ""
        self.counts: dict[str, dict[str, int]] = {}
        """What was counted of a reel: `views`, `likes`, `comments`, `shares`."""
        self.insights = True
        """Whether the token may see how often reels were seen."""
        self.may_comment = True
        """Whether the token may write comments."""
        self.containers: dict[str, Container] = {}
        self.reels: list[Reel] = []
        self._files: dict[str, bytes] = {}

    def posts(self) -> Sequence[Post]:
        return [
            Post(reel.id, NAME, _link(reel.id), text=reel.container.facts["caption"]) for reel in self.reels
        ]

    def first_comments(self) -> Sequence[str]:
        return [text for reel in self.reels for text in reel.comments]

    @property
    def api(self) -> str:
        """Where the interface is."""
        return f"{self.address}/{VERSION}"

    def again(self) -> None:
        """Lets the token hold again, as a person does who logs in anew."""
        self.tokens[self.token] = True

    def expire(self) -> None:
        """Containers that are not published do not hold any more."""
        for one in self.containers.values():
            if one.status != "PUBLISHED":
                one.status = "EXPIRED"

    def refusal(self, fault: str, _request: Request) -> Answer:
        if fault == "expired":
            self.tokens[self.token] = False
        headers = {"Retry_After": str(self.retry_after)} if fault == "too_many" else {}
        status, code, sub, says = _FAULTS[fault]
        return complaint(code, says, status, sub, **headers)

    async def answer(self, request: Request) -> Answer:
        if upload := re.fullmatch(rf"/ig-api-upload/{VERSION}/(\w+)", request.path):
            return self._upload(request, upload[1])
        path = request.path.removeprefix(f"/{VERSION}/")
        if path == "debug_token":
            return self._debug(request)
        if path == "oauth/access_token":
            return self._exchange(request)
        if not self._known(request, "Bearer"):
            return self.refusal("unauthorized", request)
        if path == "me/accounts":
            page = {"id": "1", "instagram_business_account": {"id": USER, "username": NAME}}
            return Answer.of({"data": [page, {"id": "2"}]})
        number, _, edge = path.partition("/")
        if edge == "insights" and any(reel.id == number for reel in self.reels):
            return self._insights(number)
        if (request.method, edge) == ("POST", "comments"):
            return self._comment(request, number)
        act = self._acts().get((request.method, edge))
        if act is None or (edge and number != USER):
            says = f"Unsupported {request.method.lower()} request. Object with ID '{number}' does not exist."
            return complaint(100, says, 400, 33)
        return act(request, number)

    def _acts(self) -> dict[tuple[str, str], Act]:
        return {
            ("GET", ""): self._show,
            ("GET", "content_publishing_limit"): self._limit,
            ("GET", "media"): self._recent,
            ("POST", "media"): self._create,
            ("POST", "media_publish"): self._publish,
        }

    def _known(self, request: Request, kind: str) -> bool:
        told = request.headers.get("authorization", "").partition(" ")
        return told[0] == kind and self.tokens.get(told[2], False)

    def _debug(self, request: Request) -> Answer:
        if request.query.get("access_token") != f"{APP}|{APP_SECRET}":
            return complaint(190, "Invalid OAuth access token signature.", 400)
        valid = self.tokens.get(request.query.get("input_token", ""), False)
        until = self.clock.now() + timedelta(days=self.holds)
        facts = {"is_valid": valid, "expires_at": int(until.timestamp()) if self.holds else 0, "type": "USER"}
        return Answer.of({"data": facts})

    def _exchange(self, request: Request) -> Answer:
        asked = request.query
        known = (asked.get("client_id"), asked.get("client_secret")) == (APP, APP_SECRET)
        if not known or not self.tokens.get(asked.get("fb_exchange_token", ""), False):
            return complaint(190, "Error validating access token.", 400)
        self.token, self.holds = f"EAAGrehearsal-{self.number()}", 60
        self.tokens[self.token] = True
        return Answer.of({"access_token": self.token, "token_type": "bearer", "expires_in": 60 * 86400})

    def _show(self, _request: Request, number: str) -> Answer:
        if number == USER:
            return Answer.of({"id": USER, "username": NAME, "name": "Night press"})
        if (container := self.containers.get(number)) is not None:
            return Answer.of({"id": number, "status_code": self._status(container), "status": container.says})
        for reel in self.reels:
            if reel.id == number:
                return Answer.of(self._reel(reel))
        return complaint(100, f"Unsupported get request. Object with ID '{number}' does not exist.", 400, 33)

    def _status(self, container: Container) -> str:
        """How it stands; a late look shows one that is out as if it were not."""
        if container.status == "PUBLISHED" and not self.shows(container.id):
            return "FINISHED"
        if container.status == "IN_PROGRESS" and container.size:
            container.looks -= 1
            if container.looks < 0:
                container.status, container.says = ("ERROR", self.unfit) if self.unfit else ("FINISHED", "")
        return container.status

    def _limit(self, _request: Request, _number: str) -> Answer:
        config = {"quota_total": self.quota, "quota_duration": 86400}
        return Answer.of({"data": [{"quota_usage": len(self.reels), "config": config}]})

    def _recent(self, request: Request, _number: str) -> Answer:
        latest = self.reels[::-1][: int(request.query.get("limit", "25"))]
        return Answer.of({"data": [self._reel(reel) for reel in latest]})

    def _insights(self, number: str) -> Answer:
        if not self.insights:
            return complaint(10, "(#10) Application does not have permission for this action", 403)
        counts = self.counts.get(number, {})
        rows = [{"name": one, "values": [{"value": counts.get(one, 0)}]} for one in ("views", "shares")]
        return Answer.of({"data": rows})

    def _comment(self, request: Request, number: str) -> Answer:
        if not self.may_comment:
            return complaint(10, "(#10) Application does not have permission for this action", 403)
        reel = next((one for one in self.reels if one.id == number), None)
        text = request.form().get("message", "")
        if reel is None or not text:
            says = f"Unsupported post request. Object with ID '{number}' does not exist."
            return complaint(100, says, 400, 33)
        reel.comments.append(text)
        return Answer.of({"id": f"178{self.number()}"})

    def _reel(self, reel: Reel) -> dict[str, Any]:
        counts = self.counts.get(reel.id, {})
        return {
            "like_count": counts.get("likes", 0),
            "comments_count": counts.get("comments", len(reel.comments)),
            "id": reel.id,
            "caption": reel.container.facts["caption"],
            "permalink": _link(reel.id),
            "timestamp": reel.at,
        }

    def _create(self, request: Request, _number: str) -> Answer:
        facts = request.form()
        if facts.get("media_type") != "REELS" or facts.get("upload_type") != "resumable":
            return complaint(100, "(#100) The parameter video_url is required.", 400)
        if len(facts.get("caption", "")) > 2200:
            return complaint(100, "The caption was too long.", 400, 2207010)
        made = Container(f"179{self.number()}", facts)
        self.containers[made.id] = made
        return Answer.of({"id": made.id, "uri": f"{self.address}/ig-api-upload/{VERSION}/{made.id}"})

    def _upload(self, request: Request, number: str) -> Answer:
        if not self._known(request, "OAuth"):
            return _upload_error("NotAuthorizedError", "User not authorized to perform this request", 401)
        container, size = self.containers.get(number), int(request.headers.get("file_size", "-1"))
        if container is None or request.headers.get("offset") != "0" or size != len(request.body):
            return _upload_error("InvalidRequest", "The offset or file_size does not fit.", 400)
        container.size, self._files[number] = size, request.body
        return Answer.of({"success": True, "message": "Upload successful."})

    def _publish(self, request: Request, _number: str) -> Answer:
        container = self.containers.get(request.form().get("creation_id", ""))
        if container is None or container.status in ("PUBLISHED", "EXPIRED"):
            says = "The media builder with this creation id does not exist or has been expired."
            return complaint(24, says, 400, 2207008)
        if container.status != "FINISHED":
            return complaint(9007, "Media ID is not available", 400, 2207027)
        if len(self.reels) >= self.quota:
            return self.refusal("quota", request)
        container.status = "PUBLISHED"
        at = self.clock.now().strftime("%Y-%m-%dT%H:%M:%S+0000")
        self.reels.append(Reel(f"180{self.number()}", container, at, self._files.get(container.id, b"")))
        self.made(container.id)
        return Answer.of({"id": self.reels[-1].id})


def complaint(code: int, says: str, status: int, sub: int = 0, **headers: str) -> Answer:
    """An error as the Graph API words it."""
    error = {"message": says, "type": "OAuthException", "code": code, "fbtrace_id": "Arehearsal"}
    error |= {"error_subcode": sub, "error_user_msg": says} if sub else {}
    error |= {"is_transient": True} if status >= 500 else {}
    return Answer.of({"error": error}, status, **headers)


def _upload_error(kind: str, says: str, status: int) -> Answer:
    return Answer.of({"debug_info": {"retriable": False, "type": kind, "message": says}}, status)


def _link(number: str) -> str:
    return f"https://www.instagram.com/reel/{number}/"
