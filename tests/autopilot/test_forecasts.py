"""What a night would cost before it runs: what is ordered anew, what waits, what is in hand, what lacks."""

from decimal import Decimal

from autopilot.one_night import Night
from nightdesk.desk.autopilot import Forecast
from nightdesk.kit import ids
from nightdesk.store.tables.runs import Batch, ItemCost, Run


async def forecast(night: Night) -> Forecast:
    return await night.house.desk.auto_modes.forecasts.of(night.tenant.workspace, night.tenant.site)


async def took(night: Night, *costs: tuple[int, str]) -> None:
    """For each pair of credits and dollars an article that took so much, by a run that is over."""
    house, of = night.house, {"workspace_id": night.tenant.workspace}
    numbers = [await night.article(status="published") for _ in costs]
    run = ids.sortable_id(night.clock)
    of_run = {"site_id": night.tenant.site, "line": "article"}
    async with house.store.workspace(night.tenant.workspace) as session:
        over = {"status": "completed", "trigger_type": "manual", "started_at": night.clock.now()}
        session.add(Run(id=run, **of, **of_run, **over))
        await session.flush()
        step = {"run_id": run, "step": "content", "stage": 4, "queue": "text", "status": "done"}
        session.add(batch := Batch(**of, **of_run, **step))
        await session.flush()
        for number, (credits, usd) in zip(numbers, costs, strict=True):
            cost = {"item_kind": "contents", "item_id": number, "credits": credits, "usd": Decimal(usd)}
            session.add(ItemCost(**of, batch_id=batch.id, **cost))


async def test_a_new_site_is_reckoned_by_the_prices_of_its_stages(night: Night) -> None:
    await night.topics("Worms")
    found = await forecast(night)
    (part,) = found.parts
    assert (part.what, part.count, part.usd) == ("new articles", 2, None)
    assert found.credits == 2 * part.each > 0
    assert (found.usd, found.in_hand) == (None, 0)
    assert found.lacks == ["Unused topics: 1, for 2 pieces. Feeds or people have to bring more."]


async def test_a_site_that_has_made_pieces_is_reckoned_by_what_they_took(night: Night) -> None:
    await took(night, (10, "0.10"), (20, "0.30"))
    found = await forecast(night)
    (part,) = found.parts
    assert (part.each, part.credits, part.basis) == (15, 30, "what the last 2 articles took on average")
    assert found.usd == Decimal("0.40")


async def test_what_budgets_do_not_allow_is_said_to_be_lacking(night: Night) -> None:
    await night.topics("Worms")
    each = (await forecast(night)).parts[0].each
    await night.site(day_budget=each)
    found = await forecast(night)
    assert [(part.what, part.count) for part in found.parts] == [("new article", 1)]
    assert found.lacks == ["The calendar wants 2 articles more; budgets and credits allow 1 of them."]


async def test_what_was_ordered_is_in_hand_and_reckoned_no_second_time(night: Night) -> None:
    await night.topics("Worms", "Leaves", "Bins")
    before = await forecast(night)
    await night.round()
    after = await forecast(night)
    assert (await night.orders())[:1] == [("article", 1)]
    assert after.in_hand + after.credits <= before.credits
    assert after.in_hand > 0


async def test_a_site_that_waits_says_so_before_what_it_would_take(night: Night) -> None:
    await night.site(piece_budget=1)
    await night.round()
    found = await forecast(night)
    assert found.parts == []
    assert found.lacks[0].startswith("Auto mode orders nothing while it waits: A piece takes about")


async def test_the_sites_of_a_workspace_are_reckoned_together(night: Night) -> None:
    found = await night.house.desk.auto_modes.forecasts.tonight(night.tenant.workspace)
    (one,) = found.sites
    assert (found.credits, found.left, found.enough) == (one.credits, one.left, one.enough)
    await night.house.desk.niches.auto.toggle(night.tenant.workspace, night.tenant.site, False, 1)
    assert (await night.house.desk.auto_modes.forecasts.tonight(night.tenant.workspace)).sites == []
