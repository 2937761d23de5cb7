"""Stage 6: has the pictures made and keeps them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.branding import brand
from nightdesk.lines.keeping import keep_assets
from nightdesk.lines.side_by_side import each
from nightdesk.providers.images.contract import PictureRequest
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.files import AssetRef
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, Image

WIDTH, HEIGHT = 1200, 675
_LONGEST_KICKER = 60


@dataclass(frozen=True)
class Made:
    """A picture that is stored, and what it took."""

    asset: AssetRef
    width: int
    height: int
    label: str
    credits: int


class Images(Stage[Image]):
    """Each image that was asked for becomes a file."""

    number, name, title = 6, "images", "Image Prompts → Images"
    policy = Policy(batch_size=1, timeout=300.0, queue="images")
    priced_by = "images"
    table, waits, counted = Image, "pending", "images_processed"
    fields = ("images_processed", "images_generated")

    def estimate(self, items: Sequence[Image]) -> int:
        """As many pictures: what one takes is the chosen model's own."""
        return len(items)

    def credits_each(self) -> Decimal:
        return Decimal(1)

    def heading(self, item: Image) -> str:
        return item.alt

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Image]) -> dict[int, str]:
        """The titles of the contents."""
        query = select(Content.id, Content.title).where(
            Content.workspace_id == site.workspace_id, Content.id.in_({image.content_id for image in items})
        )
        return dict((await session.execute(query)).all())

    async def work(
        self, items: Sequence[Image], material: Mapping[int, str], bench: Bench
    ) -> dict[int, Made]:
        await bench.files.expect(bench.site.workspace_id)
        found = await each(items, lambda image: _make(image, material.get(image.content_id, ""), bench))
        return {image.id: made for image, made in zip(items, found, strict=True)}

    async def save(
        self, session: AsyncSession, site: Site, items: Sequence[Image], made: Mapping[int, Made]
    ) -> Saved:
        await keep_assets(session, site.workspace_id, (found.asset for found in made.values()))
        for image in items:
            found = made[image.id]
            image.asset, image.mime = found.asset.sha256, found.asset.mime
            image.width, image.height, image.label = found.width, found.height, found.label
            image.status = "generated"
        counts = {"images_processed": len(items), "images_generated": len(items)}
        return Saved(counts, cost=sum(made[image.id].credits for image in items))


async def _make(image: Image, title: str, bench: Bench) -> Made:
    picture = await bench.images.make(request(image, title, bench.site), bench.meter)
    asset = await bench.files.put(bench.site.workspace_id, picture.content, picture.mime)
    return Made(asset, picture.width, picture.height, bench.images.label, bench.images.credits)


def request(image: Image, title: str, site: Site) -> PictureRequest:
    """What the provider is asked for; the same image is always asked for alike."""
    featured = image.kind == "featured"
    kicker = site.subject if featured else title
    return PictureRequest(
        prompt=image.prompt,
        title=title if featured else image.heading or image.alt,
        kicker=kicker if len(kicker) <= _LONGEST_KICKER else "",
        language=site.language,
        width=WIDTH,
        height=HEIGHT,
        seed=image.id,
        brand=brand(site),
    )
