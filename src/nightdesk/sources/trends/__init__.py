"""What is talked of just now: each place that tells it is one small file, known here by its name."""

from collections.abc import Mapping, Sequence

from nightdesk.kit.http.fetch import Fetcher
from nightdesk.sources.trends.contract import Read, Trend, TrendSource, TrendsRefused, Wanted
from nightdesk.sources.trends.google import GoogleTrends
from nightdesk.sources.trends.hackernews import HackerNews
from nightdesk.sources.trends.mcp import Answering, ToolServers
from nightdesk.sources.trends.reddit import Reddit
from nightdesk.sources.trends.tool_server import ToolServer

__all__ = [
    "Answering",
    "ToolServer",
    "ToolServers",
    "Trend",
    "TrendSource",
    "TrendsRefused",
    "Wanted",
    "open_trends",
]


def open_trends(
    fetcher: Fetcher, read: Read, servers: Sequence[ToolServer] = ()
) -> Mapping[str, TrendSource]:
    """Every source of trends by its name."""
    sources: tuple[TrendSource, ...] = (
        HackerNews(fetcher),
        GoogleTrends(fetcher, read),
        Reddit(fetcher, read),
        ToolServers(servers),
    )
    return {source.name: source for source in sources}
