"""Publications that are out, with what was read of them, as the engine and the readings leave them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk.results.published import Published, Read
from nightdesk.publishers.results import Measured
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.results import PublicationResult, ResultReading
from nightdesk.store.tables.videos import Video

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@dataclass
class Counter:
    """A platform that tells what it counted: `answers` by remote number, else what it ends with."""

    answers: Mapping[str, Measured] = field(default_factory=dict)
    ends: BaseException | None = None
    asked: list[Sequence[str]] = field(default_factory=list)
    closed: int = 0

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        self.asked.append(remote_ids)
        if self.ends is not None:
            raise self.ends
        return {one: self.answers[one] for one in remote_ids if one in self.answers}

    async def aclose(self) -> None:
        self.closed += 1


class Mute:
    """A platform that tells nothing, and has no way to be asked."""

    async def aclose(self) -> None:
        """Keeps nothing open."""


async def account(house: House, tenant: Tenant, platform: str = "youtube") -> int:
    async with house.store.workspace(tenant.workspace) as session:
        new = insert(Account).values(
            workspace_id=tenant.workspace, platform=platform, name=platform, status="connected"
        )
        return (await session.execute(new.returning(Account.id))).scalar_one()


async def out(
    house: House,
    tenant: Tenant,
    account_id: int,
    live_at: datetime,
    *,
    title: str = "How to compost",
    views: Mapping[int, int | None] | None = None,
    topic: str = "",
    **facts: Any,
) -> int:
    """A video that is out; `views` by the age in hours at which they were read. Gives the publication."""
    async with house.store.workspace(tenant.workspace) as session:
        of = {"workspace_id": tenant.workspace, "site_id": tenant.site}
        number = None
        if topic:
            new = insert(Topic).values(
                **of, title=topic, normal=topic.casefold(), source="list", status="used", used_at=live_at
            )
            number = (await session.execute(new.returning(Topic.id))).scalar_one()
        film = insert(Video).values(
            **of, topic=title, title=title, topic_id=number, status="published", seconds=40.0
        )
        video = (await session.execute(film.returning(Video.id))).scalar_one()
        row = {
            **of,
            "account_id": account_id,
            "video_id": video,
            "revision": 1,
            "title": title,
            "key": uuid.uuid4(),
            "state": "live",
            "remote_id": uuid.uuid4().hex[:8],
            "planned_at": live_at,
            "due_at": live_at,
            "live_at": live_at,
            **facts,
        }
        made = (await session.execute(insert(Publication).values(row).returning(Publication.id))).scalar_one()
        for age, count in (views or {}).items():
            await session.execute(
                insert(PublicationResult).values(
                    workspace_id=tenant.workspace,
                    publication_id=made,
                    age=age,
                    at=live_at + timedelta(hours=age),
                    views=count,
                )
            )
        return made


async def reading(house: House, tenant: Tenant, publication: int) -> ResultReading:
    async with house.store.workspace(tenant.workspace) as session:
        query = select(ResultReading).where(ResultReading.publication_id == publication)
        return (await session.scalars(query)).one()


async def results(house: House, tenant: Tenant, publication: int) -> list[PublicationResult]:
    async with house.store.workspace(tenant.workspace) as session:
        query = select(PublicationResult).where(PublicationResult.publication_id == publication)
        return list(await session.scalars(query.order_by(PublicationResult.id)))


async def remote_id(house: House, tenant: Tenant, publication: int) -> str:
    async with house.store.workspace(tenant.workspace) as session:
        return (await session.get_one(Publication, (tenant.workspace, publication))).remote_id


async def changed(house: House, tenant: Tenant, publication: int, **facts: Any) -> None:
    async with house.store.workspace(tenant.workspace) as session:
        of_it = (Publication.workspace_id == tenant.workspace, Publication.id == publication)
        await session.execute(update(Publication).where(*of_it).values(**facts))


def piece(number: int, views: int, **facts: Any) -> Published:
    """One that was read a week after it went out, without a database."""
    live_at = facts.pop("live_at", NOW - timedelta(days=30) + timedelta(hours=number))
    read = Read(live_at + timedelta(hours=168), 168.0, 168, views, None, None, None)
    row: dict[str, Any] = {
        "id": number,
        "site_id": 1,
        "account_id": 1,
        "platform": "youtube",
        "content_id": None,
        "video_id": number,
        "title": f"Piece number {number}",
        "url": "",
        "live_at": live_at,
        "hook": "",
        "kind": "explainer",
        "shape": "9:16",
        "seconds": 40.0,
        "words": None,
        "topic": f"topic {number}",
        "reads": (read,),
    }
    return Published(**row | facts)
