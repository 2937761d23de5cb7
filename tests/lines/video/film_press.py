"""The video line over a database of its own, with the keyless providers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lines.article.article_press import CLOCK, Press, press_of
from nightdesk.desk.studio import ChosenStudio, StudioMeans
from nightdesk.lines.video import VIDEO
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.store.session import Store
from nightdesk.store.tables.videos import Scene, Video


class FilmPress(Press):
    """One site's video line, and what a test asks of it."""

    async def video(self, script: str = "", **more: Any) -> Video:
        facts = {"topic": "Worms", "custom_script": script, "target": 10, "language": "en"}
        found: Video = await self.add(Video(**(facts | more)))
        return found

    async def seen(self, video: Video) -> Video:
        found: Video = (await self.rows(Video, Video.id == video.id))[0]
        return found

    async def scenes(self, video: Video) -> list[Scene]:
        return await self.rows(Scene, Scene.video_id == video.id)

    async def change(self, row: Any, **facts: Any) -> None:
        """Changes columns of a row as a person's edit does."""
        async with self.store.workspace(self.workspace) as session:
            here = await session.get_one(type(row), (self.workspace, row.id))
            for name, value in facts.items():
                setattr(here, name, value)


@asynccontextmanager
async def film_press(store: Store, folder: Path) -> AsyncIterator[FilmPress]:
    means = StudioMeans(folder / "data", CLOCK, Limits())
    press = await press_of(store, folder / "files")
    speech = means.open_speech(Choice.parse("espeak"))
    studio = ChosenStudio(
        means,
        lambda: speech,
        lambda: means.open_clips(Choice.parse("motion")),
        lambda: means.open_renderer(Choice.parse("ffmpeg")),
    )
    yield FilmPress(**(vars(press) | {"line": VIDEO, "studio": studio}))
    await speech.aclose()
