"""One order of all topics: a score of 100 at most, in parts that each say in words what they rest on."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nightdesk.desk.results.learning import Learned
from nightdesk.kit.text import shorten
from nightdesk.quality.words import content_words
from nightdesk.store.growth import arm_of
from nightdesk.store.tables.feeds import Topic

FRESH, TOLD, FIT, TREND, PAST, DISTANCE = 25.0, 20.0, 25.0, 10.0, 10.0, 10.0
"""The most that each part gives."""

HALF_LIFE = timedelta(hours=36)
"""After which a story's freshness is half of what it was."""

TIMELESS = 0.5
"""Freshness of what nobody published: lists, proposals and plans do not age."""

MANY = 8
"""Sources from which more tell nothing."""

FULL_FIT = 2.0
"""Weight of words of the subject that is all that is asked for: two of its own, or three searched for."""

LIKE = 0.3
"""Share of words that two titles have in common from which their pieces are called alike."""

SAID = 0.8
"""Share of words that a title has in common with a piece from which its story was said."""

_PLANNED = {"list": "typed or imported", "llm": "proposed by the model", "planner": "planned by the site"}
_GOOD, _BAD = frozenset(("approved", "published")), frozenset(("rejected", "sent_back"))


@dataclass(frozen=True)
class Part:
    """One reason: at most so many points, and a sentence with its figures."""

    code: str
    points: float
    says: str


@dataclass(frozen=True)
class Piece:
    """An article of the site: its title's stems, and what was decided on it."""

    title: str
    stems: frozenset[str]
    status: str


class Material:
    """What the topics of one site are weighed against; made once for many of them."""

    def __init__(
        self,
        subject: Sequence[str],
        keywords: Sequence[tuple[str, int]],
        pieces: Sequence[tuple[str, str]],
        learned: Learned | None = None,
    ) -> None:
        """`subject`: texts that say what the site is on; `keywords` with searches a month; `pieces` with
        their status, the newest first; `learned` where the site follows its results."""
        self.learned = learned
        self.subject = frozenset().union(*(content_words(text) for text in subject))
        self.searched = [
            (phrase, volume, stems) for phrase, volume in keywords if (stems := content_words(phrase))
        ]
        self._of_stem: dict[str, list[int]] = {}
        for at, (_, _, stems) in enumerate(self.searched):
            # Under its longest stem: the one that fewest other phrases have.
            self._of_stem.setdefault(max(stems, key=lambda stem: (len(stem), stem)), []).append(at)
        self.weights = {stem: 0.65 for _, _, stems in self.searched for stem in stems}
        self.weights |= dict.fromkeys(self.subject, 1.0)
        self.pieces = [Piece(title, content_words(title), status) for title, status in pieces]
        self._told: dict[str, list[int]] = {}
        for at, piece in enumerate(self.pieces):
            for stem in piece.stems:
                self._told.setdefault(stem, []).append(at)

    def keywords_in(self, said: frozenset[str]) -> list[tuple[str, int]]:
        """The keywords all of whose words are among these, the most searched first."""
        found = {at for stem in said for at in self._of_stem.get(stem, ()) if self.searched[at][2] <= said}
        return sorted(((self.searched[at][0], self.searched[at][1]) for at in found), key=lambda k: -k[1])

    def near(self, title: frozenset[str]) -> list[tuple[float, Piece]]:
        """The pieces that share words with a title, the nearest first, with the share of all their words."""
        shared = Counter(at for stem in title for at in self._told.get(stem, ()))
        found = [(n / len(title | self.pieces[at].stems), self.pieces[at]) for at, n in shared.items()]
        return sorted(found, key=lambda one: -one[0])


def score(topic: Topic, material: Material, now: datetime) -> tuple[float, list[dict[str, Any]]]:
    """The score from 0 to 100, and its reasons, whose points add up to it exactly."""
    title = content_words(topic.title)
    near = material.near(title)
    parts = (
        _fresh(topic, now),
        _told(topic, now),
        _fit(title, content_words(topic.summary), material),
        _trend(topic),
        _past(near) if material.learned is None else _grown(near, topic, title, material.learned),
        _distance(near),
    )
    # In tenths, so that what is shown adds up as it is shown.
    tenths = [round(part.points * 10) for part in parts]
    reasons = [
        {"code": part.code, "points": n / 10, "says": part.says}
        for part, n in zip(parts, tenths, strict=True)
    ]
    return sum(tenths) / 10, reasons


def was_said(topic: Topic, material: Material) -> bool:
    """Whether the site has a piece of nearly that title, of those that were not rejected or sent back.

    Of what nobody planned alone: who types a topic means it.
    """
    if topic.source in _PLANNED or topic.idea_id is not None:
        return False
    near = material.near(content_words(topic.title))
    return any(likeness >= SAID for likeness, piece in near if piece.status not in _BAD)


def _fresh(topic: Topic, now: datetime) -> Part:
    if topic.source in _PLANNED:
        says = f"It was {_PLANNED[topic.source]} and does not age."
        return Part("fresh", FRESH * TIMELESS, says)
    # A date in the future is a feed's mistake: then it counts from when it was first seen.
    told = topic.published_at if topic.published_at and topic.published_at <= now else topic.first_seen_at
    age = max(now - told, timedelta())
    points = FRESH * math.exp2(-(age / HALF_LIFE))
    return Part("fresh", points, f"It is {_span(age)} old.")


def _told(topic: Topic, now: datetime) -> Part:
    if topic.source in _PLANNED and topic.told_by <= 1:
        return Part("told", 0.0, "No source tells it yet.")
    share = math.log2(min(topic.told_by, MANY) + 1) / math.log2(MANY + 1)
    within = _span(max(now - topic.first_seen_at, timedelta()))
    sources = "1 source" if topic.told_by == 1 else f"{topic.told_by} sources"
    return Part("told", TOLD * share, f"Told by {sources} within {within}.")


def _fit(title: frozenset[str], summary: frozenset[str], material: Material) -> Part:
    if not material.weights:
        return Part("fit", FIT / 2, "The site has no subject and no keywords yet to weigh it by.")
    weights = material.weights
    weight = sum(weights.get(stem, 0.0) for stem in title)
    weight += sum(weights.get(stem, 0.0) for stem in summary - title) / 4
    points = FIT * min(weight / FULL_FIT, 1.0)
    searched = material.keywords_in(title | summary)
    if searched:
        phrase, volume = searched[0]
        return Part("fit", points, f"It answers “{phrase}”, searched {volume:,} times a month.")
    shared = len((title | summary) & weights.keys())
    if not shared:
        return Part("fit", points, "None of its words belongs to the site's subject.")
    says = "1 of its words belongs" if shared == 1 else f"{shared} of its words belong"
    return Part("fit", points, f"{says} to the site's subject or keywords.")


def _trend(topic: Topic) -> Part:
    if topic.trend <= 0:
        return Part("trend", 0.0, "It is not among what is much talked of.")
    share = min(topic.trend, 1.0)
    return Part("trend", TREND * share, f"Talked of more than {share:.0%} of what trends where it was found.")


def _past(near: Sequence[tuple[float, Piece]]) -> Part:
    alike = [piece for likeness, piece in near if likeness >= LIKE]
    good = sum(piece.status in _GOOD for piece in alike)
    bad = sum(piece.status in _BAD for piece in alike)
    if not good + bad:
        return Part("past", PAST / 2, "No piece like it was decided on yet.")
    points = PAST / 2 + PAST / 2 * (good - bad) / (good + bad + 2)
    return Part("past", points, f"Of {good + bad} pieces like it {good} were approved.")


def _grown(
    near: Sequence[tuple[float, Piece]], topic: Topic, title: frozenset[str], learned: Learned
) -> Part:
    """As `_past`, moved by how pieces like it did; a trial by how little is known of that."""
    usual, arm = _past(near), arm_of(f"{topic.site_id}:{topic.normal}")
    if arm == "held":
        return Part(
            "past", usual.points, f"{usual.says} It is left alone, to see what following results does."
        )
    subject = learned.subject(title)
    if arm == "trial":
        sure = subject.believed.weight if subject else 0.0
        says = "It is a trial: what is known least comes first."
        return Part("past", PAST * (1 - sure), says)
    if subject is None:
        return Part("past", usual.points, f"{usual.says} Nothing like it has results yet.")
    found = subject.believed
    points = min(max(usual.points + PAST / 2 * math.tanh(found.estimate), 0.0), PAST)
    pieces = _counted(found.count, "piece")
    says = (
        f"{pieces[:1].upper()}{pieces[1:]} like it reached {math.exp(found.mean):.1f} times what is usual, "
        f"of which {found.weight:.0%} is believed."
    )
    return Part("past", points, says)


def _distance(near: Sequence[tuple[float, Piece]]) -> Part:
    if not near:
        return Part("distance", DISTANCE, "The site has said nothing like it.")
    likeness, piece = near[0]
    # Two titles that share six words of ten say the same to a reader.
    points = DISTANCE * max(1 - likeness / 0.6, 0.0)
    title = shorten(piece.title, 60)
    return Part("distance", points, f"The nearest piece, “{title}”, shares {likeness:.0%} of its words.")


def _span(age: timedelta) -> str:
    minutes = max(round(age.total_seconds() / 60), 1)
    if minutes < 60:
        return _counted(minutes, "minute")
    hours = round(minutes / 60)
    return _counted(hours, "hour") if hours < 48 else _counted(round(hours / 24), "day")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
