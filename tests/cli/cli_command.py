"""Runs the command: in this process, in one of its own, or in one that goes on."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from nightdesk.__main__ import main

PATIENCE = 90


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Command:
    """`nightdesk` with its data folder."""

    data: Path
    cwd: Path
    more: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: object, stdin: str = "") -> Ended:
        """Runs it in this process, which spares a second of loading."""
        out, err = io.StringIO(), io.StringIO()
        before = sys.argv, sys.stdin, sys.excepthook
        sys.argv, sys.stdin = ["nightdesk", *map(str, arguments)], io.StringIO(stdin)
        try:
            with (
                pytest.MonkeyPatch.context() as patch,
                contextlib.chdir(self.cwd),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
            ):
                patch.setattr(os, "environ", os.environ.copy() | self.environment())
                status = _status_of(main)
        finally:
            sys.argv, sys.stdin, sys.excepthook = before
        return Ended(status, out.getvalue(), err.getvalue())

    def process(self, *arguments: object, seconds: float = PATIENCE) -> Ended:
        """Runs it as a person does, in a process of its own, which may take so long."""
        done = subprocess.run(
            self.line(*arguments),
            cwd=self.cwd,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments: object) -> Any:
        """What it prints for scripts; the test fails where it does not end with 0."""
        return json.loads(well(self(*arguments, "--json")))

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        """A process that goes on; the caller ends it."""
        return subprocess.Popen(
            self.line(*arguments),
            cwd=self.cwd,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def under(self, **more: str) -> "Command":
        """The same with other settings."""
        return Command(self.data, self.cwd, self.more | more)

    def line(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "nightdesk", *map(str, arguments)]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NIGHTDESK_")}
        return kept | {"NIGHTDESK_DATA_DIR": str(self.data), "NO_COLOR": "1"} | self.more


def well(done: Ended) -> str:
    """The output of a command that ended with 0; the test fails where it did not."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _status_of(command: Callable[[], None]) -> int:
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
