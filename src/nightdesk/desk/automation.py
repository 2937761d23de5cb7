"""The automation config of a site's line: when it runs, in which batches, with which delays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.engine.control import Control
from nightdesk.engine.schedule import parse_time
from nightdesk.engine.timetable import plan, run_settings, schedule_of
from nightdesk.stage import Line
from nightdesk.store.session import Store
from nightdesk.store.tables.automation import LineConfig
from nightdesk.store.tables.tenancy import Site

FREQUENCIES = ("daily", "weekly", "monthly")
LARGEST_BATCH = 1000
LONGEST_DELAY = 3600
LAST_WEEKDAY = 7
PLAIN = (
    "is_enabled",
    "frequency",
    "scheduled_time",
    "anchor_day",
    "within_stage_delay",
    "between_stage_delay",
)

TIMING = {"frequency", "scheduled_time", "anchor_day"}
"""The fields from which it follows when a schedule is due."""

_COLUMNS = inspect(LineConfig).column_attrs


@dataclass(frozen=True)
class Looked:
    """What a config would be like with some fields changed: what is wrong with which, and when it would run.

    `upcoming` are the next instants in UTC, whether or not the schedule is on; none where a field that
    they follow from is wrong.
    """

    wrong: Mapping[str, str]
    upcoming: Sequence[datetime]


@dataclass(frozen=True)
class Automation:
    """Reads and changes configs; one is made with its defaults when it is first asked for."""

    store: Store
    control: Control

    async def config(self, workspace_id: int, site_id: int, line: str) -> dict[str, Any]:
        """The config as the API shows it. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            config, _ = await self.read(session, workspace_id, site_id, line)
            return self._shown(config)

    async def change(
        self, workspace_id: int, site_id: int, line: str, facts: dict[str, Any]
    ) -> dict[str, Any]:
        """Changes the fields given, and plans the next run anew. Raises `Invalid`, `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            config, site = await self.read(session, workspace_id, site_id, line, keep_zone=True)
            for name, value in facts.items():
                self._set(config, name, value)
            if {"frequency", "anchor_day"} & facts.keys():
                _fitting(config)
            plan(config, site.timezone, self.control.runner.clock.now())
            return self._shown(config)

    async def look_at(
        self, workspace_id: int, site_id: int, line: str, facts: Mapping[str, Any], upcoming: int = 5
    ) -> Looked:
        """Looks at fields that are about to be changed, and changes nothing. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            kept, site = await self.read(session, workspace_id, site_id, line)
            config = LineConfig(**{column.key: getattr(kept, column.key) for column in _COLUMNS})
            wrong: dict[str, str] = {}
            for name, value in facts.items():
                try:
                    self._set(config, name, value)
                except Invalid as error:
                    wrong[error.field] = str(error)
            try:
                _fitting(config)
            except Invalid as error:
                wrong.setdefault(error.field, str(error))
        if wrong.keys() & TIMING:
            return Looked(wrong, [])
        return Looked(wrong, _upcoming(config, site.timezone, self.control.runner.clock.now(), upcoming))

    async def settings(
        self, session: AsyncSession, workspace_id: int, site_id: int, line: str
    ) -> tuple[dict[str, Any], Site]:
        """What a run started now would keep of the config, and the site."""
        config, site = await self.read(session, workspace_id, site_id, line)
        return run_settings(config), site

    async def read(
        self, session: AsyncSession, workspace_id: int, site_id: int, line: str, *, keep_zone: bool = False
    ) -> tuple[LineConfig, Site]:
        """The config's row and its site, within the caller's transaction. Raises `NotFound`.

        With `keep_zone` the site cannot move to another time zone until that transaction ends.
        """
        if line not in self.control.runner.lines:
            raise NotFound("line")
        lock = {"read": True} if keep_zone else None
        site = await session.get(Site, (workspace_id, site_id), with_for_update=lock)
        if site is None or site.archived_at is not None:
            raise NotFound("site")
        key = {"workspace_id": workspace_id, "site_id": site_id, "line": line}
        config = await session.get(LineConfig, tuple(key.values()))
        if config is None:
            await session.execute(insert(LineConfig).values(key).on_conflict_do_nothing())
            config = (await session.scalars(select(LineConfig).filter_by(**key))).one()
        return config, site

    def line(self, name: str) -> Line:
        return self.control.runner.lines[name]

    def _set(self, config: LineConfig, name: str, value: Any) -> None:
        if name in PLAIN:
            setattr(config, name, _checked(name, value))
        elif (number := self._stage_number(config.line, name)) is not None:
            if not _whole(value) or not 1 <= value <= LARGEST_BATCH:
                raise Invalid(name, f"A batch size is a whole number from 1 to {LARGEST_BATCH}.")
            config.batch_sizes = {**config.batch_sizes, str(number): value}
        else:
            raise Invalid(name, f"The config has no `{name}` that can be set.")

    def _stage_number(self, line: str, name: str) -> int | None:
        for stage in self.line(line).shown():
            if stage.kind != "Manual" and name == f"stage_{stage.number}_batch_size":
                return stage.number
        return None

    def _shown(self, config: LineConfig) -> dict[str, Any]:
        sizes = {
            f"stage_{stage.number}_batch_size": int(
                config.batch_sizes.get(str(stage.number), stage.policy.batch_size)
            )
            for stage in self.line(config.line).shown()
            if stage.kind != "Manual"
        }
        return {
            "site_id": config.site_id,
            "line": config.line,
            **{name: getattr(config, name) for name in PLAIN},
            **sizes,
            "last_run_at": config.last_run_at,
            "next_run_at": config.next_run_at,
        }


def _upcoming(config: LineConfig, zone: str, now: datetime, most: int) -> list[datetime]:
    """The next instants of the schedule; none where its zone is none on this machine."""
    try:
        schedule = schedule_of(config, zone)
    except (ValueError, ZoneInfoNotFoundError):
        return []
    found = [schedule.next_after(now)]
    while len(found) < most:
        found.append(schedule.next_after(found[-1]))
    return found


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _checked(name: str, value: Any) -> Any:
    if name == "is_enabled" and not isinstance(value, bool):
        raise Invalid(name, "Either true or false.")
    if name == "frequency" and value not in FREQUENCIES:
        raise Invalid(name, f"One of {', '.join(FREQUENCIES)}.")
    if name == "scheduled_time":
        try:
            parse_time(str(value))
        except ValueError as error:
            raise Invalid(name, str(error)) from error
    if name == "anchor_day" and not (_whole(value) and 1 <= value <= 31):
        raise Invalid(name, "The weekday, 1 (Monday) to 7, or the day of the month, 1 to 31.")
    if name.endswith("_delay") and not (_whole(value) and 0 <= value <= LONGEST_DELAY):
        raise Invalid(name, f"Whole seconds, 0 to {LONGEST_DELAY}.")
    return value


def _fitting(config: LineConfig) -> None:
    """Raises `Invalid` where the day is none of the frequency's, be it given now or kept from before."""
    if config.frequency == "weekly" and config.anchor_day > LAST_WEEKDAY:
        raise Invalid(
            "anchor_day",
            f"A weekly schedule's day is 1 (Monday) to 7, and it would be {config.anchor_day}. "
            "Give the day together with the frequency.",
        )
