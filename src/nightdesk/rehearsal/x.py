"""A fake X: log-ins, uploads in parts, posts and a timeline, answered as its interface does in version 2."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from nightdesk.kit.clock import Clock
from nightdesk.rehearsal.logins import Logins
from nightdesk.rehearsal.messages import Answer, Request
from nightdesk.rehearsal.platform import FakePlatform, Post

MOST = 280
_MEDIA = re.compile(r"/2/media/upload/(\d+)/(append|finalize)")
_TIMELINE = re.compile(r"/2/users/(\d+)/tweets")
_LINK = re.compile(r"https?://\S+")


@dataclass
class Put:
    """A file that is put up, part by part. `looks` is how often it is still worked on when asked."""

    account: str
    size: int
    category: str
    parts: dict[int, bytes] = field(default_factory=dict)
    whole: bool = False
    looks: int = 0
    alt: str = ""

    @property
    def body(self) -> bytes:
        return b"".join(self.parts[index] for index in sorted(self.parts))


@dataclass(frozen=True)
class Tweet:
    """A post as it was sent."""

    id: str
    account: str
    text: str
    at: datetime
    asked: Mapping[str, Any]

    @property
    def under(self) -> str:
        """The number of the post that it replies to; empty for none."""
        return str(self.asked.get("reply", {}).get("in_reply_to_tweet_id", ""))


class FakeX(FakePlatform):
    """Accounts are called as their names; `working` is how often X says that it works on a video."""

    name = "x"

    def __init__(self, clock: Clock | None = None, working: int = 0) -> None:
        super().__init__(clock)
        self.logins = Logins(self.clock, rotating=True)
        self.tweets: list[Tweet] = []
        self.files: dict[str, Put] = {}
        self.working = working
        self.replies = True
        """Whether it lets apps reply under their accounts' own posts."""
        self.users: dict[str, str] = {}
        self.counts: dict[str, dict[str, int]] = {}
        """What was counted of a post, by the names that X has for it."""

    def posts(self) -> Sequence[Post]:
        address = f"{self.address}/i/web/status"
        shown = [one for one in self.tweets if not one.under]
        return [Post(one.id, one.account, f"{address}/{one.id}", text=one.text) for one in shown]

    def first_comments(self) -> Sequence[str]:
        return [one.text for one in self.tweets if one.under]

    def refusal(self, fault: str, request: Request) -> Answer:
        if fault in ("unauthorized", "expired"):
            account = self.logins.account(request)
            self.logins.end(request)
            if fault == "expired" and account:
                self.logins.revoke(account)
            return _problem(401, "Unauthorized", "Unauthorized")
        if fault == "too_many":
            return _problem(429, "Too Many Requests", "Too Many Requests", Retry_After=str(self.retry_after))
        return {
            "forbidden": _problem(403, "Forbidden", "You are not permitted to perform this action."),
            "quota": _problem(402, "CreditsDepleted", "Your account has no credits to fulfill this request."),
            "busy": _problem(503, "Service Unavailable", "Service Unavailable"),
        }.get(fault) or _problem(500, "Internal Server Error", "Something went wrong.")

    async def answer(self, request: Request) -> Answer:
        if request.line == "POST /2/oauth2/token":
            return self.logins.answer(request)
        account = self.logins.account(request)
        if account is None:
            return _problem(401, "Unauthorized", "Unauthorized")
        acts = {
            "GET /2/users/me": self._me,
            "POST /2/media/upload/initialize": self._begin,
            "GET /2/media/upload": self._status,
            "POST /2/media/metadata": self._describe,
            "POST /2/tweets": self._post,
            "GET /2/tweets": self._counted,
        }
        if act := acts.get(request.line):
            return act(request, account)
        if part := _MEDIA.fullmatch(request.path):
            return self._part(request, account, part[1], part[2])
        if user := _TIMELINE.fullmatch(request.path):
            return self._timeline(request, user[1])
        return _problem(404, "Not Found", "Not Found")

    def _me(self, _request: Request, account: str) -> Answer:
        number = self.users.setdefault(account, str(self.number()))
        date = format_datetime(self.clock.now(), usegmt=True)
        return Answer.of({"data": {"id": number, "name": account.title(), "username": account}}, Date=date)

    def _begin(self, request: Request, account: str) -> Answer:
        asked = request.json()
        if not asked.get("total_bytes") or not asked.get("media_type"):
            return _problem(400, "Invalid Request", "One or more parameters to your request was invalid.")
        number = str(self.number())
        category = str(asked.get("media_category", ""))
        looks = self.working if category == "tweet_video" else 0
        self.files[number] = Put(account, asked["total_bytes"], category, looks=looks)
        return Answer.of({"data": {"id": number, "media_key": f"13_{number}", "expires_after_secs": 86400}})

    def _part(self, request: Request, account: str, number: str, what: str) -> Answer:
        put = self.files.get(number)
        if put is None or put.account != account:
            return _problem(404, "Not Found", "Not Found")
        if what == "append":
            parts = {part.name: part.body for part in request.parts()}
            put.parts[int(parts["segment_index"])] = parts["media"]
            return Answer.of({"data": {"expires_at": 0}})
        if len(put.body) != put.size:
            return _problem(400, "Invalid Request", "Segments do not add up to provided total file size.")
        put.whole = put.looks == 0
        return Answer.of({"data": {"id": number} | self._working(put)})

    def _status(self, request: Request, account: str) -> Answer:
        put = self.files.get(request.query.get("media_id", ""))
        if put is None or put.account != account:
            return _problem(404, "Not Found", "Not Found")
        put.looks = max(put.looks - 1, 0)
        put.whole = put.looks == 0
        return Answer.of({"data": {"id": request.query["media_id"]} | self._working(put)})

    def _working(self, put: Put) -> dict[str, Any]:
        if put.category != "tweet_video":
            return {}
        state = "succeeded" if put.looks == 0 else "in_progress"
        return {"processing_info": {"state": state, "check_after_secs": 1}}

    def _describe(self, request: Request, _account: str) -> Answer:
        asked = request.json()
        self.files[asked["id"]].alt = asked["metadata"]["alt_text"]["text"]
        return Answer.of({"data": {"id": asked["id"]}})

    def _post(self, request: Request, account: str) -> Answer:
        asked = request.json()
        text = str(asked.get("text", ""))
        ids = asked.get("media", {}).get("media_ids", [])
        if any(not self.files.get(one, Put("", 0, "")).whole for one in ids):
            return _problem(400, "Invalid Request", "Your media IDs are invalid.")
        if len(_LINK.sub("x" * 23, text)) > MOST:
            return _problem(403, "Forbidden", "Your Tweet text is too long.")
        if any(one.account == account and one.text == text for one in self.tweets):
            says = "You are not allowed to create a Tweet with duplicate content."
            return _problem(403, "Forbidden", says)
        tweet = Tweet(str(self.number()), account, text, self.clock.now(), asked)
        own = any(one.id == tweet.under and one.account == account for one in self.tweets)
        if tweet.under and not (own and self.replies):
            return _problem(403, "Forbidden", "You are not permitted to perform this action.")
        self.tweets.append(tweet)
        self.made(tweet.id)
        return Answer.of({"data": {"id": tweet.id, "text": self._shown(tweet)["text"]}}, 201)

    def _counted(self, request: Request, _account: str) -> Answer:
        wanted = request.query.get("ids", "").split(",")
        none = dict.fromkeys(("retweet_count", "reply_count", "like_count", "quote_count"), 0)
        shown = [
            {"id": one.id, "text": one.text, "public_metrics": none | self.counts.get(one.id, {})}
            for one in self.tweets
            if one.id in wanted
        ]
        lost = [
            {"title": "Not Found Error", "resource_id": one}
            for one in wanted
            if all(one != tweet.id for tweet in self.tweets)
        ]
        return Answer.of(({"data": shown} if shown else {}) | ({"errors": lost} if lost else {}))

    def _timeline(self, request: Request, user: str) -> Answer:
        since = datetime.fromisoformat(request.query["start_time"])
        account = next((name for name, number in self.users.items() if number == user), "")
        left_out = "replies" in request.query.get("exclude", "")
        shown = [
            self._shown(one)
            for one in reversed(self.tweets)
            if one.account == account and one.at >= since and not (one.under and left_out)
            if self.shows(one.id)
        ]
        return Answer.of(({"data": shown} if shown else {}) | {"meta": {"result_count": len(shown)}})

    def _shown(self, tweet: Tweet) -> dict[str, Any]:
        """With its links shortened, one more to its media, and `&` written out."""
        urls: list[dict[str, Any]] = []

        def shortened(link: str) -> str:
            urls.append({"url": f"https://t.co/{tweet.id}x{len(urls)}", "expanded_url": link})
            return str(urls[-1]["url"])

        text = _LINK.sub(lambda one: shortened(one[0]), html.escape(tweet.text, quote=False))
        if tweet.asked.get("media"):
            text += f" {shortened(f'https://x.com/{tweet.account}/status/{tweet.id}/video/1')}"
        at = tweet.at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return {"id": tweet.id, "text": text, "created_at": at, "entities": {"urls": urls}}


def _problem(status: int, title: str, detail: str, **headers: str) -> Answer:
    """As RFC 7807 words it."""
    return Answer.of(
        {"title": title, "detail": detail, "type": "about:blank", "status": status}, status, **headers
    )
