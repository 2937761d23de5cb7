"""Pieces before the gate, with sources, checks and pictures, and people who work on them."""

import dataclasses
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image as Raster
from sqlalchemy import insert, update

from api.api_house import Tenant
from api.rows import add
from browser.browser_house import Desk
from nightdesk.desk.review.inputs import NewContent
from nightdesk.desk.rows import Site
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.planner import Cluster, Idea, Task
from nightdesk.store.tables.writer import Content, Image

SOURCE = """# Starting a compost pile

A compost pile needs browns, greens, air and water. Keep the pile as moist as a wrung-out sponge. Turn the
pile every one to two weeks so that air gets in. In 2023 a test of 12 piles found that turned piles were
ready after 90 days, and piles that nobody turned after 240 days. A pile of 1 cubic metre heats to 60
degrees within a week.
"""
TEXT = """A pile called {name} needs browns, greens, air and water.[^{document}] Whoever begins in autumn has
leaves enough for a whole year, and a corner behind the shed is room enough for it.

## How often to turn {name}

Turn the pile every one to two weeks so that air gets in.[^{document}] In 2023 a test of 12 piles found that
turned piles were ready after 90 days, and piles that nobody turned after 260 days.[^{document}]

## What it must not lack

- Keep the pile as moist as a wrung-out sponge.[^{document}]
- Give it a lid against the rain, and something coarse below.

A pile that smells has too much of the green in it: mix dry leaves in and turn it on the same day.
"""


def tenant(desk: Desk, site: Site) -> Tenant:
    return Tenant(desk.workspace, site.id, "", None)  # type: ignore[arg-type]


async def site_with_source(desk: Desk, name: str = "Heap & Soil") -> tuple[Site, int]:
    """A site, and the number of the document that its pieces cite."""
    ours = desk.house.desk
    site = await ours.sites.create(desk.workspace, name, subject="Home composting", timezone="Europe/Berlin")
    source = f"{SOURCE}\nThis is the copy of {name}.\n"
    added = await ours.sources.add_file(desk.workspace, site.id, "pile.md", source.encode())
    return site, added.document.id


async def pieces(desk: Desk, names: Sequence[str], site: Site | None = None, document: int = 0) -> list[int]:
    """Articles that wait for review, each with a picture, rendered and checked like any other."""
    if site is None:
        site, document = await site_with_source(desk)
    return [await _piece(desk, site, document, name) for name in names]


async def _piece(desk: Desk, site: Site, document: int, name: str) -> int:
    house, whose = desk.house, tenant(desk, site)
    cluster = await add(house, whose, Cluster, name=name, keys=[], volume=500, status="mapped")
    brief = {"title": f"All about {name}", "words": 300, "angle": "", "keywords": [name]}
    brief |= {"intent": "informational", "structure": "guide", "outline": []}
    idea = await add(house, whose, Idea, cluster_id=cluster, status="queued", **brief)
    task = await add(
        house,
        whose,
        Task,
        idea_id=idea,
        cluster_id=cluster,
        title=brief["title"],
        words=300,
        brief=brief | {"cluster": name},
    )
    new = NewContent(
        task_id=task,
        title=f"All about {name}",
        markdown=TEXT.format(name=name, document=document),
        meta_title=f"All about {name}, explained",
        meta_description=f"How to start {name}, how often to turn it, and what it must not lack.",
    )
    content = await house.desk.review.contents.create(desk.workspace, site.id, new)
    async with house.store.workspace(desk.workspace) as session:
        facts = {"status": "review", "pictures": 1, "label": "compiled offline"}
        await session.execute(update(Content).where(Content.id == content.id).values(**facts))
    await picture_of(desk, site, content.id)
    return content.id


async def picture_of(desk: Desk, site: Site, content: int, colour: str = "#7a9e5a") -> int:
    """A picture that is made already."""
    ref = await desk.house.files.put(desk.workspace, raster(colour), "image/png")
    asset = {"workspace_id": desk.workspace, "sha256": ref.sha256, "mime": ref.mime, "size": ref.size}
    async with desk.house.store.workspace(desk.workspace) as session:
        if await session.get(Asset, (desk.workspace, ref.sha256)) is None:
            await session.execute(insert(Asset).values(**asset))
    return await add(
        desk.house,
        tenant(desk, site),
        Image,
        content_id=content,
        position=0,
        kind="featured",
        prompt="A heap of compost behind a shed in autumn",
        alt="A heap behind a shed",
        status="generated",
        asset=ref.sha256,
        mime="image/png",
        width=640,
        height=360,
        label="cards",
    )


def raster(colour: str = "#3b4fc4", size: tuple[int, int] = (640, 360)) -> bytes:
    out = BytesIO()
    Raster.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


async def another(desk: Desk, name: str = "Bo Day", role: Any = "editor") -> Desk:
    """The same house with somebody else signed in."""
    ours = desk.house.desk
    caller = await ours.sessions.caller_of(desk.token)
    assert caller is not None
    email = f"{name.split()[0].lower()}@desk.test"
    link = await ours.invitations.invite(caller, email, role)
    token = await ours.invitations.accept(
        link, name, "lantern meadow quiet harbour", "en", "Europe/Berlin", address="127.0.0.1", agent="a test"
    )
    return dataclasses.replace(desk, token=token)


async def caller(desk: Desk) -> Any:
    """Whoever is signed in there."""
    return await desk.house.desk.sessions.caller_of(desk.token)


async def state_of(desk: Desk, content: int) -> str:
    return (await desk.house.desk.review.contents.get(desk.workspace, content)).state
