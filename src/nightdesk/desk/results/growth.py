"""The growth rule: 70 % of what worked, 30 % trials, a holdout beside both; and why, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, hypot
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.people import Actor
from nightdesk.desk.people.book import note
from nightdesk.desk.people.roles import require
from nightdesk.desk.results.credibility import Believed
from nightdesk.desk.results.hooks import HOOKS
from nightdesk.desk.results.learning import Learned, learned_of
from nightdesk.kit.clock import Clock
from nightdesk.quality.words import content_words
from nightdesk.store import growth
from nightdesk.store.growth import ENOUGH, Arm, arm_of
from nightdesk.store.session import Store
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.results import Growth as Row

Mode = Literal["auto", "on", "off"]
MODES: tuple[Mode, ...] = ("auto", "on", "off")

ENOUGH_TO_TELL = 5
"""Pieces of a part below which nothing is said of how it did."""

SURELY = 1.96
"""Standard errors by which two parts must differ for that to be called more than chance (95 %)."""


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
class Advice:
    """What a new piece of a site should be like. Empty where nothing is known to do better than usual.

    `arm` is None where results are not followed. `hook` is one of `HOOKS`, `format` as `format_of` words
    it, `hours` the hours of the day by platform, the best first, in the site's zone; `why` are sentences.
    """

    arm: Arm | None
    hook: str
    format: str
    hours: Mapping[str, Sequence[int]]
    why: Sequence[str]


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

    async def advise(self, workspace_id: int, site_id: int, topic_id: int | None = None) -> Advice:
        """For the next piece, or for one on that topic. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            if not await growth.follows(session, workspace_id, site_id):
                return Advice(None, "", "", {}, ("The site does not follow its results.",))
            arm, topic = await growth.next_arm(session, workspace_id, site_id), None
            if topic_id is not None:
                of_it = (Topic.workspace_id == workspace_id, Topic.id == topic_id, Topic.site_id == site_id)
                topic = await session.scalar(select(Topic).where(*of_it))
                if topic is None:
                    raise NotFound("topic")
                arm = arm_of(f"{site_id}:{topic.normal}")
            learned = await learned_of(session, site, self.clock.now())
        return advice(learned, arm or "worked", topic.title if topic else "")

    async def hours(self, workspace_id: int, site_id: int, platform: str, day: date) -> list[int]:
        """Hours of that day to try before the usual ones, the best first; none where nothing is known.

        Of ten days, one is left to the usual hours; of the others seven in ten follow what worked, and three
        are trials of the usual hours: those that are known least come first.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            if not await growth.follows(session, workspace_id, site_id):
                return []
            learned = await learned_of(session, site, self.clock.now())
        return hours_for(learned, platform, arm_of(f"{site_id}:{platform}:{day.isoformat()}"))


def hours_for(learned: Learned, platform: str, arm: Arm) -> list[int]:
    """See `GrowthRule.hours`. A trial gives none: then the usual hours are gone through as they stand."""
    if arm != "worked":
        return []
    good = [
        (one.estimate, hour)
        for (name, hour), one in learned.hours.items()
        if name == platform and one.estimate > 0
    ]
    return [hour for _, hour in sorted(good, key=lambda pair: (-pair[0], pair[1]))]


def advice(learned: Learned, arm: Arm, title: str = "") -> Advice:
    """What is known, for a piece of that part."""
    if arm == "held":
        says = "It belongs to the tenth that is left as it is, to see whether following results helps."
        return Advice(arm, "", "", {}, (says,))
    choose = _best if arm == "worked" else _least_known
    hook, form = choose(learned.hooks), choose(learned.formats)
    why = [_of_arm(arm)]
    if hook:
        why.append(_why(f"Beginning with {HOOKS.get(hook, hook)}", learned.hooks[hook]))
    if form:
        why.append(_why(f"The form “{form}”", learned.formats[form]))
    if title and (subject := learned.subject(content_words(title))):
        why.append(_why(f"Pieces like “{subject.title}”", subject.believed))
    platforms = sorted({name for name, _ in learned.hours})
    hours = {name: found for name in platforms if (found := hours_for(learned, name, arm))}
    return Advice(arm, hook, form, hours, why)


def helps(learned: Learned) -> str:
    """What the holdout tells, with how far it is to be believed."""
    rule = [learned.arms[arm] for arm in ("worked", "trial") if arm in learned.arms]
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
    told = (
        f"The {count} pieces that followed results reached {exp(apart):.1f} times what the {held.count} "
        "left alone did"
    )
    if abs(apart) < SURELY * error:
        return f"{told}; that may be chance, so go on before you judge."
    return f"{told}, which is more than chance (at 95 %)."


def _standing(mode: Mode, count: int) -> str:
    if mode == "off":
        return "It is off: topics and hours are chosen without regard to results."
    if mode == "on":
        return "It is on: topics and hours follow results as far as there are any."
    if count >= ENOUGH:
        return f"It is on by itself, since at least {ENOUGH} pieces have results."
    return f"It waits: {count} of the {ENOUGH} pieces that it begins with have results."


def _best(of: Mapping[str, Believed]) -> str:
    found = max(of.items(), key=lambda one: (one[1].estimate, one[0]), default=None)
    return found[0] if found and found[1].estimate > 0 else ""


def _least_known(of: Mapping[str, Believed]) -> str:
    if len(of) < 2:
        return ""
    return min(of.items(), key=lambda one: (one[1].count, one[0]))[0]


def _of_arm(arm: Arm) -> str:
    if arm == "trial":
        return "It is one of the three in ten that try what is known least."
    return "It is one of the seven in ten that follow what worked."


def _why(what: str, one: Believed) -> str:
    pieces = "1 piece" if one.count == 1 else f"{one.count} pieces"
    return (
        f"{what} reached {exp(one.mean):.1f} times what is usual, over {pieces}; of that {one.weight:.0%} is "
        f"believed, so {exp(one.estimate):.1f} times."
    )
