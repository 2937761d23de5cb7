"""Keeps child processes of this command alive, and sees to it that none outlives it."""

import asyncio
import logging
import os
import sys
from collections.abc import Sequence

from nightdesk.faces.cli.stopping import Stopping
from nightdesk.kit.clock import Clock

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between the end of a child and its next start; doubled each time."""

STEADY = 60.0
"""Seconds after which a child counts as well, so that the next pause is a short one again."""

LAST_WAIT = 10.0
"""Seconds that an orphaned child gets to finish what it has in hand."""

_log = logging.getLogger(__name__)


def ours(*arguments: str) -> list[str]:
    """The command line that starts this program again with other arguments."""
    return [sys.executable, "-m", "nightdesk", *arguments]


async def keep(command: Sequence[str], name: str, stopping: Stopping, clock: Clock) -> None:
    """Runs the command, again and again when it ends by itself, until told to stop."""
    pause = FIRST_PAUSE
    while not stopping.asked.is_set():
        began = clock.monotonic()
        status = await _run(command, stopping)
        if stopping.asked.is_set():
            return
        if clock.monotonic() - began > STEADY:
            pause = FIRST_PAUSE
        _log.warning("child.ended", extra={"child": name, "status": status, "again_in": pause})
        try:
            await asyncio.wait_for(stopping.asked.wait(), pause)
        except TimeoutError:
            pause = min(pause * 2, LONGEST_PAUSE)


async def _run(command: Sequence[str], stopping: Stopping) -> int:
    """Runs the child to its end; passes the wish to stop on to it."""
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,  # closes when we die, however that happens
        start_new_session=True,  # a Ctrl-C meant for us is passed on in our own time
    )
    ended = asyncio.create_task(child.wait())
    try:
        await _either(ended, stopping.asked)
        if not ended.done():
            child.terminate()
            await _either(ended, stopping.at_once)
    finally:
        if child.returncode is None:
            child.kill()
        await asyncio.shield(ended)
    return ended.result()


async def _either(ended: asyncio.Task[int], event: asyncio.Event) -> None:
    wish = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({ended, wish}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        wish.cancel()


async def stop_with_parent(stopping: Stopping) -> None:
    """For the child: asks for the end when its standard input closes, that is when its parent is gone."""
    loop, gone = asyncio.get_running_loop(), asyncio.Event()

    def look() -> None:
        if not os.read(0, 4096):
            loop.remove_reader(0)
            gone.set()

    loop.add_reader(0, look)
    try:
        await gone.wait()
        stopping.ask()
        await asyncio.sleep(LAST_WAIT)
        stopping.ask()
    finally:
        loop.remove_reader(0)
