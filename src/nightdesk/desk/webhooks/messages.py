"""What is told to programs: which event of ours becomes which message, and how one is laid out."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

EVENTS = {
    "run.finished": "A run is complete or was cancelled",
    "run.failed": "A run failed, or waits for a person",
    "piece.waiting": "A piece waits for review",
    "publication.live": "A publication is out",
    "publication.held": "A publication is held, or was refused",
    "account.expiring": "An account's access ends within a week",
    "account.lost": "An account is disconnected, or is not reached",
    "autopilot.waiting": "Auto mode of a site waits for something",
    "budget.reached": "A run or auto mode waits because credits or a budget are used up",
}
"""What a target may want, in the order of the page."""

TEST = "test"
LONGEST = 2000
_NAMES = uuid.UUID("6f1d2a52-6f0c-5c7a-9a3e-8f0f6f1f2c11")
OF_MONEY = ("insufficient_credits", "credits", "budget", "piece_budget")
"""Reasons of a pause that are about money: of a run the first, of auto mode the others."""


@dataclass(frozen=True)
class Message:
    """`key` names what happened, so that it is told once; `page` is where a person sees more of it."""

    event: str
    key: str
    at: datetime
    data: Mapping[str, Any]
    page: str = ""


def event_id(workspace_id: int, key: str) -> uuid.UUID:
    """The same for every target and every try, by which a receiver knows a repeat."""
    return uuid.uuid5(_NAMES, f"{workspace_id}:{key}")


def body(workspace_id: int, message: Message, public_url: str) -> str:
    """The JSON that is sent."""
    told = {
        "id": str(event_id(workspace_id, message.key)),
        "type": message.event,
        "at": message.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": {name: _short(value) for name, value in message.data.items()},
        "url": f"{public_url}{message.page}" if public_url and message.page else None,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _short(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value


def of_run(event: Event, run: Run, site: Site) -> list[Message]:
    """What an event of a run is to programs; `data["status"]` says how it stands."""
    status, reason = event.data.get("status"), event.data.get("pause_reason")
    data = {
        "run_id": str(run.id),
        "site_id": site.id,
        "site": site.slug,
        "line": run.line,
        "status": status,
        "credits_used": run.total_credits_used,
        "message": event.message,
    }
    page = f"/runs/{run.id}"
    if event.type == "run_finished" and status in ("completed", "cancelled"):
        return [Message("run.finished", f"run:{event.id}", event.at, data, page)]
    if status not in ("failed", "paused") or reason == "asked":
        return []
    found = [Message("run.failed", f"run:{event.id}", event.at, data | {"reason": reason}, page)]
    if reason in OF_MONEY:
        found.append(
            Message("budget.reached", f"money:{event.id}", event.at, data | {"reason": reason}, page)
        )
    return found


def of_autopilot(event: Event, site: Site) -> list[Message]:
    """A site that runs by itself and waits, told once more where it waits for money."""
    reason = event.data.get("reason")
    data = {"site_id": site.id, "site": site.slug, "reason": reason, "message": event.message}
    page = f"/sites/{site.slug}"
    found = [Message("autopilot.waiting", f"autopilot:{event.id}", event.at, data, page)]
    if reason in OF_MONEY:
        found.append(Message("budget.reached", f"money:{event.id}", event.at, data, page))
    return found


def of_article(event: Event, run: Run, content: Content, site: Site) -> Message:
    """An article that a run left at the gate."""
    data = {
        "kind": "article",
        "id": content.id,
        "revision": content.revision,
        "title": content.title,
        "site_id": site.id,
        "site": site.slug,
        "run_id": str(run.id),
    }
    key = f"article:{content.id}:{content.revision}:{run.id}"
    return Message("piece.waiting", key, event.at, data, f"/review/{content.id}")


def of_video(event: Event, video: Video, site: Site) -> Message:
    """A video that came to the gate."""
    data = {
        "kind": "video",
        "id": video.id,
        "revision": video.revision,
        "title": video.title or video.topic,
        "site_id": site.id,
        "site": site.slug,
    }
    key = f"video:{video.id}:{video.revision}"
    return Message("piece.waiting", key, event.at, data, f"/videos/{video.id}")


STATES = {"live": "publication.live", "held": "publication.held", "rejected": "publication.held"}


def of_publication(event: Event, publication: Publication) -> Message | None:
    """A publication that came to where a person wants to know."""
    name = STATES.get(event.data.get("state", ""))
    if name is None:
        return None
    data = {
        "publication_id": publication.id,
        "content_id": publication.content_id,
        "video_id": publication.video_id,
        "account_id": publication.account_id,
        "site_id": publication.site_id,
        "title": publication.title,
        "state": event.data["state"],
        "address": event.data.get("url") or publication.url,
        "message": event.message,
    }
    return Message(name, f"publication:{event.id}", event.at, data, f"/publications/{publication.id}")


def of_account(account: Account, expires_at: datetime, now: datetime) -> Message:
    """An account whose access ends soon; `expires_at` is in its key, so that a renewal counts anew."""
    data = {
        "account_id": account.id,
        "platform": account.platform,
        "name": account.name,
        "expires_at": expires_at.isoformat(),
        "status": account.status,
    }
    key = f"account:{account.id}:{expires_at.date().isoformat()}"
    return Message("account.expiring", key, now, data, f"/accounts/{account.id}")


def of_lost_account(event: Event, account: Account) -> Message | None:
    """An account that nothing can go out to any more: its log-in is over, or its platform is not reached."""
    if event.data.get("tells") is None or event.data.get("status") == "connected":
        return None
    data = {
        "account_id": account.id,
        "platform": account.platform,
        "name": account.name,
        "status": event.data["status"],
        "message": event.message,
    }
    return Message("account.lost", f"lost:{event.id}", event.at, data, f"/accounts/{account.id}")


def of_test(target_id: int, number: str, who: str, at: datetime) -> Message:
    """What is sent to see whether it arrives."""
    said = f"A test that {who} asked for. Events of this workspace arrive at this address."
    return Message(TEST, f"test:{target_id}:{number}", at, {"message": said}, "/settings/webhooks")
