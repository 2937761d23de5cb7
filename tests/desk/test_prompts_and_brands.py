"""Instructions are changed, put back and tried; colours are judged and seen before they are kept."""

import pytest
from sqlalchemy import func, select

from api.api_house import Tenant
from api.rows import add, add_chain
from nightdesk.bootstrap import House
from nightdesk.desk import brands
from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.prompts import PROMPTS
from nightdesk.desk.review.inputs import ContentChanges, NewSection
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.planner import Cluster, Idea
from nightdesk.store.tables.runs import ProviderCall
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content

WARMTH = (
    "A storage heater keeps the warmth of the night for the day, because its bricks are slow to cool. Turn "
    "its input down when the nights get mild, since what it took in comes out the next day whether anyone "
    "wants it or not. In 2024 a test of 12 homes found that this saved 18% of the bill."
)


async def test_instructions_are_the_shipped_ones_until_a_site_has_its_own(
    house: House, alice: Tenant
) -> None:
    desk = house.desk.prompts
    article = next(
        one for one in await desk.shown(alice.workspace, alice.site) if one.prompt.name == "article"
    )
    assert not article.own
    kept = await desk.keep(alice.workspace, alice.site, "article", "  Write in rhymes.\r\nAlways. ")
    assert (kept.own, kept.text, kept.shipped) == (True, "Write in rhymes.\nAlways.", article.shipped)
    own = [one.prompt.name for one in await desk.shown(alice.workspace, alice.site) if one.own]
    assert own == ["article"]
    assert not (await desk.keep(alice.workspace, alice.site, "article", article.shipped)).own
    await desk.keep(alice.workspace, alice.site, "article", "Again.")
    assert (await desk.keep(alice.workspace, alice.site, "article", "")).text == article.shipped
    with pytest.raises(Invalid):
        await desk.keep(alice.workspace, alice.site, "article", "x" * 20_001)
    with pytest.raises(NotFound):
        await desk.keep(alice.workspace, alice.site, "nothing", "x")


async def test_another_workspaces_site_has_no_instructions(house: House, alice: Tenant, bob: Tenant) -> None:
    with pytest.raises(NotFound):
        await house.desk.prompts.shown(alice.workspace, bob.site)
    with pytest.raises(NotFound):
        await house.desk.prompts.keep(alice.workspace, bob.site, "article", "x")


async def test_every_stage_is_tried_on_what_is_there_and_nothing_of_it_is_kept(
    house: House, alice: Tenant
) -> None:
    with pytest.raises(Conflict):
        await house.desk.prompts.try_out(alice.workspace, alice.site, "article", "Write.")
    chain = await add_chain(house, alice)
    text = "## Where warmth goes\n\n" + "Heaters keep the warmth of the night for the day. " * 8
    await house.desk.review.contents.change(alice.workspace, chain.content, ContentChanges(markdown=text))
    wish = NewSection(heading="Where warmth goes", note="What did the test of 12 homes find about the bill?")
    asked = await house.desk.review.sections.ask(alice.workspace, chain.content, wish)
    title = "How storage heaters keep warmth"
    topic = await add(
        house, alice, Topic, title=title, normal=title.lower(), summary=WARMTH, source="list", status="used"
    )
    await add(house, alice, Video, topic=title, topic_id=topic, target=20)
    for prompt in PROMPTS:
        tried = await house.desk.prompts.try_out(alice.workspace, alice.site, prompt.name, "Do it well.")
        assert tried.trial.ok, tried.trial.says
        assert tried.answer.lines, prompt.name
    async with house.store.workspace(alice.workspace) as session:
        rows = [
            await session.scalar(select(func.count()).select_from(one)) for one in (Cluster, Idea, Content)
        ]
        notes = list(await session.scalars(select(ProviderCall.note)))
    assert rows == [1, 1, 1]
    assert (await house.desk.review.sections.get(alice.workspace, asked.id)).state == "pending"
    assert notes
    assert all(note.startswith("trial:") for note in notes)
    assert not any(one.own for one in await house.desk.prompts.shown(alice.workspace, alice.site))


async def test_colours_are_seen_on_a_card_before_they_are_kept(house: House, alice: Tenant) -> None:
    site = await house.desk.sites.get(alice.workspace, alice.site)
    assert brands.colours_of(site) == brands.usual()
    wanted = {"primary": "#112233", "accent": "#AA0000", "background": "#ffffff", "text": "#eeeeee"}
    look = brands.with_colours(site, wanted)
    assert not brands.reading(look).enough
    one, other = [await brands.sample(house.desk.providers, s, 1) for s in (site, look)]
    assert (one.width, one.height) == (960, 540)
    assert one.content != other.content
    assert brands.colours_of(await house.desk.sites.get(alice.workspace, alice.site)) == brands.usual()
    kept = await brands.keep_colours(house.desk.sites, alice.workspace, site, wanted)
    assert brands.colours_of(kept) == {**wanted, "accent": "#aa0000"}


@pytest.mark.parametrize("colour", ["red", "#12345", "#12345g", "", "url(x)"])
async def test_what_is_no_colour_is_refused(house: House, alice: Tenant, colour: str) -> None:
    site = await house.desk.sites.get(alice.workspace, alice.site)
    with pytest.raises(Invalid):
        brands.with_colours(site, {**brands.usual(), "accent": colour})
