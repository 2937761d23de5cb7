"""What attempts at publishing begin with: a desk with an approved piece for an account of each platform."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sweep import wall
from sweep.ground import IDLE, Ground, Input, order_for
from sweep.outlets import OUTLETS
from sweep.roles import settings

from desk.video_rows import film
from nightdesk.bootstrap import House, open_house
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people.roles import Operator
from nightdesk.desk.publishing import Wish
from nightdesk.rehearsal.platform import FakePlatform
from nightdesk.rehearsal.serving import serving
from publishing.test_folder import article

if TYPE_CHECKING:
    from api.api_house import Tenant

TEMPLATE = "sweep_publishing"
COMMENT = "What it is based on stands on our page."
Fakes = Mapping[str, FakePlatform | None]


@dataclass(frozen=True)
class ShopWindow:
    """The media files of the template, and the platforms as they are once its accounts are connected."""

    media: Path
    fakes: Fakes


def furnish(ground: Ground, name: str = TEMPLATE) -> ShopWindow:
    """Makes the template."""
    with ground.connect() as admin:
        admin.execute(f"create database {name} template {IDLE}")
    order = order_for(ground.postgres, name, ground.folder)
    with wall.built():
        fakes = asyncio.run(_fill(order, ground.given))
    with ground.connect(name) as connection:
        connection.execute("analyze")
    return ShopWindow(Path(order["folder"]) / "media", fakes)


async def _fill(order: dict[str, Any], given: Input) -> Fakes:
    tenant = cast("Tenant", given)
    async with AsyncExitStack() as stack:
        fakes = {name: outlet.opened() for name, outlet in OUTLETS.items()}
        doors = [await stack.enter_async_context(serving(fake)) for fake in fakes.values() if fake]
        allow = ",".join(one.address.partition("://")[2] for one in doors)
        house = await stack.enter_async_context(open_house(settings({**order, "allow": allow})))
        pieces = {
            "article": Wish(content_id=await article(house, tenant)),
            "video": Wish(
                video_id=(await film(house, tenant, status="approved", marks={"watermark": False})).id
            ),
        }
        for name, outlet in OUTLETS.items():
            piece = pieces[outlet.takes]
            if outlet.comments:
                piece = replace(piece, options={"first_comment": COMMENT})
            await _asked(house, given, name, outlet.values(fakes[name]), piece)
        return fakes


async def _asked(house: House, given: Input, name: str, values: Mapping[str, str], piece: Wish) -> None:
    """An account there, and the piece on its way to it."""
    by = Operator(given.workspace)
    account = await house.desk.accounts.connect(by, NewAccount(name, name.title(), values))
    assert account.status == "connected", f"{name}: {account.says}"
    await house.desk.publishing.publish(by, replace(piece, accounts=[account.id]))
