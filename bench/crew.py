"""Worker processes for a bench, each started as `nightdesk up` starts them, and what they take of the CPU."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from nightdesk.settings import Settings

PATIENCE = 30.0
"""Seconds that a worker gets to finish what it has in hand."""


@contextmanager
def crew(settings: Settings, processes: int, at_once: int) -> Iterator[Sequence[int]]:
    """`processes` workers of that house's data folder, which share `at_once` calls at a provider evenly.

    Gives their process ids. Each takes twice as many batches as it may have calls, so that one that saves
    what it made does not leave a place at the provider empty.
    """
    calls = at_once // processes
    wishes = {
        "data_dir": settings.data_dir,
        "text": settings.text,
        "text_base_url": settings.text_base_url,
        "images": settings.images,
        "images_base_url": settings.images_base_url,
        "disk_reserve_mb": settings.disk_reserve_mb,
        "provider_concurrency": calls,
        "worker_at_once": calls * 2,
    }
    env = os.environ | {f"NIGHTDESK_{name.upper()}": str(wish) for name, wish in wishes.items()}
    command = [sys.executable, "-m", "nightdesk", "worker", "--with-parent"]
    workers = [subprocess.Popen(command, env=env, stdin=subprocess.PIPE) for _ in range(processes)]
    try:
        yield [worker.pid for worker in workers]
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            try:
                worker.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
