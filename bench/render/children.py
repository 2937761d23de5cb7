"""Runs a competitor's program to its end, and says what it said where it failed."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

LONGEST = 3600.0


async def finished(program: Sequence[str], folder: Path, seconds: float = LONGEST) -> str:
    """What the program printed. Raises `RuntimeError` with its last words where it failed or was late."""
    process = await asyncio.create_subprocess_exec(
        *program,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            said, complained = await process.communicate()
    except TimeoutError as late:
        raise RuntimeError(f"{program[0]} took longer than {seconds:g} s") from late
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise RuntimeError(f"{program[0]} failed: {complained.decode('utf-8', 'replace')[-2000:]}")
    return said.decode("utf-8", "replace")
