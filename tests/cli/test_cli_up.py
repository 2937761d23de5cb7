"""`nightdesk up` is one tree: it lives, mends itself and ends as one."""

import os
import signal
import time
from pathlib import Path

import pytest


def workers_of(pid: int) -> list[int]:
    """The living children of that process that are workers."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"--with-parent" in command_of(int(child))]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def until(found, seconds: float = 25.0):
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return value


@pytest.fixture
def up(nightdesk):
    process = nightdesk.start("up", "--port", 0)
    until(lambda: "runs at" in process.stdout.readline())
    yield process
    process.kill()
    process.communicate(timeout=20)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes through /proc")
def test_a_worker_that_is_killed_is_started_again_and_ends_with_its_parent(up):
    (first,) = until(lambda: workers_of(up.pid))
    os.kill(first, signal.SIGKILL)
    (second,) = until(lambda: [pid for pid in workers_of(up.pid) if pid != first])
    up.terminate()
    rest, _ = up.communicate(timeout=30)
    assert up.returncode == 0, rest
    assert "Everything has ended." in rest
    until(lambda: not command_of(second))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes through /proc")
@pytest.mark.prove
def test_no_worker_outlives_a_parent_that_is_killed(up):
    (worker,) = until(lambda: workers_of(up.pid))
    up.kill()
    until(lambda: not command_of(worker))
