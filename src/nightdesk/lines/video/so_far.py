"""Tells how much of a stage's work on one video is done, from whatever thread does it."""

import asyncio
from collections.abc import Callable

from nightdesk.stage import Bench


def so_far(video_id: int, bench: Bench, upto: float = 1.0) -> Callable[[float], None]:
    """Takes shares from 0 to 1 without having anybody wait; `upto` is what all of them are of the stage."""
    loop = asyncio.get_running_loop()

    def tell(share: float) -> None:
        asyncio.run_coroutine_threadsafe(bench.studio.tell(video_id, share * upto), loop)

    return tell
