"""Replies of an account under its own posts."""

from typing import Any

from nightdesk.kit.endings import Refused
from nightdesk.publisher import Record, Unclear
from nightdesk.publishers.x.calls import DECLINED, X, complaint
from nightdesk.publishers.x.costs import tell

SUMMONED = (
    "X lets apps that pay by use reply only where the post's author has mentioned or quoted them, and may "
    "count an author's own posts in."
)
"""https://docs.x.com/x-api/posts/manage-tweets/integrate, since 23 February 2026
(https://docs.x.com/changelog); replies under one's own posts are neither excepted there nor named."""


async def reply(x: X, post: str, text: str, record: Record) -> None:
    """Raises `Unclear` where it may be there; `Later`, `NeedsPerson`, `Refused` where it is not."""
    await tell(text, "its first comment", record)
    asked: dict[str, Any] = {"text": text, "reply": {"in_reply_to_tweet_id": post}}
    said = await x.ask("POST", "/2/tweets", "Writes the first comment.", record, json=asked, public=True)
    if said.well and said.at("data", "id"):
        return
    says = f"X did not say that it took it: {complaint(said)}"
    if said.status not in DECLINED:
        raise Unclear(says, "answered")
    raise Refused(f"{says} {SUMMONED}" if said.status == 403 else says)
