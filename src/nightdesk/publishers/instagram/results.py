"""How reels did: likes and comments by what publishing is allowed with, views and shares by a right more.

https://developers.facebook.com/docs/instagram-platform/reference/instagram-media/insights
"""

from collections.abc import Mapping, Sequence
from typing import Any

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.publishers.instagram.graph import Graph
from nightdesk.publishers.results import Measured, counted


async def measured(graph: Graph, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
    """One after the other, as the interface has it. Raises `Later`, `NeedsPerson`.

    Without the right `instagram_manage_insights`, and while a reel has too few viewers, views are not told.
    """
    found: dict[str, Measured] = {}
    may = True
    for number in remote_ids:
        try:
            media = await graph.get(number, "Asks how it did.", fields="like_count,comments_count")
        except Refused:
            # It was deleted there.
            continue
        more: Mapping[str, int | None] = {}
        if may:
            try:
                more = await _insights(graph, number)
            except (NeedsPerson, Refused):
                may = False
        found[number] = Measured(
            views=more.get("views"),
            likes=counted(media.get("like_count")),
            comments=counted(media.get("comments_count")),
            shares=more.get("shares"),
        )
    return found


async def _insights(graph: Graph, number: str) -> Mapping[str, int | None]:
    said = await graph.get(f"{number}/insights", "Asks how often it was seen.", metric="views,shares")
    rows = said.get("data")
    return {str(row.get("name")): _value(row) for row in rows or () if isinstance(row, dict)}


def _value(row: Mapping[str, Any]) -> int | None:
    try:
        return counted(row["values"][0]["value"])
    except (KeyError, IndexError, TypeError):
        return None
