"""People: who they are, where they belong, how they come in, and the book of who did what."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import InWorkspace, Table


class Person(Table):
    """Somebody who may sign in, known by an e-mail address in lower case; a member of some workspaces.

    The application sees the members of its workspace alone, and changes nobody.
    """

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("email"),
        CheckConstraint("theme in ('system', 'light', 'dark')", name="theme"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    language: Mapped[str] = mapped_column(server_default=text("'en'"))
    theme: Mapped[str] = mapped_column(server_default=text("'system'"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Password(Table):
    """A person's password as argon2 hashed it; out of the application's sight."""

    __tablename__ = "passwords"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Member(Table):
    """A person's place in a workspace."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'editor', 'viewer')", name="role"),
        Index("ix_members_person", "person_id"),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


def _of_member() -> ForeignKeyConstraint:
    """Goes with the membership, lest it outlive it."""
    columns = ["workspace_id", "person_id"]
    return ForeignKeyConstraint(columns, [f"members.{name}" for name in columns], ondelete="CASCADE")


class SecondFactor(Table):
    """The sealed secret of a person's authenticator app; it holds once a code confirmed it.

    `last_step` is the time step of the last code that was taken, `misses` counts the wrong ones since. Out of
    the application's sight.
    """

    __tablename__ = "second_factors"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    sealed: Mapped[str]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(server_default=text("0"))
    misses: Mapped[int] = mapped_column(server_default=text("0"))


class RecoveryCode(Table):
    """The hash of a code for the day the app is lost; the row goes when the code is used."""

    __tablename__ = "recovery_codes"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("second_factors.person_id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hash: Mapped[str] = mapped_column(primary_key=True)


class SignIn(InWorkspace, Table):
    """A member whose password was right and whose code is yet to come: the hash of the cookie's token."""

    __tablename__ = "sign_ins"
    __table_args__ = (_of_member(), Index("uq_sign_ins_hash", "hash", unique=True))

    person_id: Mapped[int]
    hash: Mapped[str]
    made_at: Mapped[datetime]


class Session(InWorkspace, Table):
    """A member signed in at one browser: the hash of the cookie's token, and where and when it was seen.

    `second_factor` is whether a code was given for it, while the person has a second factor.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        _of_member(),
        Index("uq_sessions_hash", "hash", unique=True),
        Index("ix_sessions_person", "person_id"),
    )

    person_id: Mapped[int]
    hash: Mapped[str]
    address: Mapped[str]
    agent: Mapped[str]
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_factor: Mapped[bool] = mapped_column(server_default=text("false"))


class Link(InWorkspace, Table):
    """A one-time link, kept as a hash until it is used: to start, to join, or to choose a new password."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("workspace_id", "kind", "email"),
        Index("uq_links_hash", "hash", unique=True),
        CheckConstraint("kind in ('start', 'invitation', 'reset')", name="kind"),
        CheckConstraint("role in ('owner', 'editor', 'viewer')", name="role"),
        _of_member(),
    )

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    kind: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    person_id: Mapped[int | None]
    hash: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Deed(InWorkspace, Table):
    """Who did what, from where; rows are added and never changed. `who` is the name borne then."""

    __tablename__ = "audit"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int | None]
    who: Mapped[str]
    deed: Mapped[str]
    about: Mapped[str]
    address: Mapped[str]


class Guesses(Table):
    """When passwords were checked for an account, or from an address: what the throttle counts."""

    __tablename__ = "guesses"
    __table_args__ = (Index("ix_guesses_last_at", "last_at"),)

    subject: Mapped[str] = mapped_column(primary_key=True)
    checked: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    last_at: Mapped[datetime]
