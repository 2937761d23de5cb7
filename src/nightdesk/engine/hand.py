"""What a worker holds while it does a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nightdesk.kit.endings import Ending
from nightdesk.providers.calls import ListMeter
from nightdesk.stage import Bench, Stage
from nightdesk.store.tables.runs import Batch, Run
from nightdesk.store.tables.tenancy import Site


@dataclass
class Hand:
    """A batch taken, as it was read then; `ending` is set where it ended before the work could begin."""

    batch: Batch
    run: Run
    site: Site
    stage: Stage[Any]
    items: Sequence[Any]
    meter: ListMeter
    bench: Bench | None = None
    material: Any = None
    ending: Ending | None = None
