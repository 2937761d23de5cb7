"""What a new piece should be like, by what a site's results teach; with the reasons, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from math import exp

from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.results.credibility import Believed
from nightdesk.desk.results.hooks import HOOKS, OPENINGS, of_videos, tried_forms
from nightdesk.desk.results.learning import Learned, learned_of
from nightdesk.quality.words import content_words
from nightdesk.store import growth
from nightdesk.store.growth import SLICES, Arm, arm_of, slice_of
from nightdesk.store.tables.feeds import Topic
from nightdesk.store.tables.tenancy import Site

UNTRIED = Believed(0.0, 0, 0.0, 0.0)


@dataclass(frozen=True)
class Advice:
    """What a new piece of a site should be like. Empty where nothing is known to do better than usual.

    `arm` is None where results are not followed. `hook` is one of `OPENINGS`, `format` as `format_of` words
    it, `hours` the hours of the day by platform, the best first, in the site's zone; `why` are sentences.
    """

    arm: Arm | None = None
    hook: str = ""
    format: str = ""
    hours: Mapping[str, Sequence[int]] = field(default_factory=dict)
    why: Sequence[str] = ()

    @property
    def opening(self) -> str:
        """What a writer is asked for; empty where it is free."""
        return OPENINGS.get(self.hook, "")

    @property
    def because(self) -> str:
        """The reasons in one line, with a space before them; empty where results are not followed."""
        return "".join(f" {one}" for one in self.why) if self.arm is not None else ""


@dataclass(frozen=True)
class Piece:
    """A piece to be: its kind (`article`, `video`), the title of what it is about, and what deals it out."""

    kind: str
    title: str
    key: str

    @classmethod
    def on(cls, topic: Topic, kind: str) -> "Piece":
        return cls(kind, topic.title, f"{topic.site_id}:{topic.normal}")


async def advised(
    session: AsyncSession, site: Site, piece: Piece, now: datetime, usual: Mapping[str, Sequence[int]]
) -> Advice:
    """For a piece of the site. `usual`: the hours by platform that a trial of hours goes through."""
    if not await growth.follows(session, site.workspace_id, site.id):
        return Advice(why=("The site does not follow its results.",))
    return advice(await learned_of(session, site, now), arm_of(piece.key), piece, usual)


def advice(
    learned: Learned, arm: Arm, piece: Piece, usual: Mapping[str, Sequence[int]] | None = None
) -> Advice:
    """What is known, for a piece of that part."""
    if arm == "held":
        says = "It belongs to the tenth that is left as it is, to see whether following results helps."
        return Advice(arm, why=(says,))
    hooks = {name: learned.hooks.get(name, UNTRIED) for name in OPENINGS}
    seen = {name: one for name, one in learned.formats.items() if of_videos(name) == (piece.kind == "video")}
    if arm == "worked":
        hook, form = _best(hooks), _best(seen)
    else:
        hook = _tried(hooks, f"hook:{piece.key}")
        form = _tried(dict.fromkeys(tried_forms(seen), UNTRIED) | seen, f"form:{piece.key}")
    why = [_of_arm(arm)]
    if hook:
        why.append(_why(f"Beginning with {HOOKS[hook]}", hooks[hook]))
    if form:
        why.append(_why(f"The form “{form}”", seen.get(form, UNTRIED)))
    if piece.title and (subject := learned.subject(content_words(piece.title))):
        why.append(_why(f"Pieces like “{subject.title}”", subject.believed))
    platforms = sorted({name for name, _ in learned.hours} | set(usual or {}))
    hours = {
        name: found
        for name in platforms
        if (found := hours_for(learned, name, arm, (usual or {}).get(name, ())))
    }
    return Advice(arm, hook, form, hours, why)


def hours_for(learned: Learned, platform: str, arm: Arm, usual: Sequence[int] = ()) -> list[int]:
    """Hours to try before the usual ones: the best first; of a trial the usual ones, the least known first.

    None for what is left alone, and where nothing is known to do better than usual.
    """
    known = {hour: one for (name, hour), one in learned.hours.items() if name == platform}
    if arm == "trial":
        place = {hour: at for at, hour in enumerate(usual)}
        return sorted(place, key=lambda hour: (known.get(hour, UNTRIED).count, place[hour]))
    if arm == "held":
        return []
    good = [(one.estimate, hour) for hour, one in known.items() if one.estimate > 0]
    return [hour for _, hour in sorted(good, key=lambda pair: (-pair[0], pair[1]))]


def _best(of: Mapping[str, Believed]) -> str:
    found = max(of.items(), key=lambda one: (one[1].estimate, one[0]), default=None)
    return found[0] if found and found[1].estimate > 0 else ""


def _tried(of: Mapping[str, Believed], key: str) -> str:
    """One of them, the likelier the less is known of it; by what the piece is dealt out by, so that asking
    again gives the same. Nothing where there is no choice."""
    if len(of) < 2:
        return ""
    weights = {name: 1 / (1 + one.count) for name, one in sorted(of.items())}
    at = slice_of(key) / SLICES * sum(weights.values())
    sums = accumulate(weights.values())
    return next(name for name, reached in zip(weights, sums, strict=True) if at < reached)


def _of_arm(arm: Arm) -> str:
    if arm == "trial":
        return "It is one of the three in ten that try what is known least."
    return "It is one of the seven in ten that follow what worked."


def _why(what: str, one: Believed) -> str:
    if not one.count:
        return f"{what} was not tried yet."
    pieces = "1 piece" if one.count == 1 else f"{one.count} pieces"
    return (
        f"{what} reached {exp(one.mean):.1f} times what is usual, over {pieces}; of that {one.weight:.0%} is "
        f"believed, so {exp(one.estimate):.1f} times."
    )
