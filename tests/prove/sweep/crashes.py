"""Crashes the database while a worker stands at a point, and starts it again."""

import signal
import time
from collections.abc import Sequence
from typing import Any

from sweep.attempt import Result, Slot, Undisturbed
from sweep.kills import end

AWAY = 0.15
"""Seconds that the worker meets a database that is not there."""


def crash_database(slot: Slot, usual: Undisturbed, points: Sequence[str], **facts: Any) -> Result:
    """The server ends at once, without a word to anybody, while the worker stands at each of the points."""
    with slot.attempt(**facts) as attempt:
        worker = attempt.start(arm={"freeze_at": list(points)})
        crashes = 0
        while crashes < len(points) and attempt.await_freeze(worker):
            crashes += 1
            slot.ground.postgres.crash()
            worker.tell(signal.SIGCONT)
            time.sleep(AWAY)
            slot.ground.postgres.start()
            attempt.reconnect()
            attempt.check_now()
            if worker.wait(AWAY) is not None and worker.wait(0) == 1 and not attempt.begun():
                worker = attempt.start()
        end(attempt, usual, crashes)
        return attempt.result(points[0], ", ".join(points), reached=bool(crashes), interrupts=crashes)
