"""What became of publications: lists of them, and of each every request, answer and decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.paging import Order as By
from nightdesk.desk.paging import Page, Paging, orders, page_of
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import STATES, Account, Publication, PublicationStep

MOST_STEPS = 500
MOST_FIRST = 100
"""Of a longer story its beginning is shown, and its end."""

ORDERS = orders(By("newest", Publication.id, Publication.id))

UNSETTLED = ("held", "ambiguous", "committing", "preparing", "queued")
"""States of what is not settled: of those that are, there are ever more."""


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened; `who` where a person did it."""

    at: datetime
    what: str
    says: str
    data: Mapping[str, Any]
    who: str


@dataclass(frozen=True)
class PublicationShown:
    """A publication and the account it goes to; in lists without its story."""

    publication: Publication
    account: str
    platform: str
    story: Sequence[StoryLine] = ()


@dataclass(frozen=True)
class PublicationFilter:
    """What a list is narrowed to."""

    site_id: int | None = None
    account_id: int | None = None
    state: str | None = None
    content_id: int | None = None
    video_id: int | None = None
    planned_from: datetime | None = None
    planned_before: datetime | None = None


@dataclass(frozen=True)
class Stories:
    """Reads publications."""

    store: Store

    async def listed(
        self, workspace_id: int, asked: PublicationFilter, paging: Paging
    ) -> Page[PublicationShown]:
        """The newest first, a page at a time. Raises `Invalid` for a state that there is not."""
        if asked.state is not None and asked.state not in STATES:
            raise Invalid("state", f"There is no such state. There are {', '.join(STATES)}.")
        query = select(Publication).where(Publication.workspace_id == workspace_id)
        for name in ("site_id", "account_id", "state", "content_id", "video_id"):
            if (value := getattr(asked, name)) is not None:
                query = query.where(getattr(Publication, name) == value)
        if asked.planned_from is not None:
            query = query.where(Publication.planned_at >= asked.planned_from)
        if asked.planned_before is not None:
            query = query.where(Publication.planned_at < asked.planned_before)
        async with self.store.workspace(workspace_id) as session:
            rows, following = await page_of(session, query, paging)
            accounts = await _accounts(session, workspace_id)
        return Page([_shown(row, accounts) for row in rows], following)

    async def counted(self, workspace_id: int) -> Mapping[str, int]:
        """How many are in each of the `UNSETTLED` states."""
        of_it = (Publication.workspace_id == workspace_id, Publication.state.in_(UNSETTLED))
        query = select(Publication.state, func.count()).where(*of_it).group_by(Publication.state)
        async with self.store.workspace(workspace_id) as session:
            found = {row[0]: int(row[1]) for row in await session.execute(query)}
        return {state: found.get(state, 0) for state in UNSETTLED}

    async def show(self, workspace_id: int, number: int) -> PublicationShown:
        """With its story. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            row = await session.get(Publication, (workspace_id, number))
            if row is None:
                raise NotFound("publication")
            of_it = (PublicationStep.workspace_id == workspace_id, PublicationStep.publication_id == number)
            first = select(PublicationStep).where(*of_it).order_by(PublicationStep.id)
            last = first.order_by(None).order_by(PublicationStep.id.desc())
            steps = list(await session.scalars(first.limit(MOST_FIRST)))
            ends = await session.scalars(last.limit(MOST_STEPS - MOST_FIRST))
            known = {one.id for one in steps}
            steps += sorted((one for one in ends if one.id not in known), key=lambda one: one.id)
            story = [StoryLine(one.at, one.what, one.says, one.data, one.who) for one in steps]
            return _shown(row, await _accounts(session, workspace_id), story)


async def _accounts(session: AsyncSession, workspace_id: int) -> dict[int, tuple[str, str]]:
    rows = await session.execute(
        select(Account.id, Account.name, Account.platform).where(Account.workspace_id == workspace_id)
    )
    return {row.id: (row.name, row.platform) for row in rows}


def _shown(
    row: Publication, accounts: Mapping[int, tuple[str, str]], story: Sequence[StoryLine] = ()
) -> PublicationShown:
    name, platform = accounts.get(row.account_id, ("", ""))
    return PublicationShown(row, name, platform, story)
