"""The growth rule: 70 % of what worked, 30 % trials, a holdout beside both; and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, hypot
from typing import Literal

from sqlalchemy.dialects.postgresql import insert

from nightdesk.desk.errors import Invalid
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import require
from nightdesk.desk.results.advising import hours_for
from nightdesk.desk.results.learning import Learned, learned_of
from nightdesk.kit.clock import Clock
from nightdesk.store import growth
from nightdesk.store.growth import ENOUGH, arm_of
from nightdesk.store.session import Store
from nightdesk.store.tables.results import Growth as Row

Mode = Literal["auto", "on", "off"]
MODES: tuple[Mode, ...] = ("auto", "on", "off")

ENOUGH_TO_TELL = 5
"""Pieces of a part below which nothing is said of how it did."""

SURELY = 1.959964
"""Standard errors by which two large parts must differ for that to be called more than chance (95 %)."""


@dataclass(frozen=True)
class Standing:
    """How the rule of a site stands, and what it goes by. `measured` is counted up to `enough`."""

    mode: Mode
    follows: bool
    measured: int
    enough: int
    learned: Learned
    says: str
    helps: str
    """Whether it helps, as far as the holdout tells."""


@dataclass(frozen=True)
class GrowthRule:
    """The rule of each site. `NotFound` where a site is not the workspace's."""

    store: Store
    clock: Clock

    async def show(self, workspace_id: int, site_id: int) -> Standing:
        """How it stands."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            mode = await growth.mode_of(session, workspace_id, site_id)
            count = await growth.measured(session, workspace_id, site_id)
            learned = await learned_of(session, site, self.clock.now())
        follows = mode == "on" or (mode == "auto" and count >= ENOUGH)
        known: Mode = next(one for one in MODES if one == mode)
        return Standing(known, follows, count, ENOUGH, learned, _standing(known, count), helps(learned))

    async def switch(self, by: Actor, site_id: int, mode: str) -> None:
        """Sets it `on`, `off`, or `auto`: on once there are enough results.

        Raises `Invalid`, `NotAllowed`.
        """
        require(by, "editor")
        if mode not in MODES:
            raise Invalid("mode", f"One of {', '.join(MODES)}.")
        async with self.store.workspace(by.workspace_id) as session:
            site = await site_of(session, by.workspace_id, site_id)
            if await growth.mode_of(session, by.workspace_id, site_id) == mode:
                return
            now = self.clock.now()
            new = insert(Row).values(workspace_id=by.workspace_id, site_id=site_id, mode=mode, changed_at=now)
            await session.execute(
                new.on_conflict_do_update(
                    index_elements=["workspace_id", "site_id"], set_={"mode": mode, "changed_at": now}
                )
            )
            await note(session, by.workspace_id, by, "growth_switched", now, f"{site.name}: {mode}")

    async def hours(
        self, workspace_id: int, site_id: int, platform: str, day: date, usual: Sequence[int] = ()
    ) -> list[int]:
        """Hours of that day to try before the usual ones, the best first; none where nothing is known.

        For what has no topic yet the day is dealt out: of ten days one is left to the usual hours; of the
        others seven in ten follow what worked, and three try the `usual` ones, the least known first.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            if not await growth.follows(session, workspace_id, site_id):
                return []
            learned = await learned_of(session, site, self.clock.now())
        arm = arm_of(f"{site_id}:{platform}:{day.isoformat()}")
        return hours_for(learned, platform, arm, usual)


def helps(learned: Learned) -> str:
    """What the holdout tells, with how far it is to be believed."""
    rule = [
        one
        for arm in ("worked", "trial")
        if (one := learned.arms.get(arm)) is not None and one.error is not None
    ]
    held = learned.arms.get("held")
    count = sum(one.count for one in rule)
    if held is None or held.error is None or held.count < ENOUGH_TO_TELL or count < ENOUGH_TO_TELL:
        had = held.count if held else 0
        return (
            f"Whether following results helps cannot be told yet: {had} of the pieces that it left alone "
            f"were read, and {ENOUGH_TO_TELL} are needed at least."
        )
    mean = sum(one.mean * one.count for one in rule) / count
    variance = sum((one.error or 0.0) ** 2 * one.count**2 for one in rule) / count**2
    apart, error = mean - held.mean, hypot(variance**0.5, held.error)
    sure = surely(_freedom((variance, count), (held.error**2, held.count)))
    told = (
        f"The {count} pieces that followed results reached {exp(apart):.1f} times what the {held.count} "
        "left alone did"
    )
    if abs(apart) < sure * error:
        return f"{told}; that may be chance, so go on before you judge."
    return f"{told}, which is more than chance (at 95 %)."


def _standing(mode: Mode, count: int) -> str:
    if mode == "off":
        return "It is off: topics, beginnings, forms and hours are chosen without regard to results."
    if mode == "on":
        return "It is on: topics, beginnings, forms and hours follow results as far as there are any."
    if count >= ENOUGH:
        return f"It is on by itself, since at least {ENOUGH} pieces have results."
    return f"It waits: {count} of the {ENOUGH} pieces that it begins with have results."


def surely(freedom: float) -> float:
    """Standard errors for 95 % with so many degrees of freedom, 3 or more: Student's t, to 2 %.

    The expansion of M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions" (1964), 26.7.5.
    """
    z = SURELY
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def _freedom(*of: tuple[float, int]) -> float:
    """Of the difference of two means, each with the variance of its mean and its count.

    B. L. Welch, "The generalization of Student's problem", Biometrika 34 (1947) 28-35.
    """
    whole = sum(variance for variance, _ in of)
    parts = sum(variance**2 / (count - 1) for variance, count in of)
    return max(whole**2 / parts, 3.0) if parts else 3.0
