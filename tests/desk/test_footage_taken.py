"""Footage that scenes take: no two of a video have the same, whoever films them, and it is written down."""

import asyncio

from api.api_house import Tenant
from api.rows import change, put_in_hand, read
from desk.video_rows import film, scenes
from nightdesk.bootstrap import House
from nightdesk.desk.videos import SceneChanges
from nightdesk.desk.videos.taking import FootageTaken
from nightdesk.store.tables.videos import Scene


async def in_hand(house: House, tenant: Tenant) -> list[int]:
    """The numbers of the scenes of a new video, all of which are being filmed."""
    made = await film(house, tenant, status="captioned")
    numbers = [scene.id for scene in await scenes(house, tenant, made.id)]
    for number in numbers:
        await put_in_hand(house, tenant, Scene, number)
    return numbers


async def test_of_scenes_that_want_the_same_at_once_one_gets_it(house: House, alice: Tenant) -> None:
    numbers = await in_hand(house, alice)
    desks = [FootageTaken(house.store) for _ in numbers]  # Workers on machines of their own.
    took = [
        one.take(alice.workspace, scene, "pexels:1", fresh)
        for one, scene in zip(desks, numbers, strict=True)
        for fresh in (True, False)
    ]
    given = await asyncio.gather(*took)
    holder = next(place for place, got in enumerate(given) if got) // 2
    assert given == [place // 2 == holder for place in range(len(given))]
    kept = [(await read(house, alice, Scene, number)).source for number in numbers]
    assert kept == ["pexels:1" if place == holder else "" for place in range(len(numbers))]
    assert await desks[0].take(alice.workspace, numbers[holder], "pexels:1", True)
    assert await desks[0].take(alice.workspace, numbers[holder], "pexels:2", True)
    other = numbers[(holder + 1) % len(numbers)]
    assert await desks[0].take(alice.workspace, other, "pexels:1", True)


async def test_what_the_last_videos_show_is_taken_only_where_it_need_not_be_fresh(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    first, second, theirs = [await in_hand(house, tenant) for tenant in (alice, alice, bob)]
    desk = FootageTaken(house.store)
    assert await desk.take(alice.workspace, first[0], "pexels:1", True)
    assert not await desk.take(alice.workspace, second[0], "pexels:1", True)
    assert await desk.take(bob.workspace, theirs[0], "pexels:1", True)
    assert not await desk.take(bob.workspace, second[0], "pexels:7", True)
    assert await desk.take(alice.workspace, second[0], "pexels:1", False)
    assert not await desk.take(alice.workspace, second[1], "pexels:1", False)


async def test_a_scene_that_is_not_in_hand_any_more_takes_nothing(house: House, alice: Tenant) -> None:
    """A worker that was frozen wakes up after another has filmed the scene."""
    numbers = await in_hand(house, alice)
    await change(house, alice, Scene, numbers[0], batch_id=None, source="pexels:5")
    assert not await FootageTaken(house.store).take(alice.workspace, numbers[0], "pexels:1", True)
    assert (await read(house, alice, Scene, numbers[0])).source == "pexels:5"


async def test_another_picture_gives_its_footage_back_and_other_words_say_so(
    house: House, alice: Tenant
) -> None:
    made = await film(house, alice)
    first, second, _ = await scenes(house, alice, made.id)
    source = {"number": 1, "document": 3, "title": "A trial", "url": "", "passage": "It was found."}
    await change(house, alice, Scene, first.id, source="pexels:1", sources=[source])
    await change(house, alice, Scene, second.id, sources=[source])
    desk = house.desk.videos
    done = await desk.scenes.remake(alice.workspace, made.id, 1)
    assert (await read(house, alice, Scene, first.id)).source == ""
    assert (await read(house, alice, Scene, first.id)).sources == [source]
    other = await film(house, alice)
    scene = (await scenes(house, alice, other.id))[1]
    await change(house, alice, Scene, scene.id, sources=[source])
    await desk.scenes.edit(alice.workspace, other.id, 2, SceneChanges(says="It was found, they say."))
    assert (await read(house, alice, Scene, scene.id)).sources == [{**source, "edited": True}]
    cited = await desk.citing.of(await desk.shelf.show(alice.workspace, other.id))
    assert [(one.document, one.edited) for one in cited.beside[2]] == [(3, True)]
    assert done.video.revision == 2
