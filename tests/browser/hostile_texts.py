"""Which columns of which tables hold text that came from elsewhere, and is shown."""

from collections.abc import Sequence
from typing import Any

from nightdesk.store.tables.access import ApiKey, ProviderKey
from nightdesk.store.tables.autopilot import FirstApproval, LetThrough, Pilot, TrustRule
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.gate import GateDecision, Revision
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.money import CreditTransfer
from nightdesk.store.tables.notices import Notice, NoticeTarget
from nightdesk.store.tables.occasions import Event
from nightdesk.store.tables.people import Deed, Link, Person, Session
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.publishing import Account, AccountSite, Publication, PublicationStep
from nightdesk.store.tables.runs import Batch, ProviderCall, Run
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.tenancy import Site, Workspace
from nightdesk.store.tables.videos import OwnPiece, Scene, Video
from nightdesk.store.tables.webhooks import Hook, ToolRight, WebhookDelivery, WebhookTarget
from nightdesk.store.tables.writer import Content, Image

OUTLINE = [{"heading": "$", "points": ["$"]}]
BRIEF = {"title": "$", "angle": "$", "keywords": ["$"], "outline": OUTLINE, "words": 600, "cluster": "$"}
BRIEF |= {"intent": "informational", "structure": "guide"}
FINDING = {"code": "x", "severity": "serious", "message": "$", "where": "$"}
CLAIM = {"said": "$", "status": "unverified", "sentence": "$", "evidence": "$", "document": 1, "cited": []}
CHECK = {"name": "$", "score": 50, "findings": [FINDING], "facts": {"claims": [CLAIM]}}
CITATION = {"document": 1, "shown": 1, "title": "$", "url": "https://a.example/$", "author": "$"}
PICTURE = {"id": 1, "asset": None, "alt": "$", "caption": "$", "heading": "$", "label": "$"}
THUMBNAIL = {"variant": "$", "asset": "0" * 64, "width": 9, "height": 16, "words": "$", "chosen": True}
TEXTS: Sequence[tuple[Any, dict[str, Any]]] = (
    (
        Site,
        {
            "name": "$",
            "subject": "$",
            "audience": "$",
            "voice": "$",
            "style": "$",
            "video": {"voice": "$", "lexicon": {"word": "$"}},
        },
    ),
    (Workspace, {"name": "$"}),
    (Person, {"name": "$", "email": "$"}),
    (Session, {"address": "$", "agent": "$"}),
    (ProviderKey, {"last_four": "$"}),
    (Link, {"email": "$"}),
    (ApiKey, {"name": "$", "prefix": "$"}),
    (Document, {"title": "$", "text": "$\n\n$", "author": "$", "url": "https://a.example/$"}),
    (Passage, {"text": "$"}),
    (NoticeTarget, {"service": "$", "last_four": "$", "who": "$"}),
    (Notice, {"title": "$", "body": "$", "says": "$"}),
    (WebhookTarget, {"url": "https://a.example/$", "says": "$", "who": "$"}),
    (WebhookDelivery, {"event": "$", "body": "$", "says": "$"}),
    (Hook, {"name": "$", "who": "$", "says": "$"}),
    (ToolRight, {"who": "$"}),
    (Keyword, {"phrase": "$", "error": "$"}),
    (Cluster, {"name": "$", "description": "$", "error": "$"}),
    (Idea, {"title": "$", "angle": "$", "keywords": ["$"], "outline": OUTLINE, "error": "$"}),
    (Task, {"title": "$", "error": "$", "brief": BRIEF}),
    (
        Content,
        {
            "title": "$",
            "summary": "$",
            "markdown": "$\n\n$",
            "html": '<h2 id="h-x">$</h2><p>$<sup class="citation" id="cite-1-1"><a href="#source-1">[1]</a>'
            '</sup></p>$<section class="sources"><ol><li id="source-1">$</li></ol></section>',
            "meta_title": "$",
            "meta_description": "$",
            "headings": [{"level": 2, "text": "$", "anchor": one} for one in ("$", "h-x")],
            "citations": [CITATION | {"published": "$", "uses": 1}],
            "label": "$",
            "error": "$",
            "checks": {"seo": CHECK, "grounding": CHECK, "originality": CHECK},
        },
    ),
    (Section, {"heading": "$", "note": "$", "who": "$", "error": "$"}),
    (FirstApproval, {"who": "$", "note": "$"}),
    (OwnPiece, {"shows": "$", "source": "$"}),
    (Image, {"heading": "$", "prompt": "$", "alt": "$", "caption": "$", "label": "$", "error": "$"}),
    (
        Video,
        {
            "topic": "$",
            "title": "$",
            "voice": "$",
            "second_voice": "$",
            "model": "$",
            "asked_by": "$",
            "custom_script": "$",
            "character": "$",
            "label": "$",
            "error": "$",
            "notes": ["$"],
            "script": {"hook": "$", "description": "$", "cta": "$", "hashtags": ["$"]},
            "checks": {
                "script": CHECK,
                "video": {"checks": [{"name": "$", "status": "fail", "message": "$"}]},
            },
            "marks": {"why": "$", "models": ["$"], "source_type": "x/$"},
            "thumbnails": [THUMBNAIL],
        },
    ),
    (
        Scene,
        {
            "heading": "$",
            "says": "$",
            "prompt": "$",
            "voice": "$",
            "label": "$",
            "note": "$",
            "error": "$",
            "sources": [{"document": 1, "title": "$", "url": "https://a.example/$", "passage": "$"}],
        },
    ),
    (
        Feed,
        {
            "title": "$",
            "url": "https://a.example/$",
            "home": "https://a.example/$",
            "error": "$",
            "moved_to": "https://a.example/$",
        },
    ),
    (
        Topic,
        {
            "title": "$",
            "summary": "$",
            "url": "https://a.example/$",
            "image": "https://a.example/$",
            "used_for": "$",
            "reasons": [{"code": "x", "points": 1, "says": "$"}],
        },
    ),
    (Run, {"pause_reason": "$", "error_message": "$"}),
    (Batch, {"error": "$"}),
    (ProviderCall, {"provider": "$", "model": "$", "note": "$"}),
    (Account, {"name": "$", "says": "$", "remote_name": "$", "config": {"folder": "$"}, "last_four": "$"}),
    (AccountSite, {"options": {"category": "$"}}),
    (Pilot, {"reason": "$", "says": "$"}),
    (TrustRule, {"words": "$", "who": "$", "withdrawn_by": "$"}),
    (LetThrough, {"why": "$", "who": "$"}),
    (
        Publication,
        {
            "title": "$",
            "error": "$",
            "moved": "$",
            "evidence": [{"at": "$", "code": "cannot_know", "says": "$", "found": "$"}],
            "remote_id": "$",
            "url": "https://a.example/$",
            "asked_by": "$",
            "options": {"category": "$"},
        },
    ),
)
SAID_ONCE: Sequence[tuple[Any, dict[str, Any]]] = (
    (
        Revision,
        {
            "title": "$",
            "markdown": "$\n\n$",
            "meta_title": "$",
            "meta_description": "$",
            "about": "$",
            "who": "$",
            "pictures": [PICTURE],
        },
    ),
    (GateDecision, {"note": "$", "who": "$"}),
    (CreditTransfer, {"note": "$"}),
    (Event, {"message": "$"}),
    (Deed, {"who": "$", "about": "$", "address": "$"}),
    (PublicationStep, {"what": "$", "says": "$", "who": "$", "data": {"answer": "$"}}),
)
"""Rows that nobody may change: written anew for each text."""


def filled(table: Any, facts: dict[str, Any], text: str) -> dict[str, Any]:
    """The facts of a row with the text in each of them; `{}` in it is the names of table and column."""
    own = {name: text.replace("{}", f"{table.__tablename__}Z{name}") for name in facts}
    return {name: _said(value, own[name]) for name, value in facts.items()}


def _said(value: Any, text: str) -> Any:
    """The text in the place of each `$`, however deep."""
    if isinstance(value, str):
        return value.replace("$", text)
    if isinstance(value, dict):
        return {name: _said(one, text) for name, one in value.items()}
    return [_said(one, text) for one in value] if isinstance(value, list) else value
