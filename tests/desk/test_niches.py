"""Sites as niches: auto mode, videos that take topics, best hours whatever the clocks do, and documents."""

import asyncio
import json
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from sqlalchemy import func, select

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.desk import brands
from nightdesk.desk.errors import Conflict, Invalid, NotFound, Unreadable
from nightdesk.desk.niches.best_hours import USUAL, at_hour, best_hours, best_instant
from nightdesk.desk.niches.document import LARGEST, read, written
from nightdesk.desk.niches.filming import Wish
from nightdesk.desk.site_facts import PLATFORMS
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.feeds import Feed, Topic
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

TITLES = (
    "Worms",
    "Bokashi at home",
    "Leaf mould",
    "Hot heaps",
    "Ash and lime",
    "Rats and how to keep them out",
)
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)


@pytest.fixture
def logo() -> bytes:
    """A picture with a hole in it."""
    out = BytesIO()
    Image.new("RGBA", (900, 600), (20, 120, 60, 90)).save(out, "WEBP")
    return out.getvalue()


async def stock(house: House, tenant: Tenant, *titles: str) -> None:
    await house.desk.topics.add_many(tenant.workspace, tenant.site, titles)


async def rows(house: House, tenant: Tenant, table: Any) -> list[Any]:
    async with house.store.workspace(tenant.workspace) as session:
        return list(
            await session.scalars(select(table).where(table.site_id == tenant.site).order_by(table.id))
        )


async def test_auto_mode_runs_the_article_line_and_limits_what_it_writes(house: House, alice: Tenant) -> None:
    niches = house.desk.niches
    await house.desk.automation.change(alice.workspace, alice.site, "article", {"frequency": "weekly"})
    on = await niches.auto.toggle(alice.workspace, alice.site, True, 3)
    assert (on.site.auto_mode, on.site.posts_a_day, on.config.is_enabled) == (True, 3, True)
    assert "once a week at 02:00" in on.message
    assert "3 articles" in on.message
    async with house.store.workspace(alice.workspace) as session:
        config = await session.get_one(LineConfig, (alice.workspace, alice.site, "article"))
        config.next_run_at = house.clock.now()
    await house.timetable().tick()
    (run,) = await rows(house, alice, Run)
    assert run.settings["most"] == {"4": 21}
    await niches.shelf.change(alice.workspace, alice.site, {"posts_a_day": 1})
    assert (await house.desk.automation.config(alice.workspace, alice.site, "article"))["is_enabled"]
    off = await niches.auto.toggle(alice.workspace, alice.site, False, 1)
    assert (off.config.is_enabled, off.config.a_day, off.config.next_run_at) == (False, {}, None)
    with pytest.raises(Invalid):
        await niches.auto.toggle(alice.workspace, alice.site, True, 0)


async def test_a_manual_run_is_not_held_to_posts_a_day(house: House, alice: Tenant) -> None:
    await house.desk.niches.auto.toggle(alice.workspace, alice.site, True, 2)
    run = await house.desk.runs.run_now(alice.workspace, alice.site, "article")
    assert "most" not in run.settings


async def test_videos_take_topics_that_nobody_else_gets(house: House, alice: Tenant) -> None:
    await stock(house, alice, *TITLES)
    filming = house.desk.niches.filming
    ordered = await asyncio.gather(
        *(filming.automate(alice.workspace, alice.site, 2, Wish(publish=True, model="m")) for _ in range(3))
    )
    topics = [video.topic_id for one in ordered for video in one.videos]
    assert len(topics) == len(set(topics)) == 6
    videos = await rows(house, alice, Video)
    assert {(v.status, v.publish, v.model, tuple(v.platforms)) for v in videos} == {
        ("picked", True, "m", ("youtube", "instagram", "tiktok"))
    }
    assert {topic.used_for for topic in await rows(house, alice, Topic)} == {"video"}
    with pytest.raises(Conflict, match="no unused topic left"):
        await filming.automate(alice.workspace, alice.site, 1, Wish())


async def test_as_many_videos_as_there_are_topics_and_no_site_stops_the_others(
    house: House, alice: Tenant
) -> None:
    other = await house.desk.sites.create(alice.workspace, "Bare")
    await stock(house, alice, "Turning a heap in winter")
    ordered = await house.desk.niches.filming.bulk(alice.workspace, None, 2, Wish())
    assert {one.site.id: len(one.videos) for one in ordered} == {alice.site: 1, other.id: 0}


async def test_another_workspaces_niche_is_not_there(house: House, alice: Tenant, bob: Tenant) -> None:
    niches = house.desk.niches
    for asked in (
        niches.shelf.get(alice.workspace, bob.site),
        niches.auto.toggle(alice.workspace, bob.site, True, 1),
        niches.filming.automate(alice.workspace, bob.site, 1, Wish()),
        niches.filming.bulk(alice.workspace, [alice.site, bob.site], 1, Wish()),
        niches.filming.schedule(alice.workspace, bob.site, [], None),
        niches.portable.export(alice.workspace, bob.site),
        niches.logos.keep(alice.workspace, bob.site, b"x"),
    ):
        with pytest.raises(NotFound):
            await asked


def test_every_platform_has_hours_for_every_day() -> None:
    assert set(USUAL) == set(PLATFORMS)
    for week in USUAL.values():
        assert all(week[day] for day in range(7))
        assert all(0 <= hour < 24 for day in week.values() for hour in day)


def test_a_sites_own_hours_are_the_only_ones_with_those_that_do_well_first() -> None:
    assert best_hours("youtube", 0) == [14, 15]
    assert best_hours("youtube", 0, [8, 15, 22]) == [15, 8, 22]


@pytest.mark.parametrize(
    ("day", "hour", "instant"),
    [
        (date(2026, 3, 28), 2, "2026-03-28T01:00"),
        (date(2026, 3, 29), 2, "2026-03-29T01:00"),
        (date(2026, 3, 29), 15, "2026-03-29T13:00"),
        (date(2026, 10, 25), 2, "2026-10-25T00:00"),
        (date(2026, 10, 25), 9, "2026-10-25T08:00"),
    ],
)
def test_an_hour_is_that_of_the_place_on_that_date(day: date, hour: int, instant: str) -> None:
    assert at_hour(day, hour, BERLIN) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_an_instant_that_is_over_is_not_planned() -> None:
    friday = date(2026, 3, 27)
    assert best_instant("youtube", friday, BERLIN, NOW) == datetime(2026, 3, 27, 11, 0, tzinfo=UTC)
    late = datetime(2026, 3, 27, 20, 0, tzinfo=UTC)
    assert best_instant("youtube", friday, BERLIN, late) == datetime(2026, 3, 28, 8, 0, tzinfo=UTC)


async def test_a_smart_schedule_plans_a_video_for_each_platform(house: House, alice: Tenant) -> None:
    await house.desk.sites.change(alice.workspace, alice.site, timezone="America/New_York", platforms=["x"])
    await stock(house, alice, "Worms in winter", "Leaves as bedding", "Bokashi indoors")
    filming, now = house.desk.niches.filming, house.clock.now()
    made = await filming.schedule(alice.workspace, alice.site, ["tiktok", "youtube"], None)
    assert list(made.instants) == ["youtube", "tiktok"]
    assert all(at > now for at in made.instants.values())
    own = await filming.schedule(alice.workspace, alice.site, [], None)
    assert list(own.instants) == ["x"]
    videos = await rows(house, alice, Video)
    assert [(video.platforms, video.scheduled_for) for video in videos] == [
        (["youtube"], made.instants["youtube"]),
        (["tiktok"], made.instants["tiktok"]),
        (["x"], own.instants["x"]),
    ]
    for day in (date(2020, 1, 1), date(9999, 12, 31)):
        with pytest.raises(Invalid):
            await filming.schedule(alice.workspace, alice.site, [], day)
    with pytest.raises(Invalid):
        await filming.schedule(alice.workspace, alice.site, ["myspace"], None)


async def full(house: House, tenant: Tenant) -> None:
    """A site with all that a document carries."""
    desk, here = house.desk, (tenant.workspace, tenant.site)
    await desk.sites.change(
        *here,
        subject="Home composting",
        audience="Gardeners",
        language="de",
        timezone="Europe/Berlin",
        voice="Plain.",
        style="Short paragraphs.",
        brand={"primary": "#112233", "typeface": "serif"},
        hours=[7, 19],
        platforms=["youtube", "folder"],
        video={"duration": 45, "format": "9:16"},
        floor=25,
    )
    await desk.prompts.keep(*here, "article", "Write as a gardener would.")
    await desk.choices.keep(
        tenant.workspace, "text", "openai:gpt-5-mini", "sk-canary-0123456789", tenant.site
    )
    await desk.automation.change(*here, "article", {"scheduled_time": "05:30", "stage_1_batch_size": 7})
    await desk.niches.auto.toggle(*here, True, 4)
    async with house.store.workspace(tenant.workspace) as session:
        for url in ("https://ann:pass-canary@feeds.example/private", "https://feeds.example/open"):
            session.add(Feed(workspace_id=tenant.workspace, site_id=tenant.site, url=url, title="A feed"))
    await stock(house, tenant, "What a heap does in winter", "Worms or no worms")
    await desk.topics.pick(*here, used_for="article", source="list")


async def test_a_site_comes_back_from_its_document_as_it_was(
    house: House, alice: Tenant, bob: Tenant, logo: bytes
) -> None:
    await full(house, alice)
    portable = house.desk.niches.portable
    await house.desk.niches.logos.keep(alice.workspace, alice.site, logo)
    file = written(await portable.export(alice.workspace, alice.site))
    assert b"canary" not in file
    document = read(file)
    assert (len(document.feeds), len(document.topics)) == (2, 1)
    assert document.logo.startswith("data:image/png;base64,")
    here, notes = await portable.take(alice.workspace, document)
    assert here.slug == f"{document.slug}-2"
    assert any("becomes" in note for note in notes)
    there, notes = await portable.take(bob.workspace, document)
    assert (there.slug, notes) == (document.slug, ())
    for tenant, site in ((alice, here), (bob, there)):
        again = await portable.export(tenant.workspace, site.id)
        assert again.model_dump(exclude={"slug"}) == document.model_dump(exclude={"slug"})
    async with house.store.workspace(bob.workspace) as session:
        config = await session.get_one(LineConfig, (bob.workspace, there.id, "article"))
        assert (config.a_day, config.next_run_at is not None) == ({"4": 4}, True)
    choices = await house.desk.choices.shown(bob.workspace, there.id)
    assert [(one.chosen, one.key) for one in choices if one.kind == "text"] == [("openai:gpt-5-mini", None)]


async def test_a_logo_is_kept_small_with_its_transparency(house: House, alice: Tenant, logo: bytes) -> None:
    logos = house.desk.niches.logos
    site = await logos.keep(alice.workspace, alice.site, logo)
    shown = await house.desk.review.pictures.get(alice.workspace, site.brand["logo"])
    with Image.open(BytesIO(shown.content)) as picture:
        assert (picture.format, picture.size, picture.mode) == ("PNG", (512, 341), "RGBA")
        assert picture.getpixel((0, 0))[3] == 90
    kept = await house.desk.sites.change(alice.workspace, alice.site, voice="Calm.")
    assert kept.brand == site.brand
    assert (await logos.name(alice.workspace, alice.site, "")).brand == {}
    with pytest.raises(NotFound):
        await logos.name(alice.workspace, alice.site, "0" * 64)
    for content in (b"", b"<svg/>", logo[:40]):
        with pytest.raises(Invalid):
            await logos.keep(alice.workspace, alice.site, content)


async def test_a_typeface_is_seen_on_the_cards(house: House, alice: Tenant) -> None:
    site = await house.desk.sites.get(alice.workspace, alice.site)
    looks = [brands.with_colours(site, brands.usual() | {"typeface": one}) for one in ("", "sans", "serif")]
    usual, sans, serif = [(await brands.sample(house.desk.providers, one, 0)).content for one in looks]
    assert usual == sans != serif


async def test_what_a_document_may_not_bring_is_left_out_and_told(house: House, alice: Tenant) -> None:
    document = read(
        json.dumps(
            {
                "kind": "nightdesk.site",
                "version": 1,
                "slug": "new",
                "name": "Heap",
                "models": {"text": "nobody:x", "images": "comfyui:/etc/passwd", "smell": "offline"},
                "feeds": [{"url": "ftp://files.example/feed"}, {"url": "https://feeds.example/a"}],
            }
        ).encode()
    )
    site, notes = await house.desk.niches.portable.take(alice.workspace, document)
    assert (site.slug, site.choices) == ("new-site", {})
    assert len(notes) == 5
    seen = await house.desk.niches.portable.look(alice.workspace, document, models=False)
    assert seen.document.models == {}


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", Unreadable, "no JSON"),
        (b"\xff\xfe", Unreadable, "no JSON"),
        (b"[" * 100_000, Unreadable, "no JSON"),
        (b"[]", Unreadable, "no exported site"),
        (b'{"kind": "other"}', Unreadable, "no exported site"),
        (b'{"kind": "nightdesk.site", "version": 2}', Unreadable, "newer"),
        (b'{"kind": "nightdesk.site", "version": 1}', Invalid, "damaged at `slug`"),
        (
            b'{"kind": "nightdesk.site", "version": 1, "slug": "a", "name": "a", "x": 1}',
            Invalid,
            "damaged at `x`",
        ),
        (b" " * (LARGEST + 1), Unreadable, "at most 1 MB"),
    ],
)
def test_a_file_that_is_no_site_is_refused_in_plain_words(content: bytes, error: Any, says: str) -> None:
    with pytest.raises(error, match=says):
        read(content)


@pytest.mark.parametrize(
    "wrong",
    [
        {"timezone": "Mars/Base"},
        {"hours": [24]},
        {"platforms": ["myspace"]},
        {"brand": {"primary": "red"}},
        {"brand": {"logo": "../../etc"}},
        {"video": {"duration": 5}},
        {"posts_a_day": 0},
        {"logo": "data:image/png;base64,AAAA"},
        {"logo": "https://elsewhere.example/logo.png"},
        {"topics": [{"title": "A topic", "published_at": "yesterday"}]},
    ],
)
async def test_a_damaged_document_makes_nothing(house: House, alice: Tenant, wrong: dict[str, Any]) -> None:
    whole = {"kind": "nightdesk.site", "version": 1, "slug": "heap", "name": "Heap", **wrong}
    with pytest.raises(Invalid):
        await house.desk.niches.portable.take(alice.workspace, read(json.dumps(whole).encode()))
    async with house.store.workspace(alice.workspace) as session:
        made = select(func.count()).select_from(Site).where(Site.workspace_id == alice.workspace)
        assert await session.scalar(made) == 1
