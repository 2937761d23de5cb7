"""Calculates beside the event loop, one thing at a time.

Python runs one thread at a time: more than one that calculates makes nothing quicker, and each of them keeps
what the loop does, transactions that hold locks among it, waiting for its turn.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_THREAD = ThreadPoolExecutor(1, "calculating")


async def calculated(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` returns or raises; it is pure Python, reads nothing and waits for nothing."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, lambda: work(*args, **kwargs))
