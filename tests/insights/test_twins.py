"""One idea in both forms: asked for once, and whichever goes out second leads to the first."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from api.api_house import Tenant
from api.rows import add_chain
from desk.video_rows import film
from insights.out_there import NOW, account
from nightdesk.bootstrap import House
from nightdesk.desk.errors import InsufficientCredits, NotFound
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing import Composer
from nightdesk.desk.publishing.linking import MOST_BYTES, Link, led_on
from nightdesk.engine.outgoing import Taken
from nightdesk.publisher import Piece
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Idea, Task
from nightdesk.store.tables.publishing import Account, Publication
from nightdesk.store.tables.results import Twin
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content
from publishing.test_folder import article


async def counted(house: House, tenant: Tenant, table: Any) -> int:
    async with house.store.workspace(tenant.workspace) as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_an_article_becomes_one_video_however_often_that_is_asked_for(
    house: House, alice: Tenant
) -> None:
    content, twinning = (await add_chain(house, alice)).content, house.desk.videos.twinning
    by = Operator(alice.workspace)
    assert await twinning.of_content(alice.workspace, content) is None
    made = await asyncio.gather(*(twinning.as_video(by, content) for _ in range(4)))
    assert len({one.video_id for one in made}) == 1
    assert [one.new for one in made].count(True) == 1
    assert await counted(house, alice, Video) == await counted(house, alice, Twin) == 1
    assert made[0].content_id == content
    there = await twinning.of_video(alice.workspace, made[0].video_id)
    assert there is not None
    assert (there.content_id, there.video) == (content, made[0].article)


async def test_a_video_becomes_one_planned_article(house: House, alice: Tenant) -> None:
    of = {"workspace_id": alice.workspace, "site_id": alice.site}
    async with house.store.workspace(alice.workspace) as session:
        new = insert(Topic).values(**of, title="Earwigs at night", normal="earwigs at night", source="list")
        topic = (await session.execute(new.returning(Topic.id))).scalar_one()
    twinning, by = house.desk.videos.twinning, Operator(alice.workspace)
    for facts, title in (({"topic_id": topic}, "Earwigs at night"), ({}, "How to compost")):
        video = (await film(house, alice, **facts)).id
        tasks = await counted(house, alice, Task)
        first, second = await twinning.as_article(by, video), await twinning.as_article(by, video)
        assert (first.new, second.new, first.content_id) == (True, False, None)
        assert first.article.startswith(title)
        assert await counted(house, alice, Task) == tasks + 1
    async with house.store.workspace(alice.workspace) as session:
        assert (await session.get_one(Topic, (alice.workspace, topic))).idea_id is not None
        assert await session.scalar(select(func.count()).select_from(Idea)) == 2


async def test_pieces_of_others_have_no_other_form(house: House, alice: Tenant, bob: Tenant) -> None:
    content = (await add_chain(house, alice)).content
    video, twinning = (await film(house, alice)).id, house.desk.videos.twinning
    for asking in (
        twinning.of_content(bob.workspace, content),
        twinning.of_video(bob.workspace, video),
        twinning.as_video(Operator(bob.workspace), content),
        twinning.as_article(Operator(bob.workspace), video),
    ):
        with pytest.raises(NotFound):
            await asking
    assert await counted(house, bob, Twin) == 0


async def test_without_credits_no_video_is_asked_for(house: House, tenant_of: Any) -> None:
    poor = await tenant_of("Poor", credits=0)
    content = (await add_chain(house, poor)).content
    with pytest.raises(InsufficientCredits):
        await house.desk.videos.twinning.as_video(Operator(poor.workspace), content)
    assert await counted(house, poor, Video) == await counted(house, poor, Twin) == 0


class Pair:
    """An article and a video of one idea, and what goes out of them."""

    def __init__(self, house: House, tenant: Tenant, content: int, video: int) -> None:
        self.house, self.tenant, self.content, self.video = house, tenant, content, video

    async def out(self, kind: str, platform: str, **facts: Any) -> Taken:
        """A publication of one of the two, as it is taken to be sent."""
        number = await account(self.house, self.tenant, platform)
        which = {"content_id": self.content} if kind == "article" else {"video_id": self.video}
        row = {
            "workspace_id": self.tenant.workspace,
            "site_id": self.tenant.site,
            "account_id": number,
            "revision": 1,
            "key": func.gen_random_uuid(),
            "planned_at": NOW,
            "due_at": NOW,
            **which,
            **facts,
        }
        async with self.house.store.workspace(self.tenant.workspace) as session:
            new = insert(Publication).values(row).returning(Publication.id)
            made = (await session.execute(new)).scalar_one()
            publication = await session.get_one(Publication, (self.tenant.workspace, made))
            of = await session.get_one(Account, (self.tenant.workspace, number))
        return Taken(publication, of, 1, False)

    async def composed(self, kind: str, platform: str) -> Piece:
        taken = await self.out(kind, platform)
        return await Composer(self.house.store, self.house.files).compose(taken)


async def paired(house: House, tenant: Tenant) -> Pair:
    content, video = await article(house, tenant), (await film(house, tenant, status="approved")).id
    async with house.store.workspace(tenant.workspace) as session:
        task = (await session.get_one(Content, (tenant.workspace, content))).task_id
        facts = {"workspace_id": tenant.workspace, "site_id": tenant.site}
        await session.execute(insert(Twin).values(**facts, task_id=task, video_id=video))
    return Pair(house, tenant, content, video)


async def test_the_one_that_goes_out_second_leads_to_the_first(house: House, alice: Tenant) -> None:
    pair = await paired(house, alice)
    assert "<a href" not in (await pair.composed("article", "wordpress")).html
    title = 'Heaps <script>alert("1")</script>'
    live = {"state": "live", "live_at": NOW, "title": title}
    await pair.out("video", "youtube", url="https://videos.test/watch?v=1&t=2", **live)
    led = (await pair.composed("article", "wordpress")).html
    assert '<p><a href="https://videos.test/watch?v=1&amp;t=2">▶ Heaps &lt;script&gt;' in led
    assert "<script" not in led
    assert "http" not in (await pair.composed("video", "youtube")).text
    await pair.out("article", "wordpress", url="https://blog.test/heaps/", **live)
    assert (await pair.composed("video", "youtube")).text.endswith(f"{title}\nhttps://blog.test/heaps/")
    assert "http" not in (await pair.composed("video", "tiktok")).text


@pytest.mark.parametrize(
    ("facts", "config"),
    [
        ({"state": "held"}, {}),
        ({"url": "file:///srv/pieces/1"}, {}),
        ({"url": ""}, {}),
        ({"options": {"privacy": "private"}}, {}),
        ({}, {"privacy": "private"}),
        ({}, {"status": "draft"}),
    ],
)
async def test_nothing_leads_to_what_not_everybody_can_open(
    house: House, alice: Tenant, facts: dict[str, Any], config: dict[str, str]
) -> None:
    pair = await paired(house, alice)
    live = {"state": "live", "live_at": NOW, "url": "https://videos.test/1", **facts}
    taken = await pair.out("video", "youtube", **live)
    async with house.store.workspace(alice.workspace) as session:
        of = (Account.workspace_id == alice.workspace, Account.id == taken.account.id)
        await session.execute(update(Account).where(*of).values(config=config))
    assert "▶" not in (await pair.composed("article", "wordpress")).html


def test_a_description_that_is_full_is_left_as_it_is() -> None:
    link = Link("Heaps", "https://blog.test/heaps/")
    facts = {"kind": "video", "text": "ü" * (MOST_BYTES // 2)}
    assert led_on(facts, link, "youtube") == facts
    short = led_on(facts | {"text": ""}, link, "youtube")
    assert short["text"] == "Heaps\nhttps://blog.test/heaps/"
    assert led_on(facts, None, "youtube") is facts


async def test_both_forms_are_asked_for_and_read_over_the_api(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    content = (await add_chain(house, alice)).content
    path = f"/api/v1/contents/{content}/other-form"
    none = {"article": None, "video": None, "task_id": None, "new": False}
    assert (await alice.client.get(path)).json() == none
    made = await alice.client.post(path)
    assert (made.status_code, made.json()["new"], made.json()["article"]["id"]) == (201, True, content)
    again = await alice.client.post(f"{path}/")
    video = made.json()["video"]["id"]
    assert (again.status_code, again.json()["new"], again.json()["video"]["id"]) == (200, False, video)
    there = (await alice.client.get(f"/api/v1/videos/{video}/other-form")).json()
    assert (there["article"], there["video"]["title"]) == (made.json()["article"], "All about heaters")
    assert (await alice.client.post(f"/api/v1/videos/{video}/other-form")).status_code == 200
    for one in (path, f"/api/v1/videos/{video}/other-form"):
        assert (await bob.client.get(one)).status_code == 404
        assert (await bob.client.post(one)).status_code == 404
