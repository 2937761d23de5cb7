"""Pictures of articles: asked for, described anew, made again, replaced, deleted."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound, Unavailable
from nightdesk.desk.items import Filter, Items, in_hand, site_of, written
from nightdesk.desk.keeping import keep
from nightdesk.desk.paging import Order, orders
from nightdesk.desk.people import Actor
from nightdesk.desk.review.inputs import ImageChanges, NewImage
from nightdesk.desk.review.uploads import taken_in
from nightdesk.engine.control import Control
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.article.rendering.page import one_line
from nightdesk.lines.article.writing.revising import Change, What, revising
from nightdesk.store.files import Files
from nightdesk.store.session import Store
from nightdesk.store.tables.gate import Revision
from nightdesk.store.tables.library import Asset
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.writer import Content, Image

MOST = 12
"""Pictures of one article, those that were deleted too."""

UPLOADED = "uploaded"
"""The label of a picture that no provider made."""

FILE = ("asset", "mime", "width", "height", "label")
WORDS = ("alt", "caption", "prompt")


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

    def __init__(self, store: Store, control: Control, files: Files, clock: Clock) -> None:
        super().__init__(store, control)
        self._files, self._clock = files, clock
        self._one_at_a_time = asyncio.Semaphore(1)

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

    async def create(self, workspace_id: int, site_id: int, new: NewImage, by: Actor | None = None) -> Image:
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
            async with revising(session, content, self._change("picture_added", by, new.alt)):
                session.add(image)
                # A draft whose pictures are not planned yet is still to get those.
                content.pictures = None if content.pictures is None else content.pictures + 1
            return await written(session, image)

    async def change(
        self, workspace_id: int, number: int, changes: ImageChanges, by: Actor | None = None
    ) -> Image:
        """Changes what is given; the article's approval no longer holds. Raises `NotFound`, `Conflict`."""
        facts = changes.given()
        async with self._changing(workspace_id, number) as (session, content, image):
            again = facts.get("prompt", image.prompt) != image.prompt
            what: What = "picture_again" if again else "picture_described"
            async with revising(session, content, self._change(what, by, image.alt)):
                if again:
                    _to_be_made_again(image)
                for name, value in facts.items():
                    setattr(image, name, value if name == "prompt" else one_line(value))
            return await written(session, image)

    async def replace(self, workspace_id: int, number: int, content: bytes, by: Actor | None = None) -> Image:
        """Puts a person's own picture in its place.

        Raises `NotFound`, `Conflict`, `Full`, `Unavailable`, and `Invalid` for `file`.
        """
        await self.get(workspace_id, number)
        async with self._one_at_a_time:
            picture = await asyncio.to_thread(taken_in, content)
        ref = await keep(self._files, workspace_id, picture.content, picture.mime)
        asset = {"sha256": ref.sha256, "mime": ref.mime, "size": ref.size}
        made = {"asset": ref.sha256, "mime": ref.mime, "width": picture.width, "height": picture.height}
        async with self._changing(workspace_id, number) as (session, article, image):
            kept = insert(Asset).values(workspace_id=workspace_id, **asset).on_conflict_do_nothing()
            await session.execute(kept)
            async with revising(session, article, self._change("picture_replaced", by, image.alt)):
                _made(image, made | {"label": UPLOADED})
            return await written(session, image)

    async def put_back(self, workspace_id: int, number: int, revision: int, by: Actor | None = None) -> Image:
        """Gives it the file and the words that it had at a revision. Raises `NotFound`, `Conflict`."""
        async with self._changing(workspace_id, number) as (session, content, image):
            kept = await session.get(Revision, (workspace_id, content.id, revision))
            pictures = kept.pictures if kept else []
            had = next((one for one in pictures if one["id"] == number and one["asset"]), None)
            if had is None:
                raise NotFound("earlier picture")
            async with revising(session, content, self._change("picture_put_back", by, had["alt"])):
                _made(image, {name: had[name] for name in (*FILE, *WORDS)})
            return await written(session, image)

    async def delete(self, workspace_id: int, number: int, by: Actor | None = None) -> None:
        """Raises `NotFound`, and `Conflict` while it or its article is in hand."""
        async with (
            self._changing(workspace_id, number) as (session, content, image),
            revising(session, content, self._change("picture_removed", by, image.alt)),
        ):
            await session.delete(image)
            content.pictures = content.pictures and content.pictures - 1

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

    def _change(self, what: What, by: Actor | None, about: str) -> Change:
        return Change(what, by, self._clock.now(), about)

    @asynccontextmanager
    async def _changing(
        self, workspace_id: int, number: int
    ) -> AsyncIterator[tuple[AsyncSession, Content, Image]]:
        """A picture with its article, both locked, the article first. Raises `NotFound`, `Conflict`."""
        async with self.writing(workspace_id) as session:
            image = await self.find(session, workspace_id, number)
            content = await session.get_one(Content, (workspace_id, image.content_id), with_for_update=True)
            _changeable(content)
            yield session, content, await self.take(session, workspace_id, number)


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
    _as_good_as_new(image)
    image.status, image.asset, image.mime, image.width, image.height = "pending", None, None, None, None


def _made(image: Image, facts: Mapping[str, Any]) -> None:
    _as_good_as_new(image)
    image.status = "generated"
    for name, value in facts.items():
        setattr(image, name, value)


def _as_good_as_new(image: Image) -> None:
    image.parked_at, image.error, image.last_run, image.tries = None, None, None, 0
