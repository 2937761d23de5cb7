"""Whatever way a video comes by its topic: what that leads to is there before its script is written."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from kit.scripted_web import Web
from lines.article.article_press import CLOCK
from lines.video.film_press import FilmPress
from nightdesk.desk.sources import Sources
from nightdesk.desk.studio import ChosenStudio
from nightdesk.desk.topics.using import Using
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.lines.video import gathering, scripts, topics
from nightdesk.store.quota import Quota
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.videos import Video

SAYS = (
    "Storage heaters keep the warmth of the night for the day, because their bricks are slow to cool.",
    "A test of 12 homes in 2024 found that turning the input down saved 18% of the bill.",
    "Nobody in those homes asked how warm the rooms were in the evening, when most people are at home.",
    "A heater that is turned down on mild nights gives less warmth the day after, and costs less for it.",
)
PAGE = f"""<html lang="en"><head><title>Heat by night</title></head><body><article><h1>Heat by night</h1>
{"".join(f"<p>{says}</p>" for says in SAYS)}</article></body></html>""".encode()


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    server = Web()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def reading(films: FilmPress, web: Web) -> FilmPress:
    """The line with a studio that fetches pages, as the house lays it out."""
    fetcher = Fetcher(Guard(allow=[("127.0.0.1", web.port)]), CLOCK, limits=FetchLimits(seconds=5.0))
    using = Using(films.store, CLOCK, Sources(films.store, fetcher, Quota(films.store, 0, 0)))
    studio = films.studio
    assert isinstance(studio, ChosenStudio)
    means = replace(studio.means, gather=using.gather_of)
    return replace(films, studio=replace(studio, means=means, workspace_id=films.workspace))


async def topic(films: FilmPress, web: Web, path: str = "/heat") -> Topic:
    url = f"http://127.0.0.1:{web.port}{path}"
    made: Topic = await films.add(
        Topic(title="Storage heaters by night", normal="heat", source="list", url=url, score=1.0)
    )
    return made


async def test_the_pages_of_a_topic_that_the_line_picked_are_cited_by_its_script(
    reading: FilmPress, web: Web
) -> None:
    web.says("/heat", PAGE, "Content-Type: text/html; charset=utf-8")
    await topic(reading, web)
    run = await reading.walk(topics.Topics, gathering.Gathering, scripts.Scripts)
    (video,), (document,) = await reading.rows(Video), await reading.rows(Document)
    assert (video.state, document.title) == ("scripted", "Heat by night")
    assert video.script["documents"] == [document.id]
    cited = [scene for scene in await reading.scenes(video) if scene.cites]
    assert cited
    for scene in cited:
        assert [one["number"] for one in scene.sources] == scene.cites
        assert {(one["document"], one["title"]) for one in scene.sources} == {(document.id, "Heat by night")}
        assert all(one["passage"] in document.text or one["passage"][:60] in SAYS[0] for one in scene.sources)
    assert (run.results["1"]["topics_picked"], run.results["1"]["topics_gathered"]) == (1, 1)


async def test_a_page_that_is_not_there_keeps_no_video_waiting(reading: FilmPress, web: Web) -> None:
    web.says("/heat", b"gone", status="404 Not Found")
    made = await topic(reading, web)
    video = await reading.video(status="picked", topic_id=made.id)
    run = await reading.walk(gathering.Gathering)
    assert ((await reading.seen(video)).state, run.results["1"]["failed"]) == ("pending", 0)
    assert any("answered 404" in line for line in await reading.log())


async def test_a_page_that_never_answers_is_waited_for_within_the_limit(
    reading: FilmPress, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    web.handlers["/heat"] = never
    monkeypatch.setattr(gathering, "SECONDS", 0.3)
    made = await topic(reading, web)
    video = await reading.video(status="picked", topic_id=made.id)
    await reading.walk(gathering.Gathering)
    assert (await reading.seen(video)).state == "pending"
    assert gathering.LATE in await reading.log()


async def test_a_topic_that_is_gone_leads_to_nothing(reading: FilmPress) -> None:
    facts: dict[str, Any] = {"status": "picked", "topic_id": None}
    video = await reading.video(**facts)
    await reading.walk(gathering.Gathering)
    assert (await reading.seen(video)).state == "pending"
