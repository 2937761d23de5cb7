"""How long commands end: Ctrl-C or SIGTERM asks for an orderly end, a second one for an end at once."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine, Iterator
from typing import Any

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """What the parts of a process look at to know that they shall end."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.at_once = asyncio.Event()

    def ask(self) -> None:
        """The first time for an orderly end, after that for an end at once."""
        (self.at_once if self.asked.is_set() else self.asked).set()

    @contextlib.contextmanager
    def on_signals(self) -> Iterator[None]:
        """Asks at each signal while the block runs."""
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.ask)
        try:
            yield
        finally:
            for number in SIGNALS:
                loop.remove_signal_handler(number)


async def run_together(stopping: Stopping, *parts: Coroutine[Any, Any, None]) -> None:
    """Runs the parts until all have ended. One that fails ends the others, and its error is raised."""
    tasks = [asyncio.create_task(part) for part in parts]
    hurry = asyncio.create_task(stopping.at_once.wait())
    whole = asyncio.gather(*tasks)
    either: set[asyncio.Future[Any]] = {whole, hurry}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if whole.done():
            whole.result()
    finally:
        for task in (*tasks, hurry):
            task.cancel()
        await asyncio.gather(*tasks, hurry, whole, return_exceptions=True)


async def until_asked(stopping: Stopping, work: Coroutine[Any, Any, None]) -> None:
    """Runs `work` and cancels it as soon as the process shall end."""
    task = asyncio.create_task(work)
    asked = asyncio.create_task(stopping.asked.wait())
    try:
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        task.cancel()
        asked.cancel()
        await asyncio.gather(task, asked, return_exceptions=True)
