"""Approve, send back, reject and reopen as commands: on each piece named, whatever becomes of the others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import typer

from nightdesk.desk import Desk
from nightdesk.desk.inputs import LARGEST
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json

Decision = Literal["approve", "send_back", "reject", "reopen"]
Kind = Literal["articles", "videos"]
HELP: Mapping[Decision, str] = {
    "approve": "Approve {} as they are now; an edit voids it.",
    "send_back": "Send {} back, with a word on what is to be done.",
    "reject": "Reject {}: they are kept, and nothing more comes of them.",
    "reopen": "Put {} that were decided on before the gate again.",
}
Numbers = Annotated[
    list[int], typer.Argument(metavar="NUMBER…", min=1, max=LARGEST, help="Their numbers in the list.")
]
Note = Annotated[str, typer.Option(help="A word for whoever looks at it next.")]


@dataclass(frozen=True)
class Told:
    """What became of one piece; `why` nothing did. Without `facts` where there is no such piece."""

    id: int
    done: bool
    why: str = ""
    state: str = ""
    title: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


Decide = Callable[[Desk, int, Sequence[int], Decision, str], Awaitable[list[Told]]]
"""Decides on each number with a note, in a workspace."""


def add_to(app: typer.Typer, kind: Kind, decide: Decide) -> None:
    """Gives the commands of a kind of piece the four decisions."""
    for decision, says in HELP.items():
        app.command(decision.replace("_", "-"), help=says.format(kind))(_command(kind, decision, decide))


def _command(kind: Kind, decision: Decision, decide: Decide) -> Callable[..., None]:
    def command(ctx: typer.Context, numbers: Numbers, note: Note = "", json: AsJson = False) -> None:
        once = list(dict.fromkeys(numbers))
        told = ask(ctx, lambda desk, workspace: decide(desk, workspace, once, decision, note))
        if json:
            say_json([{"id": one.id, **one.facts, "done": one.done, "why": one.why} for one in told])
        left = [one for one in told if not one.done]
        if left and len(told) == 1:
            raise Failure(left[0].why)
        for one in [] if json else told:
            _say(one)
        if left:
            raise Failure(_counted(len(told), len(left), kind))

    return command


def _say(one: Told) -> None:
    title = f"  {plain(one.title)}" if one.title else ""
    if one.done:
        say(f"[green]{plain(one.state.replace('_', ' '))}[/green]  {one.id}{title}")
    else:
        say(f"[red]not decided on[/red]  {one.id}{title}: {plain(one.why)}")


def _counted(asked: int, left: int, kind: Kind) -> str:
    if left == asked:
        return f"None of the {asked} {kind} was decided on."
    return f"{asked - left} of {asked} {kind} were decided on, and {left} stayed as they were."
