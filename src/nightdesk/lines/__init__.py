"""The lines by name: ours, and those that other installed packages bring."""

from importlib.metadata import entry_points

from nightdesk.lines.article import ARTICLE
from nightdesk.lines.video import VIDEO
from nightdesk.stage import Line

GROUP = "nightdesk.lines"


def all_lines() -> dict[str, Line]:
    """Every line by its name. A package brings one as an entry point of the group `nightdesk.lines` that
    names a `Line`; ours cannot be replaced by it.
    """
    brought = [point.load() for point in entry_points(group=GROUP)]
    return {line.name: line for line in (*brought, ARTICLE, VIDEO)}
