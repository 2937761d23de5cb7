"""From a script or a topic to a video at the gate, with what is made anew after an edit and what is not."""

from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import insert

from lines.video.film_press import FilmPress
from nightdesk.lines.video import VIDEO, narration, scripts, sizes, topics
from nightdesk.lines.video.placing import placed
from nightdesk.lines.video.renders import _credits
from nightdesk.media.probe import probe
from nightdesk.stage import QUEUES
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.videos import Scene, Video

SCRIPT = "Worms eat leaves.\n\nFeed them little.\n\nCover it all."


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Upright videos of a sixteenth of the pixels, so that the tests need not wait for them."""
    monkeypatch.setitem(sizes.SIZES, "9:16", (270, 480))  # type: ignore[arg-type]


async def test_a_persons_own_script_becomes_a_video_and_an_edit_makes_only_its_scene_anew(
    films: FilmPress, tmp_path: Path
) -> None:
    video = await films.video(SCRIPT)
    run = await films.walk()
    assert (run.status, run.error_message) == ("completed", None)
    done, scenes = await films.seen(video), await films.scenes(video)
    assert (done.state, done.progress, len(scenes)) == ("review", 100, 3)
    content = await films.files.get(films.workspace, done.file or "")
    (tmp_path / "v.mp4").write_bytes(content)
    media = await probe(films.studio.ffmpeg, tmp_path / "v.mp4")
    assert media.sound is not None
    assert media.pictures is not None
    assert (media.pictures.width, media.pictures.height, media.pictures.rate) == (270, 480, 30)
    assert media.seconds == pytest.approx(done.seconds, abs=0.1)
    captions = (await films.files.get(films.workspace, done.srt or "")).decode()
    assert all(word in captions for word in ("Worms", "Feed", "Cover"))
    assert done.checks["video"]["status"] in ("ok", "warn"), done.checks["video"]
    assert [one["variant"] for one in done.thumbnails] == ["panel", "fade", "inset"]
    assert done.marks["source_type"].endswith("composite")
    assert run.total_credits_used == 3 + 3 + _credits(done)
    assert (await films.balances()).held == 0

    await films.change(scenes[1], says="Feed them very little.", status="pending")
    await films.change(done, status="scripted")
    again = await films.walk()
    changed, after = await films.seen(video), await films.scenes(video)
    assert (again.status, changed.state) == ("completed", "review")
    assert changed.file != done.file
    assert [one.sound == other.sound for one, other in zip(scenes, after, strict=True)] == [True, False, True]
    assert again.results["3"]["scenes_spoken"] == 1
    assert again.results["5"]["scenes_filmed"] == 0
    # Its frames and both crossings into it; the scenes beside it are kept, the one after it at its new place.
    assert [again.results["6"][f"parts_{what}"] for what in ("rendered", "reused")] == [3, 2]


async def test_a_run_takes_the_best_topic_where_nothing_is_on_its_way(films: FilmPress) -> None:
    async with films.store.workspace(films.workspace) as session:
        rows = [
            {
                "workspace_id": films.workspace,
                "site_id": films.site.id,
                "title": title,
                "normal": title.lower(),
                "score": score,
                "source": "list",
            }
            for title, score in (("Worm farms", 3.0), ("Hot compost", 7.0))
        ]
        await session.execute(insert(Topic), rows)
    await films.walk(topics.Topics)
    (video,) = await films.rows(Video)
    assert (video.topic, video.state) == ("Hot compost", "picked")
    assert [topic.status for topic in await films.rows(Topic)] == ["new", "used"]
    await films.walk(topics.Topics)
    assert await films.count(Video) == 1


async def test_without_any_topic_a_run_leaves_nothing_behind(films: FilmPress) -> None:
    run = await films.walk(topics.Topics)
    assert (run.status, await films.count(Video)) == ("completed", 0)


async def test_a_scene_that_cannot_be_said_stops_its_own_video_alone_until_it_is_tried_again(
    films: FilmPress,
) -> None:
    good, bad = await films.video("Worms eat leaves."), await films.video("Straw is dry.")
    await films.walk(scripts.Scripts)
    (silent,) = await films.scenes(bad)
    await films.change(silent, says="…")
    await films.walk(narration.Narration)
    assert [(await films.seen(one)).state for one in (good, bad)] == ["narrated", "scripted"]
    (parked,) = await films.rows(Scene, Scene.parked_at.is_not(None))
    assert (parked.id, parked.state) == (silent.id, "failed_pending")
    assert parked.error


async def test_a_topic_comes_back_when_its_video_is_rejected_and_is_taken_again_when_that_is_undone(
    films: FilmPress,
) -> None:
    topic = await films.add(
        Topic(title="Worms", normal="worms", source="list", status="used", used_for="video")
    )
    video = await films.video(topic_id=topic.id, status="review")
    for status, expected in (("rejected", "new"), ("review", "used"), ("cancelled", "new")):
        await films.change(video, status=status)
        assert [one.status for one in await films.rows(Topic)] == [expected]


def test_every_stage_of_the_line_has_a_limit_and_a_queue_that_workers_take_from() -> None:
    assert all(0 < stage.policy.timeout <= 960 for stage in VIDEO.stages)
    assert {stage.policy.queue for stage in VIDEO.stages} <= set(QUEUES)


def test_scenes_follow_each_other_without_a_gap_and_words_stay_where_they_are_heard() -> None:
    scenes = [
        Scene(position=n, says="", words=[["Worms,", 0.1, 0.4], [end, 0.5, seconds]], seconds=seconds)
        for n, (seconds, end) in enumerate([(1.234, "eat."), (2.01, "leaves"), (0.777, "too.")])
    ]
    places = placed(scenes)
    for one, other in pairwise(places):
        assert one.first + round(one.seconds * 30) == other.first
        assert other.at == pytest.approx(one.at + (one.scene.seconds or 0) + one.pause)
    for place in places:
        assert place.first / 30 + place.words[0].start == pytest.approx(place.at + 0.1)
    assert [place.words for place in placed(scenes[1:])][1] == places[2].words


async def test_a_script_becomes_a_square_and_a_wide_video_as_well_and_is_read_aloud_once(
    films: FilmPress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sizes.SIZES, "1:1", (270, 270))  # type: ignore[arg-type]
    monkeypatch.setitem(sizes.SIZES, "16:9", (480, 270))  # type: ignore[arg-type]
    video = await films.video("Worms eat leaves.")
    heard, seen, spoken = list[object](), dict[str, tuple[int, int]](), list[int]()
    for shape in ("1:1", "16:9"):
        for scene in await films.scenes(video):
            await films.change(scene, picture=None, status="spoken")
        await films.change(video, shape=shape, status="narrated" if heard else "pending")
        run = await films.walk()
        done = await films.seen(video)
        assert (run.status, done.state) == ("completed", "review")
        (tmp_path / "v.mp4").write_bytes(await films.files.get(films.workspace, done.file or ""))
        media = await probe(films.studio.ffmpeg, tmp_path / "v.mp4")
        assert media.pictures is not None
        seen[shape] = (media.pictures.width, media.pictures.height)
        assert {one["name"]: one["status"] for one in done.checks["video"]["checks"]}["captions"] == "ok"
        heard.append([one.sound for one in await films.scenes(video)])
        spoken.append(run.results["3"]["scenes_spoken"])
    assert spoken == [1, 0]
    assert seen == {"1:1": (270, 270), "16:9": (480, 270)}
    assert heard[0] == heard[1]
