"""Whatever an ending says, the batch ends by it."""

from sqlalchemy import select

from nightdesk.kit.endings import Refused
from nightdesk.store.tables.planner import Keyword


async def test_a_refusal_in_characters_that_cannot_be_stored_parks_its_item_all_the_same(desk):
    async def refuse(_):
        raise Refused("no\x00thing of \ud800 this kind")

    desk.stage.during = refuse
    await desk.add_keywords(1)
    run = await desk.start()
    async with desk.working():
        done = await desk.when(run, "completed", seconds=10)
    assert done.results["1"]["failed"] == 1
    async with desk.store.workspace(desk.workspace) as session:
        (keyword,) = await session.scalars(select(Keyword))
    assert keyword.error == "nothing of \ufffd this kind"
