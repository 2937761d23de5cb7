"""Children keep to their limits, and none outlives the one who started it."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.processes import ChildLimits, Finished, run

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these limits are Linux's")


async def python(code: str, stdin: bytes = b"", **limits: float) -> Finished:
    chosen = ChildLimits(**{"seconds": 10, **limits})  # type: ignore[arg-type]
    return await run([sys.executable, "-I", "-S", "-c", code], limits=chosen, stdin=stdin)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_within(seconds: float, pid: int) -> bool:
    until = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


async def test_a_child_gives_its_output_and_its_code() -> None:
    done = await python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (done.code, done.stdout, done.stderr, done.ended_by) == (3, b"out\n", b"err\n", "itself")
    assert not done.well
    assert (await python("pass")).well


async def test_a_child_reads_what_it_is_given_and_nothing_else() -> None:
    echo = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    megabyte = os.urandom(1 << 20)
    assert (await python(echo, stdin=megabyte, output=2 << 20)).stdout == megabyte
    assert (await python(echo)).stdout == b""
    assert (await python("import os; os.close(0)", stdin=megabyte)).well


async def test_a_child_works_in_an_empty_folder_that_goes_away() -> None:
    done = await python("import os; open('x', 'w').close(); print(os.getcwd(), os.listdir())")
    folder, listed = done.stdout.decode().strip().split(" ", 1)
    assert listed == "['x']"
    assert not Path(folder).exists()


async def test_a_child_sees_no_secret_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTDESK_SECRET_KEY", "hush")
    done = await python("import os; print(sorted(os.environ))")
    assert b"NIGHTDESK" not in done.stdout
    seen = "import os; print(os.environ['GIVEN'])"
    done = await run([sys.executable, "-I", "-S", "-c", seen], environment={"GIVEN": "yes"})
    assert done.stdout == b"yes\n"


async def test_a_child_inherits_no_open_file(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        done = await python("import os; print(len(os.listdir('/dev/fd')))")
    assert int(done.stdout) <= 4


async def test_a_missing_program_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="no-such-program"):
        await run(["no-such-program"])


async def test_a_file_that_is_no_program_ends_with_a_sentence(tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_bytes(b"\x00\x01\x02")
    odd.chmod(0o755)
    done = await run([str(odd)])
    assert done.code == 127
    assert b"odd" in done.stderr


@pytest.mark.timeout(30)
async def test_a_child_that_takes_too_long_is_killed_with_its_own_children() -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    done = await python(code, seconds=1.0)
    assert done.ended_by == "time"
    assert done.code == -signal.SIGKILL
    assert gone_within(1, int(done.stdout))


@pytest.mark.timeout(30)
async def test_a_child_cannot_leave_another_behind() -> None:
    code = (
        "import subprocess, sys\n"
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)"
    )
    done = await python(code)
    assert (done.code, done.ended_by) == (0, "itself")
    assert gone_within(1, int(done.stdout))


@pytest.mark.timeout(30)
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt its descendants")
async def test_a_grandchild_that_fled_to_a_session_of_its_own_is_ended_too() -> None:
    code = (
        "import subprocess, sys\n"
        "fled = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
        "print(subprocess.Popen(fled, start_new_session=True).pid, flush=True)"
    )
    done = await python(code, seconds=10.0)
    assert done.ended_by == "itself"
    assert gone_within(1, int(done.stdout))


async def test_a_cancelled_caller_takes_the_child_along(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    code = f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid()) + '.'); time.sleep(60)"
    work = asyncio.create_task(python(code))
    while not (told.exists() and told.read_text().endswith(".")):
        await asyncio.sleep(0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert gone_within(1, int(told.read_text()[:-1]))


async def test_a_child_that_talks_too_much_is_stopped() -> None:
    done = await python("while True: print('x' * 1000)", output=5000)
    assert done.ended_by == "output"
    assert len(done.stdout) == 5000


async def test_only_the_last_complaints_are_kept() -> None:
    done = await python("import sys; sys.stderr.write('x' * 500_000 + 'why')", errors=100)
    assert done.well
    assert done.stderr == b"x" * 97 + b"why"


@LINUX
async def test_memory_beyond_the_limit_is_not_given() -> None:
    done = await python("b = bytearray(300_000_000)", memory=200_000_000)
    assert b"MemoryError" in done.stderr


@LINUX
async def test_processor_time_beyond_the_limit_ends_the_child() -> None:
    done = await python("while True: pass", cpu_seconds=1)
    assert done.out_of_cpu
    assert done.ended_by == "itself"


@LINUX
async def test_files_beyond_the_limit_are_not_written_or_opened() -> None:
    done = await python("open('x', 'wb').write(bytes(20_000))", file_size=10_000)
    assert b"File too large" in done.stderr
    done = await python("f = [open('/dev/null') for _ in range(50)]", open_files=20)
    assert b"Too many open files" in done.stderr


WORKER = """
import asyncio, sys
from nightdesk.kit.processes import run
grandchild = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
child = (
    "import os, subprocess, time\\n"
    f"other = subprocess.Popen({grandchild!r}).pid\\n"
    "open(%r, 'w').write(f'{os.getpid()} {other}.')\\n"
    "time.sleep(60)"
)
asyncio.run(run([sys.executable, "-S", "-c", child]))
"""


def family_left_by_a_worker(told: Path, sent: signal.Signals) -> list[int]:
    """Kills a worker while it runs a child that has a child; gives those alive after 3 seconds."""
    program = [sys.executable, "-c", WORKER % str(told)]
    worker = os.posix_spawn(sys.executable, program, dict(os.environ))
    until = time.monotonic() + 30
    while not (told.exists() and told.read_text().endswith(".")):
        assert time.monotonic() < until
        time.sleep(0.02)
    family = [int(pid) for pid in told.read_text()[:-1].split()]
    assert all(map(alive, family))
    os.kill(worker, sent)
    os.waitpid(worker, 0)
    return [pid for pid in family if not gone_within(3, pid)]


@LINUX
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_worker_takes_its_child_and_grandchild_along(tmp_path: Path, sent: signal.Signals) -> None:
    assert family_left_by_a_worker(tmp_path / "pids", sent) == []


@LINUX
@pytest.mark.prove
def test_twenty_killed_workers_leave_nobody(tmp_path: Path) -> None:
    left = [family_left_by_a_worker(tmp_path / str(n), signal.SIGKILL) for n in range(20)]
    print(f"\n20 workers killed, {sum(map(len, left))} of 40 children left after 3 s")
    assert left == [[]] * 20


@LINUX
async def test_a_killed_launcher_takes_the_child_along(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    tell = f"open({str(told)!r}, 'w').write(f'{{os.getppid()}} {{os.getpid()}}.')"
    code = f"import os, time; {tell}; time.sleep(60)"
    work = asyncio.create_task(python(code))
    while not (told.exists() and told.read_text().endswith(".")):
        await asyncio.sleep(0.01)
    launcher, child = map(int, told.read_text()[:-1].split())
    os.kill(launcher, signal.SIGKILL)
    assert (await work).code == -signal.SIGKILL
    assert gone_within(1, child)


async def test_starting_a_child_is_cheap() -> None:
    before = os.times()
    for _ in range(5):
        await run(["true"])
    after = os.times()
    assert (
        after.children_user + after.children_system - before.children_user - before.children_system
    ) / 5 < 0.2
