"""The web server of a bench, `nightdesk web` in a process of its own."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nightdesk.bootstrap import House


@dataclass(frozen=True)
class Web:
    """Where it listens, and its process."""

    address: str
    pid: int


@asynccontextmanager
async def web(on: House) -> AsyncIterator[Web]:
    """Serves the database of the house while the block runs."""
    named = {
        "NIGHTDESK_DATABASE_URL": on.store.url.render_as_string(hide_password=False),
        "NIGHTDESK_DATA_DIR": str(on.settings.data_dir),
        # A bench asks faster than any one caller may.
        "NIGHTDESK_REQUESTS_A_MINUTE": "0",
    }
    command = [sys.executable, "-m", "nightdesk", "web", "--port", "0"]
    with subprocess.Popen(
        command, env={**os.environ, **named}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield Web(await asyncio.to_thread(_listening, process), process.pid)
        finally:
            process.terminate()


def _listening(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://[\w.:\[\]]+", line):
            return found[0]
    raise RuntimeError("The web server ended without listening.")
