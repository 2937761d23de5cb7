"""Pictures of articles: asked for, described anew, made again, deleted; and their files."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Unavailable
from nightdesk.desk.items import Filter, Items, in_hand, site_of, written
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.review.contents import touch
from nightdesk.desk.review.inputs import ImageChanges, NewImage
from nightdesk.engine.control import Control
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.article.rendering.page import one_line
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.writer import Content, Image

MOST = 12
"""Pictures of one article, those that were deleted too."""


@dataclass(frozen=True)
class Picture:
    """A picture's file: its name is the SHA-256 of its bytes."""

    sha256: str
    mime: str
    size: int


class Images(Items[Image]):
    """The pictures of a site's articles."""

    table, word, named = Image, "image", "alt"
    orders = orders(
        Order("newest", Image.id, Image.id),
        Order("oldest", Image.id, Image.id, descending=False),
    )

    def __init__(self, store: Store, control: Control, files: Files) -> None:
        super().__init__(store, control)
        self._files = files

    def narrowed(self, asked: Filter) -> list[ColumnElement[bool]]:
        found = super().narrowed(asked)
        if asked.content_id is not None:
            found.append(Image.content_id == asked.content_id)
        if asked.cluster_id is not None:
            of_cluster = (
                select(Content.id)
                .join(Task, (Task.workspace_id == Content.workspace_id) & (Task.id == Content.task_id))
                .where(Content.workspace_id == Image.workspace_id, Task.cluster_id == asked.cluster_id)
            )
            found.append(Image.content_id.in_(of_cluster))
        return found

    async def create(self, workspace_id: int, site_id: int, new: NewImage) -> Image:
        """Asks for a picture, which the next run makes. Raises `NotFound`, `Invalid`, `Conflict`."""
        async with self.writing(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            content = await session.get(Content, (workspace_id, new.content_id), with_for_update=True)
            if content is None or content.site_id != site_id:
                raise Invalid("content_id", "The site has no such content.")
            _changeable(content)
            position = await _next_position(session, content)
            if position >= MOST:
                raise Conflict(f"This article has {MOST} pictures, which is the most.")
            image = Image(workspace_id=workspace_id, site_id=site_id, position=position, **_shown(new))
            session.add(image)
            # A draft whose pictures are not planned yet is still to get those.
            content.pictures = None if content.pictures is None else content.pictures + 1
            touch(content)
            return await written(session, image)

    async def change(self, workspace_id: int, number: int, changes: ImageChanges) -> Image:
        """Changes what is given; the article's approval no longer holds. Raises `NotFound`, `Conflict`."""
        facts = changes.given()
        async with self.writing(workspace_id) as session:
            content = await self._content_of(session, workspace_id, number)
            image = await self.take(session, workspace_id, number)
            if facts.get("prompt", image.prompt) != image.prompt:
                _to_be_made_again(image)
            for name, value in facts.items():
                setattr(image, name, value if name == "prompt" else one_line(value))
            touch(content)
            return await written(session, image)

    async def delete(self, workspace_id: int, number: int) -> None:
        """Raises `NotFound`, and `Conflict` while it or its article is in hand."""
        async with self.writing(workspace_id) as session:
            content = await self._content_of(session, workspace_id, number)
            image = await self.take(session, workspace_id, number)
            await session.delete(image)
            content.pictures = content.pictures and content.pictures - 1
            touch(content)

    async def file(self, workspace_id: int, number: int) -> Picture:
        """Raises `NotFound`, also where it is not made yet, and `Unavailable` where the storage is away."""
        image = await self.get(workspace_id, number)
        if image.asset is None or image.mime is None:
            raise NotFound("picture")
        try:
            return Picture(image.asset, image.mime, await self._files.size(workspace_id, image.asset))
        except Refused as error:
            raise NotFound("picture") from error
        except (Later, NeedsPerson) as error:
            raise Unavailable(error.why) from error

    def read(
        self, workspace_id: int, picture: Picture, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes of a file from `start` to before `end`, piece by piece."""
        return self._files.read(workspace_id, picture.sha256, start, end)

    async def _content_of(self, session: AsyncSession, workspace_id: int, number: int) -> Content:
        """The article of a picture, locked before the picture is."""
        image = await self.find(session, workspace_id, number)
        content = await session.get_one(Content, (workspace_id, image.content_id), with_for_update=True)
        _changeable(content)
        return content


def _changeable(content: Content) -> None:
    if content.batch_id is not None:
        raise in_hand("content")
    if content.status == "published":
        raise Conflict("The article is published: take it down before you change its pictures.")


async def _next_position(session: AsyncSession, content: Content) -> int:
    query = select(func.coalesce(func.max(Image.position) + 1, 0)).where(
        Image.workspace_id == content.workspace_id, Image.content_id == content.id
    )
    return (await session.scalars(query)).one()


def _shown(new: NewImage) -> dict[str, object]:
    facts = new.model_dump()
    return facts | {name: one_line(facts[name]) for name in ("heading", "alt", "caption")}


def _to_be_made_again(image: Image) -> None:
    image.status, image.asset, image.mime, image.width, image.height = "pending", None, None, None, None
    image.parked_at, image.error, image.last_run, image.tries = None, None, None, 0
