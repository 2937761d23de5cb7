"""A video is filmed by whom it asked for: makers behind their real protocols, holds and charges, notes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from lines.article.article_press import CLOCK
from lines.video.film_press import FilmPress, film_press
from nightdesk.desk.providers import Providers
from nightdesk.desk.studio import StudioMeans
from nightdesk.engine.gpu import OneOwner
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.kit.sealing import Sealer
from nightdesk.lines.video.asked_makers import UNMET
from nightdesk.lines.video.clips import Clips
from nightdesk.provider_defaults import defaults
from nightdesk.providers.limits import Limits
from nightdesk.settings import Settings
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import Batch
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Scene, Video
from servers.clips_server import CLIP_WORKFLOW, ComfyClips
from servers.openai_server import OpenAIServer

SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class AskedPress(FilmPress):
    """A site that has a camera move over pictures, on a desk whose operator named a ComfyUI server."""

    providers: Providers | None = None

    async def bench(self, session: Any, site: Site, settings: Any, meter: Any) -> Any:
        assert self.providers is not None
        return await self.providers.make_bench(session, site, settings, meter)

    async def price(self, session: Any, site: Site, kind: str, asked: str = "") -> int:
        assert self.providers is not None
        return await self.providers.price(session, site, kind, asked)

    async def waiting(self, model: str, scenes: int = 2) -> Video:
        """A video whose scenes wait to be filmed."""
        video = await self.video(status="captioned", model=model)
        facts: dict[str, Any] = {"says": "Worms eat leaves.", "prompt": "a compost bin", "seconds": 0.4}
        for place in range(1, scenes + 1):
            await self.add(Scene(video_id=video.id, position=place, status="spoken", seed=7 * place, **facts))
        return video


@asynccontextmanager
async def asked_press(store: Store, folder: Path, server: OpenAIServer) -> AsyncIterator[AskedPress]:
    data = folder / "data"
    (data / "workflows").mkdir(parents=True)
    for name in ("tiny", "small"):
        of_it = json.dumps(CLIP_WORKFLOW).replace("film of", f"{name} film of")
        (data / "workflows" / f"{name}.json").write_text(of_it)
    settings = Settings(
        database_url=SecretStr(str(store.url)),
        clips="comfyui:tiny",
        clips_base_url=server.base_url,
        _env_file=None,
    )
    chosen = defaults(settings)
    chosen = replace(chosen, clips=replace(chosen.clips, options={"poll": 0.01, "longest": 320}))
    async with film_press(store, folder) as films:
        fetcher = Fetcher(Guard(), CLOCK)
        means = StudioMeans(data, CLOCK, Limits())
        providers = Providers(chosen, Sealer([SECRET]), films.files, CLOCK, Limits(), fetcher, means)
        press = AskedPress(**(vars(films) | {"providers": providers}))
        async with store.workspace(press.workspace) as session:
            site = await session.get_one(Site, (press.workspace, press.site.id))
            site.choices = {"clips": "motion"}
        yield press
        await providers.close()


async def test_videos_of_one_run_are_filmed_by_whom_each_asked_for_and_pay_for_that(
    store: Store, tmp_path: Path
) -> None:
    comfy = ComfyClips()
    async with OpenAIServer(behaviour=comfy) as server, asked_press(store, tmp_path, server) as press:
        names = ("", "comfyui:tiny", "SMALL", "kling-v2", "pexels")
        videos = [await press.waiting(name) for name in names]
        run = await press.walk(Clips)
        assert (run.status, run.error_message) == ("completed", None)
        labels = [{scene.label for scene in await press.scenes(video)} for video in videos]
        camera = {"cards, motion"}
        assert labels == [camera, {"cards, comfyui:tiny"}, {"cards, comfyui:small"}, camera, camera]
        notes = [(await press.seen(video)).notes for video in videos]
        assert notes[:3] == [[], [], []]
        assert [len(of_one) for of_one in notes[3:]] == [1, 1]
        assert notes[3][0].startswith(f"{UNMET}“kling-v2”: this desk knows no maker")
        assert notes[4][0].startswith(f"{UNMET}“pexels”: it is not set up here")
        # A card takes a credit, a clip of ComfyUI two more.
        assert run.total_credits_used == 3 * 2 * 1 + 2 * 2 * 3
        batches = await press.rows(Batch, Batch.run_id == run.id)
        assert sorted(batch.held for batch in batches) == [0] * 6 + [2] * 4
        assert (await press.balances()).held == 0
        sent = [json.dumps(prompt) for prompt in comfy.taken]
        assert [sum(f"{name} film of" in one for one in sent) for name in ("tiny", "small")] == [2, 2]


async def test_a_note_goes_once_the_scenes_were_filmed_by_whom_the_video_asked_for(
    store: Store, tmp_path: Path
) -> None:
    comfy = ComfyClips()
    async with OpenAIServer(behaviour=comfy) as server, asked_press(store, tmp_path, server) as press:
        video = await press.waiting("later", scenes=1)
        await press.walk(Clips)
        assert len((await press.seen(video)).notes) == 1
        (tmp_path / "data" / "workflows" / "later.json").write_text(json.dumps(CLIP_WORKFLOW))
        (scene,) = await press.scenes(video)
        await press.change(scene, status="spoken")
        await press.change(video, status="captioned")
        await press.walk(Clips)
        assert (await press.seen(video)).notes == []
        assert (await press.scenes(video))[0].label == "cards, comfyui:later"


async def test_all_waiting_clips_of_one_maker_are_made_before_another_is_loaded(
    store: Store, tmp_path: Path
) -> None:
    comfy = ComfyClips()
    async with OpenAIServer(behaviour=comfy) as server, asked_press(store, tmp_path, server) as press:
        for name in ("tiny", "small", "tiny", "small", "motion"):
            await press.waiting(name, scenes=1)
        press.stages = (Clips(),)
        control, batches = press.engine()
        owner = OneOwner(tmp_path / "gpu.lock", CLOCK, linger=0.1)
        async with store.workspace(press.workspace) as session:
            run = await control.start(session, press.site, "video", "manual", {})
        async with store.workspace(press.workspace) as session:
            numbers = list(await session.scalars(select(Batch.id).where(Batch.run_id == run.id)))
        one_by_one = replace(batches, scarce={"gpu": owner})
        assert len(numbers) == 5
        await asyncio.gather(*(one_by_one.do(press.workspace, number) for number in numbers))
        await owner.aclose()
        sent = [json.dumps(prompt) for prompt in comfy.taken]
        order = ["tiny" if "tiny film of" in one else "small" for one in sent]
        assert order in (["tiny", "tiny", "small", "small"], ["small", "small", "tiny", "tiny"])
        assert len(comfy.freed) == 2


async def test_a_camera_does_it_where_the_maker_that_was_asked_for_is_away(
    store: Store, tmp_path: Path
) -> None:
    comfy = ComfyClips()
    async with OpenAIServer(behaviour=comfy) as server, asked_press(store, tmp_path, server) as press:
        assert press.providers is not None
        away = replace(press.providers.defaults.clips, base_url="http://127.0.0.1:9/v1", timeout=1)
        press.providers.defaults = replace(press.providers.defaults, clips=away)
        video = await press.waiting("tiny", scenes=1)
        run = await press.walk(Clips)
        (scene,) = await press.scenes(video)
        assert (run.status, scene.status, scene.footage) == ("completed", "filmed", None)
        assert "comfyui:tiny was not used, so the camera moves over the picture" in scene.note
        assert run.total_credits_used == 1
