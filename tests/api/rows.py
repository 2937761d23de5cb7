"""Rows that the tests of routes and of the desk need: written straight into the tables, as the stages do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.store.tables.library import Document, Passage
from nightdesk.store.tables.planner import Cluster, Idea, Keyword, Task
from nightdesk.store.tables.publishing import Account, AccountSite, Publication
from nightdesk.store.tables.workers import Tally
from nightdesk.store.tables.writer import Content, Image

KINDS: tuple[Any, ...] = (Keyword, Cluster, Idea, Task, Content, Image)
SLOT = datetime(2035, 1, 1, 8, tzinfo=UTC)
STORAGE = (
    "A storage heater keeps the warmth of the night for the day, because its bricks are slow to cool. "
    "Turn its input down when the nights get mild, since what it took in comes out the next day whether "
    "anyone wants it or not. In 2024 a test of 12 homes found that this saved 18% of the bill.[^{document}]"
)


@dataclass(frozen=True)
class Chain:
    """One article with everything that led to it, by number."""

    keyword: int
    cluster: int
    idea: int
    task: int
    content: int
    image: int
    document: int


async def add(house: House, tenant: Tenant, table: Any, **facts: Any) -> int:
    """A row of the tenant's site; returns its number."""
    row = {"workspace_id": tenant.workspace, "site_id": tenant.site, **facts}
    async with house.store.workspace(tenant.workspace) as session:
        return (await session.execute(insert(table).values(row).returning(table.id))).scalar_one()


async def change(house: House, tenant: Tenant, table: Any, number: int, **facts: Any) -> None:
    async with house.store.workspace(tenant.workspace) as session:
        await session.execute(update(table).where(table.id == number).values(**facts))


async def put_in_hand(house: House, tenant: Tenant, table: Any, number: int) -> None:
    """As if a run worked on it just now."""
    await change(house, tenant, table, number, batch_id=1)


async def park(house: House, tenant: Tenant, table: Any, number: int) -> None:
    await change(
        house,
        tenant,
        table,
        number,
        parked_at=datetime(2026, 1, 1, tzinfo=UTC),
        error="It was refused.",
        tries=3,
    )


async def read(house: House, tenant: Tenant, table: Any, number: int) -> Any:
    async with house.store.workspace(tenant.workspace) as session:
        return (await session.scalars(select(table).where(table.id == number))).one_or_none()


@dataclass(frozen=True)
class GoingOut:
    """An account and a publication to it, by number."""

    account: int
    publication: int


async def add_publication(house: House, tenant: Tenant, name: str, **facts: Any) -> GoingOut:
    """A publication that waits for its slot, to an account of its own."""
    whose = {"workspace_id": tenant.workspace}
    async with house.store.workspace(tenant.workspace) as session:
        new = insert(Account).values(platform="folder", name=name, status="connected", **whose)
        account = (await session.execute(new.returning(Account.id))).scalar_one()
        of_site = {"site_id": tenant.site, "account_id": account}
        await session.execute(insert(AccountSite).values(**whose, **of_site))
    slot = {"planned_at": SLOT, "due_at": SLOT, "key": uuid4(), "title": name, "revision": 1}
    return GoingOut(account, await add(house, tenant, Publication, account_id=account, **slot | facts))


async def add_chain(house: House, tenant: Tenant, *, status: str = "review", name: str = "heaters") -> Chain:
    """An article at the gate with one picture, one citation and its plan."""
    cluster = await add(house, tenant, Cluster, name=name, keys=[], volume=500, status="mapped")
    keyword = await add(
        house, tenant, Keyword, phrase=name, normal=name, volume=500, status="mapped", cluster_id=cluster
    )
    plan = {"title": f"All about {name}", "words": 600}
    more = {"angle": "", "keywords": [name], "intent": "informational", "structure": "guide", "outline": []}
    idea = await add(house, tenant, Idea, cluster_id=cluster, status="queued", **plan, **more)
    task = await add(
        house,
        tenant,
        Task,
        idea_id=idea,
        cluster_id=cluster,
        status="completed",
        brief={**plan, **more, "cluster": name},
        **plan,
    )
    document = await add(
        house,
        tenant,
        Document,
        title=f"A test of {name}",
        text="Text.",
        content_hash=name,
        url="https://a.example/t",
    )
    passage = "In 2024 a test of 12 homes found that this saved 18% of the bill."
    await add(house, tenant, Passage, document_id=document, position=0, text=passage)
    text = STORAGE.format(document=document)
    content = await add(
        house,
        tenant,
        Content,
        task_id=task,
        title=plan["title"],
        slug=name.replace(" ", "-"),
        status=status,
        markdown=f"## How they work\n\n{text}\n",
        html=f'<h2 id="h-how">How they work</h2>\n<p>{text}</p>\n',
        pictures=1,
    )
    image = await add(
        house,
        tenant,
        Image,
        content_id=content,
        position=0,
        kind="featured",
        prompt="A heater in a hall",
        alt="A heater",
    )
    return Chain(keyword, cluster, idea, task, content, image, document)


async def assert_tallies_hold(house: House, tenant: Tenant) -> None:
    """What is counted by tallies is what is there."""
    async with house.store.workspace(tenant.workspace) as session:
        for table in KINDS:
            there = dict(
                (await session.execute(select(table.state, func.count()).group_by(table.state))).all()
            )
            total = func.sum(Tally.n)
            tallied = (
                await session.execute(
                    select(Tally.state, total)
                    .where(Tally.kind == table.__tablename__)
                    .group_by(Tally.state)
                    .having(total != 0)
                )
            ).all()
            assert {state: int(n) for state, n in tallied} == there, table.__tablename__


def fields(answer: Any) -> list[str]:
    """The fields at fault that a problem document names."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [one["field"] for one in answer.json().get("errors", [])]


async def walk(tenant: Tenant, path: str, **params: Any) -> Sequence[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        asked = {"site_id": tenant.site, **params} | ({"cursor": cursor} if cursor else {})
        answer = await tenant.client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
