"""The consent of an account's owner at its platform, from a terminal: an address to open, one to paste."""

import sys

import typer

from nightdesk.desk import Desk
from nightdesk.desk.accounts import AccountShown
from nightdesk.desk.people import Operator
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import aside, say

SENT_BACK = "The address that you were sent back to"


def connected_there(ctx: typer.Context, number: int, back: str) -> AccountShown:
    """Connects the account by what its owner says at the platform. Raises `Failure`.

    Without the address that the platform sends back to, `back`, it says which one to open, and asks for it.
    """

    async def finish(desk: Desk, workspace: int) -> AccountShown:
        by, brought = Operator(workspace), back
        if not brought:
            begun = await desk.connecting.begin(by, number)
            # The address alone goes where results go, whole on one line, to be piped on.
            aside().print(
                f"Open this address in a browser, and allow it there. You are sent back to {begun.back}; "
                "it does not matter whether that page opens. Ten minutes are left for it.",
                markup=False,
            )
            sys.stdout.write(begun.address + "\n")
            sys.stdout.flush()
            brought = _pasted()
        if not brought:
            raise Failure(f"Once you were sent back: nightdesk accounts connect {number} --back ADDRESS")
        finished = await desk.connecting.finish_at(by, brought)
        if finished.was:
            say("[yellow]That is another account there than before. See that its sites are right.[/yellow]")
        return finished.account

    return ask(ctx, finish)


def _pasted() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(SENT_BACK, err=True)).strip()
    return sys.stdin.readline().strip()
