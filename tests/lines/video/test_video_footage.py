"""Footage over videos and workers: no clip twice in a video, nor again while others are left."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from lines.video.film_press import FilmPress
from nightdesk.desk.studio import ChosenStudio
from nightdesk.desk.videos.taking import FootageTaken
from nightdesk.lines.video import clips
from nightdesk.store.tables.videos import Scene, Video
from servers.clips_openers import opened


async def filmed(films: FilmPress, folder: Path, scenes: int) -> list[str]:
    """The sources of a new video's scenes, filmed by a worker that was just started and remembers nothing."""
    video: Video = await films.video(status="captioned")
    facts: dict[str, Any] = {"says": "Worms eat leaves.", "prompt": "a compost bin", "seconds": 1.0}
    for place in range(1, scenes + 1):
        await films.add(Scene(video_id=video.id, position=place, status="spoken", seed=7 * place, **facts))
    studio = films.studio
    assert isinstance(studio, ChosenStudio)
    async with opened("stock:pexels", folder) as bench:
        means = replace(studio.means, take=FootageTaken(films.store).take)
        more = {"means": means, "clips": lambda: bench.provider, "workspace_id": films.workspace}
        worker = replace(films, studio=replace(studio, **more))
        run = await worker.walk(clips.Clips)
    assert (run.status, run.error_message) == ("completed", None)
    return [scene.source for scene in await films.scenes(video)]


async def test_footage_is_new_while_there_is_any_and_never_twice_in_one_video(
    films: FilmPress, tmp_path: Path
) -> None:
    first, second = [await filmed(films, tmp_path, 2) for _ in range(2)]
    assert all(source.startswith("pexels:") for source in (*first, *second))
    assert len({*first, *second}) == 4
    third = await filmed(films, tmp_path, 3)
    assert len(set(third)) == 3
    assert len(set(third) - {*first, *second}) == 1
