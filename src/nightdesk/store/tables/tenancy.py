"""Workspaces and their sites."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Json, Table


class Workspace(Table):
    """The tenant. `choices` holds its providers by kind (`{"text": {"spelled": "offline"}}`).

    `second_factor` is whether its owners and editors need one.
    """

    __tablename__ = "workspaces"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    choices: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    second_factor: Mapped[bool] = mapped_column(server_default=text("false"))
    publishing_paused_at: Mapped[datetime | None]
    """The kill switch: nothing goes out while it is set."""


class Site(InWorkspace, Table):
    """One publication on one subject; `choices` overrides the workspace's providers.

    `auto_mode`, `posts_a_day` and `hours` (of the day, in the site's zone) say how it runs by itself;
    `floor` is how many topics it is kept stocked with; `video` holds what its videos are like (`duration`
    in seconds, `format`, `voice`); `platforms` where its pieces go. `trends` names where it looks for what is
    talked of (`hackernews`, `google:DE`, `reddit:gardening`, `mcp:NAME`), `none` alone for nowhere; empty is
    as its subject suggests. `stocked_at` is when its topics were last seen to.
    """

    __tablename__ = "sites"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slug"),
        CheckConstraint("generation_mode in ('review_first', 'auto_publish')", name="generation_mode"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    audience: Mapped[str] = mapped_column(server_default=text("''"))
    language: Mapped[str] = mapped_column(server_default=text("'en'"))
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    voice: Mapped[str] = mapped_column(server_default=text("''"))
    brand: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    choices: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    lexicon: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    prompts: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    archived_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    """When it began to be removed for good, which goes on in small steps."""
    style: Mapped[str] = mapped_column(server_default=text("''"))
    auto_mode: Mapped[bool] = mapped_column(server_default=text("false"))
    posts_a_day: Mapped[int] = mapped_column(server_default=text("2"))
    hours: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    platforms: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    video: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    video_files: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    """What a person gave for its videos: `intro`, `outro`, `music`, each with its `asset`."""
    floor: Mapped[int] = mapped_column(server_default=text("10"))
    trends: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    stocked_at: Mapped[datetime | None]
    generation_mode: Mapped[str] = mapped_column(server_default=text("'review_first'"))
    """Whether its pieces wait for a person or, where an owner signed it, go out by themselves."""
    videos_a_day: Mapped[int] = mapped_column(server_default=text("0"))
    day_budget: Mapped[int] = mapped_column(server_default=text("0"))
    piece_budget: Mapped[int] = mapped_column(server_default=text("0"))
    """Credits that auto mode may take a day and a piece; 0 is any number."""
    two_people: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether a piece is approved only once two different people said so."""
