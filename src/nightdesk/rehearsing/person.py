"""The person of a rehearsal: approves what waits, logs in again, decides on what is held; and is counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update

from nightdesk.bootstrap import House
from nightdesk.desk.errors import DeskError
from nightdesk.desk.people import Operator
from nightdesk.desk.review.inputs import Decided
from nightdesk.rehearsing.street import Street
from nightdesk.store.tables.autopilot import Pilot
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content


@dataclass
class Person:
    """Does at once what the desk asks of people. `did` counts it; `held` tells of each that was held."""

    house: House
    workspace: int
    street: Street
    did: Counter[str] = field(default_factory=Counter)
    held: list[dict[str, Any]] = field(default_factory=list)
    _pointed_at: set[str] = field(default_factory=set)

    @property
    def _by(self) -> Operator:
        return Operator(self.workspace)

    async def help(self) -> int:
        """Looks once; returns how many things were done."""
        before = self.did.total()
        await self._approve()
        await self._log_in()
        await self._decide()
        await self._let_on()
        return self.did.total() - before

    async def _approve(self) -> None:
        desk = self.house.desk
        for number in await self._rows(select(Content.id).where(Content.state == "review")):
            try:
                await desk.review.decisions.decide(self.workspace, number, "approve", Decided(), self._by)
                self.did["approved an article"] += 1
            except DeskError:
                continue
        for number in await self._rows(select(Video.id).where(Video.state == "review")):
            try:
                await desk.videos.decisions.decide(self.workspace, number, "approve", by=self._by)
                self.did["approved a video"] += 1
            except DeskError:
                continue

    async def _log_in(self) -> None:
        expired = await self._rows(select(Account.id).where(Account.status == "expired"))
        if not expired:
            return
        self.street.logged_in_again()
        for number in expired:
            shown = await self.house.desk.accounts.show(self.workspace, number)
            self.held.append(
                {"what": "account", "name": shown.name, "platform": shown.platform, "says": shown.says}
            )
            await self.house.desk.accounts.verify(self.workspace, number)
            self.did["logged in again"] += 1

    async def _decide(self) -> None:
        """Looks at the platform whether it is there, as a person would."""
        held = select(Publication).where(Publication.state == "held")
        for row in await self._rows(held):
            account = await self.house.desk.accounts.show(self.workspace, row.account_id)
            there = await self._there(row, account.platform)
            at = self.house.clock.now()
            self.held.append(
                {"what": "publication", "at": at, "title": row.title, "says": row.error, "there": there}
            )
            await self.house.desk.publishing.confirm(self._by, row.id, live=there)
            self.did["decided on one that was held"] += 1

    async def _there(self, row: Publication, platform: str) -> bool:
        known = await self._rows(select(Publication.remote_id).where(Publication.state == "live"))
        post = self.street.find(platform, row.key.hex, row.title, {*known, *self._pointed_at})
        if post is not None:
            self._pointed_at.add(post.id)
        return post is not None

    async def _let_on(self) -> None:
        """Lets sites go on that wait for somebody to look at their pieces."""
        waiting = update(Pilot).where(Pilot.workspace_id == self.workspace, Pilot.reason == "quality")
        seen = {
            "articles_seen": select(func.coalesce(func.max(Content.id), 0)).scalar_subquery(),
            "videos_seen": select(func.coalesce(func.max(Video.id), 0)).scalar_subquery(),
        }
        facts = {"reason": "", "says": "", "let_on_at": self.house.clock.now(), **seen}
        async with self.house.store.workspace(self.workspace) as session:
            let = await session.execute(waiting.values(**facts).returning(Pilot.site_id))
            self.did["looked at a site's pieces and let it go on"] += len(let.all())

    async def _rows(self, query: Any) -> list[Any]:
        async with self.house.store.workspace(self.workspace) as session:
            return list(await session.scalars(query))
