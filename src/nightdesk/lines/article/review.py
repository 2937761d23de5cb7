"""Stage 7: the review gate, where a person decides; what is whole is moved there."""

from collections.abc import Callable, Iterable

from sqlalchemy import exists, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.article.rendering.pictures import PlacedImage, with_images
from nightdesk.stage import Counts, Policy, Stage
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.writer import Content, Image


class Review(Stage[Content]):
    """Drafts whose pictures are made, or were given up, wait for a person."""

    number, name, title, kind = 7, "review", "Manual Review Gate", "Manual"
    policy = Policy(queue="local")
    table, waits, counted = Content, "review", "ready_for_review"
    fields = ("ready_for_review",)

    async def gather(self, session: AsyncSession, site: Site) -> Counts:
        """Moves what is whole to the gate; counts all of the site that stand there."""
        being_made = exists().where(
            Image.workspace_id == Content.workspace_id,
            Image.content_id == Content.id,
            Image.state.in_(("pending", "in_hand")),
        )
        await session.execute(
            update(Content)
            .where(
                Content.workspace_id == site.workspace_id,
                Content.site_id == site.id,
                Content.state == "illustrating",
                ~being_made,
            )
            .values(status="review")
            .execution_options(synchronize_session=False)
        )
        waiting = self.pending(site).with_only_columns(func.count()).order_by(None)
        return {"ready_for_review": await session.scalar(waiting) or 0}


def illustrated(html: str, images: Iterable[Image], address: Callable[[str], str]) -> str:
    """A content's HTML with its pictures in their places; `address` says where an asset is to be had.

    Pictures are put in when the page is read, since where they lie depends on who reads it. Doing it again
    changes nothing but the addresses.
    """
    placed = [
        PlacedImage(
            heading=image.heading if image.kind != "featured" else "",
            url=address(image.asset),
            alt=image.alt,
            caption=image.caption,
            width=image.width or 0,
            height=image.height or 0,
        )
        for image in sorted(images, key=lambda image: image.position)
        if image.asset
    ]
    return with_images(html, placed)
