"""`nightdesk up`: database, web, workers and timetable as one tree of processes."""

from collections.abc import Callable, Coroutine
from socket import socket
from typing import Annotated, Any

import typer

from nightdesk.faces.cli.children import keep, ours
from nightdesk.faces.cli.doors import Doors, House
from nightdesk.faces.cli.log_lines import write_log_lines
from nightdesk.faces.cli.opening import within
from nightdesk.faces.cli.printing import say
from nightdesk.faces.cli.processes import Host, Port
from nightdesk.faces.cli.serving import bind, serve
from nightdesk.faces.cli.stopping import Stopping, run_together, until_asked
from nightdesk.faces.cli.welcome import greeting
from nightdesk.kit.clock import SystemClock

app = typer.Typer(add_completion=False)

Workers = Annotated[int, typer.Option(min=0, max=64, help="Worker processes.")]


@app.command()
def up(ctx: typer.Context, host: Host = None, port: Port = None, workers: Workers = 1) -> None:
    """Run everything: database, web, worker and timetable; Ctrl-C ends it, a second one at once."""

    async def run(house: House, _: int) -> None:
        write_log_lines(house.settings.log_format)
        stopping = Stopping()
        bound = bind(host or house.settings.host, house.settings.port if port is None else port)
        with bound, stopping.on_signals():
            greet = await greeting(house, bound)
            parts = everything(house, ctx.obj.doors, bound, workers, stopping, greet)
            await run_together(stopping, *parts)
        say("Everything has ended.")

    within(ctx, run)


def everything(
    house: House, doors: Doors, bound: socket, workers: int, stopping: Stopping, ready: Callable[[], None]
) -> list[Coroutine[Any, Any, None]]:
    """The parts of `up`. Workers are processes of their own, so that the web answers while they are busy."""
    return [
        serve(doors.make_web(house.desk, doors.version), bound, stopping, ready),
        house.timetable().run(stopping.asked),
        house.do_chores(stopping.asked),
        until_asked(stopping, house.keep_database()),
        *(crew(workers, stopping)),
    ]


def crew(workers: int, stopping: Stopping) -> list[Coroutine[Any, Any, None]]:
    """Worker processes, each started again when it dies."""
    return [
        keep(ours("worker", "--with-parent"), f"worker {number}", stopping, SystemClock())
        for number in range(1, workers + 1)
    ]
