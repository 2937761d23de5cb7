"""`nightdesk web`, `worker` and `timetable`: the parts of `up` one by one, for many machines."""

import sys
from typing import Annotated

import typer

from nightdesk.desk.health import QUEUES
from nightdesk.faces.cli.children import stop_with_parent
from nightdesk.faces.cli.doors import House, Works
from nightdesk.faces.cli.log_lines import write_log_lines
from nightdesk.faces.cli.opening import within
from nightdesk.faces.cli.printing import say
from nightdesk.faces.cli.serving import bind, serve
from nightdesk.faces.cli.stopping import Stopping, run_together, until_asked
from nightdesk.faces.cli.welcome import greeting

app = typer.Typer(add_completion=False)

SWITCH = 0.0005
"""Seconds that a calculating thread keeps the interpreter to itself, a tenth of Python's own setting: a batch
that settles waits for the database eight times, and would else wait for the threads each time again."""

Host = Annotated[str | None, typer.Option(help="Listen at; NIGHTDESK_HOST or 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="NIGHTDESK_PORT or 8400; 0 any free one.")]


@app.command()
def web(ctx: typer.Context, host: Host = None, port: Port = None) -> None:
    """Run the web server alone; a worker and a timetable are to run elsewhere."""

    async def run(house: House, _: int) -> None:
        write_log_lines(house.settings.log_format)
        stopping = Stopping()
        bound = bind(host or house.settings.host, house.settings.port if port is None else port)
        made = ctx.obj.doors.make_web(house.desk, ctx.obj.doors.version)
        with bound, stopping.on_signals():
            await run_together(
                stopping,
                serve(made, bound, stopping, await greeting(house, bound)),
                until_asked(stopping, house.keep_database()),
            )

    within(ctx, run)


@app.command()
def worker(
    ctx: typer.Context,
    queues: Annotated[
        str, typer.Option(help=f"Which queues, separated by commas; any of {', '.join(QUEUES)}.")
    ] = ",".join(QUEUES),
    with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run a worker alone; any number may run, on any machine that reaches the database."""
    wanted = [queue.strip() for queue in queues.split(",") if queue.strip()]
    unknown = [queue for queue in wanted if queue not in QUEUES]
    if unknown or not wanted:
        raise typer.BadParameter(
            f"There is no queue {', '.join(unknown) or 'named'}; the queues are {', '.join(QUEUES)}."
        )

    async def run(house: House, _: int) -> None:
        write_log_lines(house.settings.log_format)
        sys.setswitchinterval(SWITCH)
        stopping = Stopping()
        with stopping.on_signals():
            parts = [work(house.worker(wanted), stopping), until_asked(stopping, house.keep_database())]
            if with_parent:
                parts.append(until_asked(stopping, stop_with_parent(stopping)))
            else:
                say(f"Working on {', '.join(wanted)}; Ctrl-C ends after the batches in hand.")
            await run_together(stopping, *parts)

    within(ctx, run)


@app.command()
def timetable(ctx: typer.Context) -> None:
    """Run the timetable alone; of several, each due run is started by one."""

    async def run(house: House, _: int) -> None:
        write_log_lines(house.settings.log_format)
        stopping = Stopping()
        say("Looking for due runs; Ctrl-C ends it.")
        with stopping.on_signals():
            await run_together(
                stopping,
                house.timetable().run(stopping.asked),
                house.do_chores(stopping.asked),
                until_asked(stopping, house.keep_database()),
            )

    within(ctx, run)


async def work(one: Works, stopping: Stopping) -> None:
    """Works until told to stop; batches in hand are finished first."""

    async def stop() -> None:
        await stopping.asked.wait()
        one.stop()

    await run_together(stopping, one.run(), stop())
