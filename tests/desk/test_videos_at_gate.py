"""Videos before the gate: found, decided on together, put back; and what a site may say of its videos."""

from typing import Any

import pytest

from api.api_house import Tenant
from api.rows import add
from desk.video_rows import film, scenes
from nightdesk.bootstrap import House
from nightdesk.desk import video_facts
from nightdesk.desk.errors import Invalid
from nightdesk.desk.paging import Paging, read_cursor
from nightdesk.desk.review.film_queue import FilmQueue
from nightdesk.desk.review.queue import Asked
from nightdesk.desk.videos.deciding_many import decide_many, take_back
from nightdesk.store.tables.runs import Batch

BROKEN = {
    "video": {"status": "fail", "checks": [{"name": "silence", "status": "fail", "message": "Silent."}]}
}


async def titles(house: House, tenant: Tenant, order: str = "oldest", **asked: Any) -> list[str]:
    paging = Paging(FilmQueue.orders[order])
    found = await house.desk.review.films.page(tenant.workspace, Asked(**asked), paging)
    return [one.video.title for one in found.items]


async def test_videos_are_found_by_order_words_and_what_checks_found(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    await film(house, alice, title="B", seconds=20.0)
    await film(house, alice, title="A", seconds=40.0, checks=BROKEN)
    await film(house, alice, title="On its way", status="captioned")
    await film(house, bob, title="Theirs")
    assert await titles(house, alice) == ["B", "A"]
    assert await titles(house, alice, "title") == ["A", "B"]
    assert await titles(house, alice, "words") == ["A", "B"]
    assert await titles(house, alice, worry="serious") == ["A"]
    assert await titles(house, alice, worry="clean", site_id=alice.site) == ["B"]
    assert await titles(house, alice, search="composts") == []
    films = house.desk.review.films
    assert (await films.counts(alice.workspace))[alice.site]["review"] == 2
    first = await films.page(alice.workspace, Asked(), Paging(FilmQueue.orders["words"], 1))
    assert first.items[0].marks["video"].worst == "serious"
    after = read_cursor(first.next_cursor or "", FilmQueue.orders["words"])
    rest = await films.page(alice.workspace, Asked(), Paging(FilmQueue.orders["words"], 1, after))
    assert [one.video.title for one in rest.items] == ["B"]
    assert (await house.desk.badges.count(alice.workspace)).review == 2


async def test_many_are_decided_on_and_put_back_while_nobody_changed_them(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    one, other = await film(house, alice), await film(house, alice)
    theirs = await film(house, bob)
    decisions, shelf = house.desk.videos.decisions, house.desk.videos.shelf
    wanted = [one.id, other.id, theirs.id]
    outcomes = await decide_many(decisions, alice.workspace, wanted, "reject", note="Too long.")
    assert [outcome.done for outcome in outcomes] == [True, True, False]
    assert (await shelf.show(alice.workspace, one.id)).video.checks["review"]["note"] == "Too long."
    back = await take_back(decisions, alice.workspace, wanted)
    assert [outcome.done for outcome in back] == [True, True, False]
    video = (await shelf.show(alice.workspace, one.id)).video
    assert (video.status, video.reviewed_at, "review" in video.checks) == ("review", None, False)
    assert not (await take_back(decisions, alice.workspace, [one.id]))[0].done
    assert (await shelf.show(bob.workspace, theirs.id)).video.status == "review"


async def test_a_run_of_the_video_line_tells_of_the_videos_it_worked_on(house: House, alice: Tenant) -> None:
    written, filmed, other = await film(house, alice), await film(house, alice), await film(house, alice)
    runs = house.desk.runs
    run = await runs.run_now(alice.workspace, alice.site, "video")
    (scene, *_) = await scenes(house, alice, filmed.id)
    for step, item in (("scripts", written.id), ("narration", scene.id)):
        facts = {"run_id": run.id, "line": "video", "stage": 2, "queue": "text", "status": "done"}
        await add(house, alice, Batch, step=step, items=[item], **facts)
    story = await runs.story(alice.workspace, run.id)
    assert [one.id for one in story.films] == [written.id, filmed.id]
    assert (story.pieces, story.pieces_total) == ([], 2)
    assert other.id not in [one.id for one in story.films]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"duration": 9}, "duration"),
        ({"format": "4:3"}, "format"),
        ({"captions": "comic"}, "captions"),
        ({"watermark": {"share": 0.9}}, "watermark_share"),
        ({"watermark": {"opacity": 0}}, "watermark_opacity"),
        ({"watermark": {"corner": "middle"}}, "watermark_corner"),
        ({"lexicon": {"": "x"}}, "lexicon"),
        ({"lexicon": {"word": "x" * 200}}, "lexicon"),
        ({"lexicon": ["word"]}, "lexicon"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_said_of_videos_is_refused_by_its_field(given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        video_facts.checked("video", given)
    assert refused.value.field == field


def test_what_is_left_empty_is_as_the_line_has_it() -> None:
    given = {"duration": None, "format": "", "watermark": {"off": False, "share": None}, "lexicon": {}}
    assert video_facts.checked("video", given) == {}
