"""Asks before a command ends something for good: on a terminal a question, elsewhere `--yes` or nothing."""

import sys
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from nightdesk.desk import Desk
from nightdesk.faces.cli.failure import USED_WRONGLY, Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import printable

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def sure(ctx: typer.Context, yes: bool, lost: Callable[[Desk, int], Awaitable[str]]) -> None:
    """Goes on where the person is sure; `lost` reads the question that names what will be lost.

    The house is closed while it waits for the answer. Raises `Failure`, and what `lost` raises.
    """
    if not yes:
        on_a_terminal(
            "This cannot be taken back, and nobody can be asked here. Nothing was changed: add --yes."
        )
        agreed(ask(ctx, lost), "Nothing was changed.")


def on_a_terminal(says: str) -> None:
    """Raises `Failure` with what it `says` where nobody can answer."""
    if not sys.stdin.isatty():
        raise Failure(says, USED_WRONGLY)


def agreed(question: str, left: str) -> None:
    """Asks; no answer is a no. Raises `Failure` with what was `left` as it was where it is one."""
    if not typer.confirm(printable(question), err=True):
        raise Failure(left)
