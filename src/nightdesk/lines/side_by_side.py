"""Does the same for several items at once, within one batch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from nightdesk.kit.endings import Ending

X = TypeVar("X")
Y = TypeVar("Y")


async def each(items: Sequence[X], act: Callable[[X], Awaitable[Y]]) -> list[Y]:
    """What `act` makes of each item, in order. The first ending ends the others too, and is raised."""
    if len(items) == 1:
        return [await act(items[0])]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_awaited(act(item))) for item in items]
    except* Ending as endings:
        raise _first(endings) from None
    return [task.result() for task in tasks]


async def _awaited(awaitable: Awaitable[Y]) -> Y:
    return await awaitable


def _first(group: BaseExceptionGroup[Ending]) -> Ending:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found
