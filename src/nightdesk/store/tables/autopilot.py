"""What runs a site by itself: why it stands still, what it ordered, what an owner trusts, who approved."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, OfSite, Table, within

_NONE = text("''")
_NOW = text("now()")

KINDS = ("article", "video")
_KIND = "kind in ('article', 'video')"

STOPS_SCHEDULE = ("budget", "piece_budget", "quality")
"""Reasons for which a site's schedules start nothing either while its autopilot stands still."""


class Pilot(Table):
    """How the autopilot of a site stands: `reason` and `says` while it stands still, since when.

    `articles_seen` and `videos_seen` are the last pieces that were there when a person let it go on, at
    `let_on_at`: what failed before does not count any more. `looked_at` is when its site was last seen to.
    """

    __tablename__ = "pilots"
    __table_args__ = (within("site_id", to="sites"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(server_default=_NONE)
    says: Mapped[str] = mapped_column(server_default=_NONE)
    since: Mapped[datetime | None]
    articles_seen: Mapped[int] = mapped_column(server_default=text("0"))
    videos_seen: Mapped[int] = mapped_column(server_default=text("0"))
    let_on_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class PilotOrder(Table):
    """One piece that was ordered: the key, a number of a kind on a day of the site, lets it be ordered once.

    Kind `plan` stands for a run that was to plan the site's own keywords.
    """

    __tablename__ = "pilot_orders"
    __table_args__ = (
        within("site_id", to="sites"),
        within("task_id", to="tasks", ondelete="SET NULL (task_id)"),
        within("video_id", to="videos", ondelete="SET NULL (video_id)"),
        CheckConstraint("kind in ('article', 'video', 'plan')", name="kind"),
        Index("ix_pilot_orders_task", "workspace_id", "task_id"),
        Index("ix_pilot_orders_video", "workspace_id", "video_id"),
    )

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    task_id: Mapped[int | None]
    video_id: Mapped[int | None]
    made_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class TrustRule(OfSite, Table):
    """What an owner signed: pieces of a kind that pass all checks go out by themselves after `hold` minutes.

    `words` is the sentence that was signed. `who` is the name borne then; `person_id` is None for the
    operator of the machine.
    """

    __tablename__ = "trust_rules"
    __table_args__ = (
        within("site_id", to="sites"),
        CheckConstraint(_KIND, name="kind"),
        Index(
            "uq_trust_rules_in_force",
            "workspace_id",
            "site_id",
            "kind",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
    )

    kind: Mapped[str]
    hold: Mapped[int]
    words: Mapped[str]
    person_id: Mapped[int | None]
    who: Mapped[str]
    signed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str] = mapped_column(server_default=_NONE)
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class LetThrough(OfSite, Table):
    """A piece that a rule lets through, at the revision that was judged; a piece is let through once.

    It waits until `ends_at`, so that a person can stop it; then it is `passed`, or was `stopped` with `why`.
    """

    __tablename__ = "let_through"
    __table_args__ = (
        within("site_id", to="sites"),
        within("rule_id", to="trust_rules"),
        within("content_id", to="contents"),
        within("video_id", to="videos"),
        CheckConstraint("state in ('waiting', 'passed', 'stopped')", name="state"),
        CheckConstraint("(content_id is null) <> (video_id is null)", name="one_piece"),
        Index(
            "uq_let_through_content",
            "workspace_id",
            "content_id",
            unique=True,
            postgresql_where=text("content_id is not null"),
        ),
        Index(
            "uq_let_through_video",
            "workspace_id",
            "video_id",
            unique=True,
            postgresql_where=text("video_id is not null"),
        ),
        Index(
            "ix_let_through_waiting",
            "workspace_id",
            "site_id",
            "ends_at",
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    rule_id: Mapped[int]
    content_id: Mapped[int | None]
    video_id: Mapped[int | None]
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(server_default=text("'waiting'"))
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(server_default=_NONE)
    who: Mapped[str] = mapped_column(server_default=_NONE)
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class FirstApproval(InWorkspace, Table):
    """The first of two people who approved a piece at a revision, until it is decided otherwise."""

    __tablename__ = "first_approvals"
    __table_args__ = (
        within("content_id", to="contents"),
        within("video_id", to="videos"),
        CheckConstraint("(content_id is null) <> (video_id is null)", name="one_piece"),
        Index(
            "uq_first_approvals_content",
            "workspace_id",
            "content_id",
            "revision",
            unique=True,
            postgresql_where=text("content_id is not null"),
        ),
        Index(
            "uq_first_approvals_video",
            "workspace_id",
            "video_id",
            "revision",
            unique=True,
            postgresql_where=text("video_id is not null"),
        ),
    )

    content_id: Mapped[int | None]
    video_id: Mapped[int | None]
    revision: Mapped[int]
    note: Mapped[str] = mapped_column(server_default=_NONE)
    person_id: Mapped[int]
    who: Mapped[str]
    at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)
