"""What notices say: plain sentences, with the link to the page where something can be done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

KINDS = {
    "run_finished": "A run is complete",
    "run_stopped": "A run failed or needs a person",
    "review": "Pieces wait for review",
    "held": "A publication is held, or was refused",
    "account": "An account's log-in ends, or it is disconnected",
    "auto_mode": "Auto mode waits for something",
    "budget": "A budget is reached, or credits are used up",
    "credits_low": "Credits run low",
    "summary": "A summary once a day",
}
"""What a target may want, in the order of the page."""


@dataclass(frozen=True)
class Words:
    """A notice's title and text."""

    title: str
    body: str


@dataclass(frozen=True)
class Ended:
    """A run as it came to its end or to a stop."""

    run_id: str
    site: str
    line: str
    results: Mapping[str, Any]
    credits: int
    new_at_gate: int = 0
    message: str = ""


@dataclass(frozen=True)
class Day:
    """What happened in the 24 hours before a summary, and what waits now."""

    until: datetime
    zone: str
    completed: int
    cancelled: int
    stopped: Sequence[str]
    written: int
    approved: int
    waiting: int
    credits: int
    usd: Decimal
    left: int
    live: int = 0
    held: int = 0
    planned: int = 0
    by_itself: Sequence[str] = ()


@dataclass(frozen=True)
class Wording:
    """`public_url`: where the pages are reached from elsewhere, without a slash at the end; or nothing."""

    public_url: str = ""

    def complete(self, ended: Ended, *, tells_of_review: bool) -> Words:
        """A run that is complete; with what it leaves at the gate where the target wants to know that."""
        waiting = tells_of_review and ended.new_at_gate
        title = f"{ended.site}: the run is complete"
        lines = [f"The {ended.line} run of {ended.site} is complete. It used {ended.credits:,} credits."]
        if aside := sum(int(result.get("failed", 0)) for result in ended.results.values()):
            lines.append(f"{_items(aside)} set aside with an error; they can be tried again from the line.")
        if waiting:
            title = f"{ended.site}: {_pieces(ended.new_at_gate)} for review"
            lines.append(f"It left {_pieces(ended.new_at_gate)} waiting for review.")
        page = "/review" if waiting else f"/runs/{ended.run_id}"
        return self._words(title, lines, page)

    def at_the_gate(self, ended: Ended) -> Words:
        """What a run left at the gate, for a target that does not want to hear of the run itself."""
        title = f"{ended.site}: {_pieces(ended.new_at_gate)} for review"
        left = f"left {_pieces(ended.new_at_gate)} waiting for review."
        return self._words(title, [f"The {ended.line} run of {ended.site} {left}"], "/review")

    def stopped(self, ended: Ended, *, failed: bool) -> Words:
        what = "failed" if failed else "waits for a person"
        lines = [
            f"The {ended.line} run of {ended.site} {what}.",
            ended.message,
            "What was finished is kept.",
        ]
        return self._words(f"{ended.site}: the run {what}", lines, f"/runs/{ended.run_id}")

    def stuck(self, number: int, title: str, says: str, *, held: bool) -> Words:
        """A publication that waits for a person: it may be out already, or its platform did not take it."""
        then = (
            "Nothing is sent again until somebody has looked whether it is out there."
            if held
            else "Nothing of it is out. Change what was refused, and publish it again."
        )
        named = f"“{title}”" if title else "A publication"
        what = "is held" if held else "was refused"
        return self._words(f"{named} {what}", [says, then], f"/publications/{number}")

    def waits(self, site: str, slug: str, says: str) -> Words:
        """Auto mode of a site that stands still; `says` has what it waits for, and when it goes on."""
        then = "What is approved and has its slot still goes out."
        return self._words(f"{site}: auto mode waits", [says, then], f"/sites/{slug}")

    def account(self, number: int, says: str, *, over: bool) -> Words:
        """An account whose log-in ends soon, or that can take nothing any more."""
        then = (
            "What is planned for it is kept, and goes out once it is connected again."
            if over
            else "Connect it again before that, and nothing waits."
        )
        return self._words(says.partition(": ")[0].rstrip("."), [says, then], f"/accounts/{number}")

    def credits_low(self, left: int, below: int) -> Words:
        lines = [
            f"{left:,} credits are left, fewer than the {below:,} that you asked to be told of.",
            "A run that cannot afford its next batch pauses, and goes on once there are credits again.",
        ]
        return self._words(f"{left:,} credits are left", lines, "/credits")

    def summary(self, day: Day) -> Words:
        """The last 24 hours; also of a day on which nothing ran, as the sign that the desk is there."""
        local = day.until.astimezone(ZoneInfo(day.zone))
        ran = day.completed + day.cancelled + len(day.stopped)
        lines = [
            f"In the last 24 hours {_runs(day.completed)} completed, {_pieces(day.written)} finished and "
            f"{_pieces(day.approved)} approved."
            if ran or day.written or day.approved
            else "In the last 24 hours nothing ran."
        ]
        if day.live or day.planned:
            went = f"{_pieces(day.live)} went out" if day.live else "Nothing went out"
            lines.append(f"{went}, and {_pieces(day.planned)} planned for the next 24 hours.")
        if day.held:
            lines.append(f"{_publications(day.held)} held until a person has looked.")
        if day.cancelled:
            lines.append(f"{_runs(day.cancelled)} cancelled.")
        lines += [f"{why} It waits for a person." for why in day.stopped]
        lines += day.by_itself
        if day.credits or day.usd:
            lines.append(f"That used {day.credits:,} credits and ${day.usd:.2f} at providers.")
        lines.append(f"{_pieces(day.waiting)} waiting for review. {day.left:,} credits are left.")
        return self._words(f"The night of {local:%A, %d %B}: {_pieces(day.waiting)} for review", lines, "/")

    def test(self, who: str) -> Words:
        lines = [f"This is a test that {who} asked for. Notices from here arrive at this address."]
        return self._words("A test from the night desk", lines, "/settings/notices")

    def _words(self, title: str, lines: Sequence[str], page: str) -> Words:
        link = [f"{self.public_url}{page}"] if self.public_url else []
        return Words(title[:200], "\n".join([*(line for line in lines if line), *link])[:3000])


def _pieces(n: int) -> str:
    return "1 piece" if n == 1 else f"{n:,} pieces"


def _publications(n: int) -> str:
    return "1 publication is" if n == 1 else f"{n:,} publications are"


def _items(n: int) -> str:
    return "1 item was" if n == 1 else f"{n:,} items were"


def _runs(n: int) -> str:
    return "1 run was" if n == 1 else f"{n:,} runs were"
