"""The tables, one file an area; importing this package makes all of them known."""

from nightdesk.store.tables import (
    access,
    automation,
    feeds,
    gate,
    library,
    money,
    notices,
    occasions,
    people,
    planner,
    retention,
    runs,
    sections,
    storage,
    tenancy,
    workers,
    writer,
)
from nightdesk.store.tables.columns import Table

__all__ = [
    "Table",
    "access",
    "automation",
    "feeds",
    "gate",
    "library",
    "money",
    "notices",
    "occasions",
    "people",
    "planner",
    "retention",
    "runs",
    "sections",
    "storage",
    "tenancy",
    "workers",
    "writer",
]
