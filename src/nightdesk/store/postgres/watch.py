"""Brings the embedded server back when it dies under a running process."""

import asyncio
import logging

from nightdesk.kit.clock import Clock
from nightdesk.store.postgres.errors import DatabaseUnavailable
from nightdesk.store.postgres.supervisor import EmbeddedPostgres

GIVE_UP = 60.0
"""Seconds of starts that fail; a server may well be killed again while it is coming back."""

_log = logging.getLogger(__name__)


async def keep_running(server: EmbeddedPostgres, clock: Clock, every: float = 1.0) -> None:
    """Looks every so many seconds and starts the server again when none lives; runs until cancelled.

    Raises `DatabaseUnavailable` when it could not be started for a minute. A thousand looks cost about 10 ms.
    """
    well = clock.monotonic()
    while True:
        await clock.sleep(every)
        try:
            if not await asyncio.to_thread(server.is_alive):
                await asyncio.to_thread(server.start)
            well = clock.monotonic()
        except DatabaseUnavailable as error:
            if clock.monotonic() - well > GIVE_UP:
                raise
            _log.warning("postgres.start_failed", extra={"why": str(error)})
