"""What is written beside a video keeps to what its platforms take."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert

from lines.video.film_press import FilmPress
from lines.video.test_video_limits import with_seconds
from nightdesk.lines.video import scripts
from nightdesk.lines.video.scripting.posting import fitted, limits_of
from nightdesk.media.platforms.facts import PostFacts, length
from nightdesk.media.platforms.limits import table
from nightdesk.providers.text.video_questions import PlatformLimits
from nightdesk.store.tables.feeds import Topic

TAGS = ("#compost", "#soil")
LONG = "A heap of leaves wants air, water and time. " * 200


def test_the_least_of_the_platforms_binds() -> None:
    assert limits_of(["x"]).description == 280
    assert limits_of(["youtube", "instagram"]) == PlatformLimits(title=100, description=2000, hashtags=5)
    assert limits_of(["folder", "wordpress"]) == limits_of([]) == PlatformLimits()


def test_x_which_shortens_by_itself_keeps_no_other_platform_from_saying_more() -> None:
    assert limits_of(["x", "youtube"]).description == limits_of(["youtube"]).description


@pytest.mark.parametrize(
    ("platforms", "text"), [(["x"], LONG), (["youtube"], "堆肥需要空气和水。" * 300), (["tiktok"], LONG)]
)
def test_a_description_is_cut_until_it_fits_as_the_platform_counts(platforms: list[str], text: str) -> None:
    (key,) = platforms
    kept = fitted(text, TAGS, platforms)
    said = PostFacts(description=kept, hashtags=TAGS).text
    assert 0.8 * table()[key].description < length(said, table()[key].counts) <= table()[key].description
    assert text.startswith(kept.removesuffix("…"))


def test_what_fits_is_left_as_it_is() -> None:
    assert fitted("Two lines.\n\nSources: Heaps.", TAGS, ["youtube", "x"]) == "Two lines.\n\nSources: Heaps."


def test_hashtags_that_fill_a_post_leave_no_description() -> None:
    assert fitted("Words.", [f"#{'heap' * 80}"], ["x"]) == ""


async def test_a_video_for_x_gets_a_description_that_x_takes_and_its_script_is_told_of_as_it_is_written(
    films: FilmPress, tmp_path: Path
) -> None:
    heard: list[float] = []

    async def hear(_workspace: int, _video: int, share: float) -> None:
        heard.append(share)

    means = replace(with_seconds(films, tmp_path), tell=hear)
    films.studio = replace(films.studio, means=means)  # type: ignore[type-var]
    row = {
        "workspace_id": films.workspace,
        "site_id": films.site.id,
        "title": "Worms",
        "normal": "worms",
        "summary": "Worms eat leaves and peel. They like the dark, some water and no frost. " * 12,
        "source": "list",
    }
    async with films.store.workspace(films.workspace) as session:
        topic = (await session.execute(insert(Topic).values(row).returning(Topic.id))).scalar_one()
    video = await films.video(topic_id=topic, platforms=["x"], target=30)
    await films.walk(scripts.Scripts)
    done = await films.seen(video)
    assert done.state == "scripted"
    tags = done.script["hashtags"]
    assert (
        0 < length(PostFacts(description=done.script["description"], hashtags=tags).text, "weighted") <= 280
    )
    assert heard[:3] == [0.25, 0.6, 0.85]
