"""How posts on X did, for accounts whose owners pay for that: X charges for each post that is read."""

from collections.abc import Mapping, Sequence

from nightdesk.kit.endings import Later
from nightdesk.publishers.results import Measured, counted
from nightdesk.publishers.x.calls import complaint
from nightdesk.publishers.x.publisher import XPublisher

COST = 0.005
"""Dollars of a post that is read (https://docs.x.com/x-api/getting-started/pricing)."""


class CountedX(XPublisher):
    """An account that may be read as well."""

    async def measure(self, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
        """Raises `Later`, `NeedsPerson`. https://docs.x.com/x-api/fundamentals/metrics"""
        asked = {
            "ids": ",".join(one for one in remote_ids if one.isascii() and one.isdecimal()),
            "tweet.fields": "public_metrics",
        }
        if not asked["ids"]:
            return {}
        said = await self._x.ask("GET", "/2/tweets", "Asks how its posts did.", params=asked)
        if not said.well:
            raise Later(f"X does not tell how posts did: {complaint(said)}")
        rows = said.at("data")
        return {
            str(row.get("id")): _measured(row.get("public_metrics"))
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, Mapping)
        }


def _measured(metrics: object) -> Measured:
    """Quotes are shares with words of one's own."""
    told = metrics if isinstance(metrics, Mapping) else {}
    shared = [counted(told.get(name)) for name in ("retweet_count", "quote_count")]
    known = [one for one in shared if one is not None]
    return Measured(
        views=counted(told.get("impression_count")),
        likes=counted(told.get("like_count")),
        comments=counted(told.get("reply_count")),
        shares=sum(known) if known else None,
    )
