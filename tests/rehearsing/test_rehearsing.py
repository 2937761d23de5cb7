"""A rehearsal leads a scratch desk through its days, touches nothing else, and leaves nothing behind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from nightdesk.bootstrap import House, open_house
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people import Operator
from nightdesk.kit.endings import NeedsPerson
from nightdesk.rehearsal.serving import serving
from nightdesk.rehearsal.wordpress import PASSWORD, FakeWordPress
from nightdesk.rehearsing import Plan, rehearse
from nightdesk.rehearsing.clock import Board, JumpingClock
from nightdesk.rehearsing.example import example_sites
from nightdesk.rehearsing.scratch import PREFIX
from nightdesk.settings import Settings
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.publishing import Account

# Real seconds: a rehearsal keeps both cores busy, and may share them.
pytestmark = pytest.mark.timeout(300)


def settings_of(database: str, folder: Path) -> Settings:
    return Settings(
        database_url=SecretStr(database),
        data_dir=folder,
        disk_reserve_mb=0,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        text="openai:gpt-5-mini",
        text_api_key=SecretStr("never to be used"),
        _env_file=None,
    )


def databases(database: str) -> list[str]:
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        found = connection.execute("select datname from pg_database").fetchall()
    return [name for (name,) in found if name.startswith(PREFIX)]


async def test_a_day_of_an_example_site_goes_out_and_nothing_is_left_behind(database: str, tmp_path: Path):
    days: list[str] = []
    settings = settings_of(database, tmp_path)
    found = await rehearse(settings, Plan(days=1, sites=1, posts=1, step=6.0), days.append)
    assert found["findings"]["wrong"] == []
    live = [one for one in found["calendar"] if one["state"] == "live"]
    assert {one["platform"] for one in live} == {"wordpress", "folder"}
    assert found["findings"]["posts"] == len(live)
    assert all(one["at"] > datetime.now(UTC) - timedelta(minutes=5) for one in found["calendar"])
    assert found["costs"]["credits"] > 0
    assert found["costs"]["usd"] == 0
    assert found["person"]["approved an article"]
    assert days[1].startswith("Day 1 of 1: ")
    assert databases(database) == []
    assert not any((tmp_path / "rehearsals").iterdir())


async def test_without_a_site_it_says_what_to_do(database: str, tmp_path: Path):
    with pytest.raises(NeedsPerson, match="--sites 3"):
        await rehearse(settings_of(database, tmp_path), Plan(), lambda _: None)


@pytest.mark.prove
async def test_own_sites_are_rehearsed_without_their_secrets_and_without_a_word_to_their_accounts(
    database: str, tmp_path: Path
):
    fake, seen = FakeWordPress(), []
    async with serving(fake) as real:
        settings = settings_of(database, tmp_path).model_copy(
            update={"allow_addresses": f"127.0.0.1:{real.port}"}
        )
        async with open_house(settings) as house:
            workspace = await house.desk.founding.found("Own", 10_000)
            (site,) = await example_sites(house, workspace, Plan(days=1, sites=1, posts=1))
            values = {"address": fake.address, "user": "editor", "password": PASSWORD}
            new = NewAccount("wordpress", "Our blog", values)
            account = await house.desk.accounts.connect(Operator(workspace), new)
            await house.desk.accounts.link(Operator(workspace), account.id, site.id)
            await house.desk.niches.auto.toggle(workspace, site.id, True, 1)
            async with house.store.workspace(workspace) as session:
                await session.execute(update(Topic).values(url="https://example.org/story"))
        asked = len(fake.requests)

        async def look(rehearsed: House, _: int) -> None:
            async with rehearsed.store.everywhere() as session:
                seen.extend(await session.scalars(select(Topic.url)))
                seen.extend(one.config["address"] for one in await session.scalars(select(Account)))

        found = await rehearse(settings, Plan(days=1, step=12.0), lambda _: None, look)
    assert found["findings"]["wrong"] == []
    assert {one["account"] for one in found["calendar"] if one["state"] == "live"} == {"Our blog"}
    assert "https://example.org/story" not in seen
    assert fake.address not in seen
    assert len(fake.requests) == asked
    assert fake.posts() == []


def test_its_clock_is_never_ahead_of_the_real_one_and_never_goes_back(tmp_path: Path):
    clock, same = (JumpingClock(Board(tmp_path / "board")) for _ in range(2))
    real = datetime.now(UTC)
    assert clock.go_back(8) == timedelta(days=14)
    start = clock.now()
    assert start.weekday() == real.weekday()
    clock.jump(start + timedelta(hours=3))
    assert timedelta(hours=3) <= same.now() - start < timedelta(hours=3, minutes=1)
    clock.jump(start)
    assert same.now() - start >= timedelta(hours=3)
    clock.jump(real + timedelta(days=99))
    assert same.now() <= datetime.now(UTC)
