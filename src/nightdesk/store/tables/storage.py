"""What each workspace keeps: files and documents with their sizes, as tallies that keep the sum cheap."""

from sqlalchemy import Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import Table


class Kept(Table):
    """A change in how many `assets` or `documents` are kept and in their bytes; what is kept is the sum of
    the rows. `site_id` is 0 for what is not a site's own."""

    __tablename__ = "kept"
    __table_args__ = (Index("ix_kept_of_workspace", "workspace_id", "kind", "site_id"),)

    workspace_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    site_id: Mapped[int]
    kind: Mapped[str]
    n: Mapped[int]
    bytes: Mapped[int]
