"""The shapes of results: what was published and how it did, and the growth rule of a niche."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Literal

from nightdesk.desk.inputs import Input
from nightdesk.desk.results import DayResult, Insight, Mode, Ranked, Standing, Sums
from nightdesk.desk.rows import Site
from nightdesk.faces.api.row_shapes import Shown
from nightdesk.faces.api.shapes import Instant

Counts = Literal["views", "likes", "comments", "shares"]


class SumsShown(Shown):
    """The newest counts together; null where no platform told that number. `measured` are those that were
    read at all."""

    published: int
    measured: int
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None


class Summary(SumsShown):
    """Of what was published in the span; `gained` is what all pieces gained in it, older ones too."""

    first_day: date
    last_day: date
    gained: dict[Counts, int]

    @classmethod
    def of(cls, insight: Insight) -> "Summary":
        names: tuple[Counts, ...] = ("views", "likes", "comments", "shares")
        gained = {name: sum(day.of(name) for day in insight.days) for name in names}
        sums = SumsShown.model_validate(insight.sums).model_dump()
        return cls(first_day=insight.first, last_day=insight.last, gained=gained, **sums)


class DayShown(Shown):
    """A day: what went out on it, and what all pieces gained."""

    day: date
    published: int
    views: int
    likes: int
    comments: int
    shares: int

    @classmethod
    def of(cls, day: DayResult) -> "DayShown":
        names: tuple[Counts, ...] = ("views", "likes", "comments", "shares")
        return cls(day=day.day, published=day.published, **{name: day.of(name) for name in names})


class Trends(Shown):
    days: list[DayShown]


class RankedShown(Shown):
    """A piece by the publication of it that did best. `times` is 2.0 for twice what is usual of its account
    at its age, null where there is too little to compare it with; `says` tells that in words."""

    publication_id: int
    niche_id: int
    content_id: int | None
    video_id: int | None
    title: str
    platform: str
    url: str
    live_at: Instant
    read_at: Instant | None
    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    times: float | None
    says: str

    @classmethod
    def of(cls, one: Ranked) -> "RankedShown":
        row = one.publication
        named = ("content_id", "video_id", "title", "platform", "url", "live_at")
        facts = {name: getattr(row, name) for name in named}
        counts = {name: getattr(one, name) for name in ("views", "likes", "comments", "shares", "says")}
        times = None if one.times is None else round(one.times, 2)
        read_at = row.last.at if row.last else None
        return cls(
            publication_id=row.id, niche_id=row.site_id, read_at=read_at, times=times, **facts, **counts
        )


class Pieces(Shown):
    items: list[RankedShown]


class OfNiche(SumsShown):
    niche_id: int
    name: str
    slug: str

    @classmethod
    def of(cls, site: Site, sums: Sums) -> "OfNiche":
        facts = SumsShown.model_validate(sums).model_dump()
        return cls(niche_id=site.id, name=site.name, slug=site.slug, **facts)


class ByNiche(Shown):
    niches: list[OfNiche]


class ByPlatform(Shown):
    platforms: dict[str, SumsShown]

    @classmethod
    def of(cls, found: Mapping[str, Sums]) -> "ByPlatform":
        return cls(platforms={name: SumsShown.model_validate(sums) for name, sums in found.items()})


class Refreshed(Shown):
    """How many publications are read again by the desk within a minute or so."""

    asked: int
    message: str


class LearnedShown(Shown):
    """One kind of pieces: `times` what its `pieces` reached beside what is usual, `believed` the share of
    that which counts, `estimate` what is expected of the next one."""

    kind: str
    name: str
    pieces: int
    times: float
    believed: float
    estimate: float


class GrowthShown(Shown):
    """`follows` is whether what is made next follows results; `says` and `helps` tell in words."""

    niche_id: int
    mode: Mode
    follows: bool
    measured: int
    enough: int
    says: str
    helps: str
    learned: list[LearnedShown]

    @classmethod
    def of(cls, niche_id: int, standing: Standing) -> "GrowthShown":
        learned = standing.learned
        groups = {
            "hook": learned.hooks,
            "format": learned.formats,
            "hour": {f"{name} {hour:02}:00": one for (name, hour), one in learned.hours.items()},
            "topic": {one.title: one.believed for one in learned.subjects},
        }
        found = [
            LearnedShown(
                kind=kind,
                name=name,
                pieces=one.count,
                times=round(math.exp(one.mean), 2),
                believed=round(one.weight, 2),
                estimate=round(math.exp(one.estimate), 2),
            )
            for kind, group in groups.items()
            for name, one in group.items()
        ]
        names = ("mode", "follows", "measured", "enough", "says", "helps")
        facts = {name: getattr(standing, name) for name in names}
        return cls(niche_id=niche_id, learned=found, **facts)


class GrowthAsked(Input):
    """`auto` follows results once there are enough of them."""

    mode: Mode
