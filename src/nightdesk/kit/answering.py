"""The program's side of a standing child: reads questions, answers them, and keeps to its limits for each.

The standard library alone, and little of it: a child should start quickly.
"""

import os
import resource
import select
import struct
import sys
from collections.abc import Callable

_HEAD = struct.Struct(">I?")
_LENGTH = struct.Struct(">I")
_IDLE = 30.0
_OUT_OF_MEMORY = 70


def answer_all(
    answer: Callable[[bytes], bytes], *, cpu_seconds: int, resident: int, questions: int = 500
) -> None:
    """Answers until the asker is gone, or nothing was asked for half a minute.

    Each question may take `cpu_seconds`; the system ends the process when one takes more. The child retires
    after so many `questions`, or once it holds more than `resident` bytes, and says so with its last answer.
    """
    for number in range(1, questions + 1):
        question = _question()
        if question is None:
            return
        _renew(cpu_seconds)
        try:
            answered = answer(question)
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)
        goes_on = number < questions and _resident() < resident
        sys.stdout.buffer.write(_HEAD.pack(len(answered), goes_on) + answered)
        sys.stdout.buffer.flush()
        if not goes_on:
            return


def _question() -> bytes | None:
    if not select.select([0], [], [], _IDLE)[0]:
        return None
    length = sys.stdin.buffer.read(_LENGTH.size)
    return sys.stdin.buffer.read(_LENGTH.unpack(length)[0]) if len(length) == _LENGTH.size else None


def _renew(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


def _resident() -> int:
    # Kilobytes on Linux, bytes on macOS (getrusage(2)).
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most << 10
