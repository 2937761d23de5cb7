"""Crashes the database while a worker stands at a point, and starts it again."""

import signal
import time
from collections.abc import Sequence
from typing import Any

from sweep.attempt import Slot, Undisturbed
from sweep.kills import end
from sweep.sweeping import Result

AWAY = 0.15
"""Seconds that the worker meets a database that is not there."""


def crash_database(slot: Slot, usual: Undisturbed, points: Sequence[int], **facts: Any) -> Result:
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
        case = f"ONLY={points[0]}"
        what = ", ".join(usual.points[point - 1] for point in points if point <= len(usual.points))
        return Result(case, what, bool(crashes), attempt.violations, crashes, log=attempt.said())
