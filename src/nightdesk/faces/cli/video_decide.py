"""`nightdesk video approve`, `send-back`, `reject` and `reopen`: decisions on finished videos."""

from typing import Annotated

import typer

from nightdesk.desk import Desk
from nightdesk.desk.inputs import LARGEST
from nightdesk.desk.people import Operator
from nightdesk.desk.rows import Video
from nightdesk.desk.videos.decisions import Decision
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json

Numbers = Annotated[
    list[int], typer.Argument(metavar="NUMBER…", min=1, max=LARGEST, help="The videos' numbers.")
]
Note = Annotated[str, typer.Option(help="A word for whoever looks at it next.")]
FACTS = ("id", "site_id", "title", "topic", "status", "revision", "reviewed_at")


def approve(ctx: typer.Context, numbers: Numbers, note: Note = "", json: AsJson = False) -> None:
    """Approve videos as they are now; a change voids it."""
    _decide(ctx, numbers, "approve", note, json)


def send_back(ctx: typer.Context, numbers: Numbers, note: Note = "", json: AsJson = False) -> None:
    """Send videos back, with a word on what is to be done."""
    _decide(ctx, numbers, "send_back", note, json)


def reject(ctx: typer.Context, numbers: Numbers, note: Note = "", json: AsJson = False) -> None:
    """Reject videos: they are kept, and nothing more comes of them."""
    _decide(ctx, numbers, "reject", note, json)


def reopen(ctx: typer.Context, numbers: Numbers, note: Note = "", json: AsJson = False) -> None:
    """Put videos that were decided on before the gate again."""
    _decide(ctx, numbers, "reopen", note, json)


def _decide(ctx: typer.Context, numbers: list[int], decision: Decision, note: str, json: bool) -> None:
    async def decide(desk: Desk, workspace: int) -> list[Video]:
        decisions, by = desk.videos.decisions, Operator(workspace)
        return [await decisions.decide(workspace, number, decision, note=note, by=by) for number in numbers]

    decided = ask(ctx, decide)
    if json:
        say_json([facts_of(video, *FACTS) for video in decided])
        return
    for video in decided:
        said = "waits for a second person" if decision == "approve" and video.status == "review" else ""
        state = said or video.status.replace("_", " ")
        say(f"[green]{state}[/green]  {video.id}  {plain(video.title or video.topic)}")
