"""The portable document of a site: all that makes it what it is, and nothing that is secret.

Versioned JSON. Its keys are names of facts, so that it can be read and changed by hand.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from nightdesk.desk.errors import Invalid, Unreadable
from nightdesk.desk.inputs import KEPT, Input, upto

KIND = "nightdesk.site"
VERSION = 1
LARGEST = 2**20
"""Bytes of a document: what the API reads of one body."""

MOST_FEEDS, MOST_TOPICS = 1000, 500
_LONGEST_LOGO = 500_000

Short = Annotated[str, upto(300), KEPT]
Long = Annotated[str, upto(2000), KEPT]
Address = Annotated[str, upto(2000, 1), KEPT]
Instructions = Annotated[str, upto(20_000), KEPT]
Word = Annotated[str, upto(120, 1), KEPT]
Source = Literal["rss", "list", "llm", "trending", "planner"]


class PortableFeed(Input):
    url: Address
    title: Long = ""
    home: Long = ""
    enabled: bool = True
    is_default: bool = False


class PortableTopic(Input):
    """A topic that was not used yet; `published_at` in RFC 3339."""

    title: Annotated[str, upto(500, 1), KEPT]
    summary: Long = ""
    source: Source = "list"
    url: Annotated[str, upto(2000), KEPT] = ""
    image: Annotated[str, upto(2000), KEPT] = ""
    language: Annotated[str, upto(40), KEPT] = ""
    published_at: Annotated[str, upto(40), KEPT] | None = None


class PortableSchedule(Input):
    """When a line runs; `batch_sizes` by the number of the stage."""

    is_enabled: bool = False
    frequency: Literal["daily", "weekly", "monthly"] = "daily"
    scheduled_time: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] = "02:00"
    anchor_day: Annotated[int, Field(ge=1, le=31)] = 1
    within_stage_delay: Annotated[int, Field(ge=0, le=3600)] = 0
    between_stage_delay: Annotated[int, Field(ge=0, le=3600)] = 0
    batch_sizes: Annotated[
        dict[Annotated[str, Field(pattern=r"^[1-9]$")], Annotated[int, Field(ge=1, le=1000)]],
        Field(max_length=9),
    ] = Field(default_factory=dict)


class PortableSite(Input):
    """`models` are the spelled choices of the site itself, without keys; `logo` is a `data:` address."""

    kind: Literal["nightdesk.site"]
    version: Literal[1]
    slug: Annotated[str, upto(120, 1), KEPT]
    name: Annotated[str, upto(120, 1), KEPT]
    subject: Short = ""
    audience: Annotated[str, upto(500), KEPT] = ""
    language: Word = "en"
    timezone: Word = "UTC"
    voice: Long = ""
    style: Long = ""
    brand: Annotated[dict[Word, Annotated[str, upto(100), KEPT]], Field(max_length=20)] = Field(
        default_factory=dict
    )
    logo: Annotated[str, Field(max_length=_LONGEST_LOGO)] = ""
    prompts: Annotated[dict[Word, Instructions], Field(max_length=20)] = Field(default_factory=dict)
    auto_mode: bool = False
    posts_a_day: int = 2
    hours: list[int] = Field(default_factory=list)
    platforms: list[str] = Field(default_factory=list)
    video: dict[str, Any] = Field(default_factory=dict)
    floor: int = 10
    schedules: Annotated[dict[Word, PortableSchedule], Field(max_length=5)] = Field(default_factory=dict)
    models: Annotated[dict[Word, Annotated[str, upto(200, 1), KEPT]], Field(max_length=10)] = Field(
        default_factory=dict
    )
    feeds: Annotated[list[PortableFeed], Field(max_length=MOST_FEEDS)] = Field(default_factory=list)
    topics: Annotated[list[PortableTopic], Field(max_length=MOST_TOPICS)] = Field(default_factory=list)


def read(content: bytes) -> PortableSite:
    """Raises `Unreadable` for what is no such document, and `Invalid` naming the field that is damaged."""
    if len(content) > LARGEST:
        raise Unreadable(f"A site's file has at most {LARGEST >> 20} MB. Nothing was made.")
    try:
        found = json.loads(content)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Unreadable(
            "This file is no JSON, or it is cut short. Choose one that a site's settings exported."
        ) from error
    return understood(found)


def understood(found: Any) -> PortableSite:
    """The document that parsed JSON is. Raises as `read`."""
    if not isinstance(found, Mapping) or found.get("kind") != KIND:
        raise Unreadable(f"This is no exported site: its `kind` is not `{KIND}`. Nothing was made.")
    version = found.get("version")
    if isinstance(version, int) and version > VERSION:
        raise Unreadable(
            f"This site was exported by a newer Nightdesk (version {version} of the format, and {VERSION} is "
            "known here). Nothing was made: update this desk first."
        )
    try:
        return PortableSite.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "document"
        raise Invalid(
            field, f"This file is damaged at `{field}`: {first['msg']}. Nothing was made."
        ) from error


def written(site: PortableSite) -> bytes:
    """The document as a file, to be read by people too."""
    return json.dumps(site.model_dump(), ensure_ascii=False, indent=2).encode() + b"\n"
