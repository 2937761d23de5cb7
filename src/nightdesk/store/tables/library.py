"""What a site may cite, and the media files that are kept."""

from datetime import datetime

from sqlalchemy import Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import OfSite, Table, within


class Document(OfSite, Table):
    """A text that was gathered for a site; its number is what articles cite.

    `kind`: `file`, `page`, `entry` (what a feed itself said of a story) or `video` (captions). `image` is
    the address of its picture.
    """

    __tablename__ = "documents"
    __table_args__ = (
        within("site_id", to="sites"),
        UniqueConstraint("workspace_id", "site_id", "content_hash"),
    )

    title: Mapped[str]
    text: Mapped[str]
    url: Mapped[str] = mapped_column(server_default=sql("''"))
    author: Mapped[str] = mapped_column(server_default=sql("''"))
    published: Mapped[str] = mapped_column(server_default=sql("''"))
    language: Mapped[str] = mapped_column(server_default=sql("''"))
    content_hash: Mapped[str]
    flags: Mapped[str] = mapped_column(server_default=sql("''"))
    kind: Mapped[str] = mapped_column(server_default=sql("'file'"))
    image: Mapped[str] = mapped_column(server_default=sql("''"))
    added_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))


class Passage(OfSite, Table):
    """A piece of a document, short enough to be weighed and cited by itself."""

    __tablename__ = "passages"
    __table_args__ = (
        within("document_id", to="documents"),
        Index("ix_passages_document", "workspace_id", "document_id"),
        Index("ix_passages_words", "words", postgresql_using="gin"),
    )

    document_id: Mapped[int]
    position: Mapped[int]
    text: Mapped[str]
    words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, text)", persisted=True)
    )


class Asset(Table):
    """A stored media file, named by its SHA-256; `unused_since` is set while nothing refers to it."""

    __tablename__ = "assets"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    mime: Mapped[str]
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=sql("now()"))
    unused_since: Mapped[datetime | None]
