"""Which queue somebody works through: read from an address, and spelled into the addresses that lead on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from nightdesk.desk.errors import NotFound
from nightdesk.desk.paging import Order
from nightdesk.desk.review.queue import Asked, Queue, Worry
from nightdesk.desk.rows import Site
from nightdesk.faces.web.visit import Visit

STATES = {
    "review": "Waiting",
    "approved": "Approved",
    "sent_back": "Sent back",
    "rejected": "Rejected",
    "illustrating": "Being illustrated",
}
"""The states that can be looked at, and what each list is called."""

ORDERS = {
    "oldest": "Oldest first",
    "newest": "Newest first",
    "site": "By site",
    "title": "By title",
    "words": "Longest first",
}
WORRIES: Mapping[str, Worry] = {"serious": "serious", "clean": "clean"}
KINDS = {"": "All kinds", "article": "Articles", "video": "Videos"}
LONGEST_SEARCH = 200
BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class Looked:
    """A queue as the address says; whatever it says that there is not is as if it said nothing."""

    asked: Asked
    order: Order
    site: Site | None
    kind: str = ""

    @property
    def query(self) -> str:
        """As in an address, with what is not usual alone; empty, or `?…`."""
        return self.but()

    def but(self, **other: str) -> str:
        """The same with other values; an empty one leaves its part out."""
        facts = {
            "state": self.asked.state if self.asked.state != "review" else "",
            "site": self.site.slug if self.site else "",
            "kind": self.kind,
            "order": self.order.name if self.order.name != "oldest" else "",
            "checks": self.asked.worry or "",
            "search": self.asked.search,
        } | other
        given = {name: value for name, value in facts.items() if value}
        return f"?{urlencode(given)}" if given else ""


def looked_at(visit: Visit, sites: Sequence[Site]) -> Looked:
    """The queue of this visit."""
    query = visit.query
    site = next((one for one in sites if one.slug == query.get("site")), None)
    state = query.get("state", "")
    asked = Asked(
        state if state in STATES else "review",
        site.id if site else None,
        storable(query.get("search", ""))[:LONGEST_SEARCH],
        WORRIES.get(query.get("checks", "")),
    )
    kind = query.get("kind", "") if query.get("kind") in KINDS else ""
    return Looked(asked, Queue.orders.get(query.get("order", ""), Queue.orders["oldest"]), site, kind)


def storable(text: str) -> str:
    """Without what the database cannot look for."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode().strip()


def number_of(visit: Visit, name: str = "number") -> int:
    """A number in the path. Raises `NotFound` for one that is no row's."""
    number = int(visit.path[name])
    if not 1 <= number <= BIGGEST:
        raise NotFound("article")
    return number
