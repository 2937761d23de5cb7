"""Opens the house for one command, and turns what goes wrong into one sentence."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from nightdesk.desk import Desk
from nightdesk.desk.errors import DeskError, InsufficientCredits, Invalid
from nightdesk.faces.cli.data_folder import data_folder
from nightdesk.faces.cli.doors import Asked, House
from nightdesk.faces.cli.failure import START_REFUSED, TERMINATED, USED_WRONGLY, Failure
from nightdesk.kit.endings import Ending, NeedsPerson
from nightdesk.settings import Settings

A = TypeVar("A")


def ask(ctx: typer.Context, question: Callable[[Desk, int], Awaitable[A]]) -> A:
    """Opens the house, asks its desk as the workspace chosen, and closes it again."""

    async def asked(house: House, workspace: int) -> A:
        return await question(house.desk, workspace)

    return within(ctx, asked)


def within(ctx: typer.Context, work: Callable[[House, int], Awaitable[A]]) -> A:
    """Runs `work` in the opened house. Raises `Failure`."""

    async def whole() -> A:
        # Told to end while a short command runs, it still closes what it opened.
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _cancel, asyncio.current_task())
        async with opened(ctx) as (house, workspace):
            return await work(house, workspace)

    with as_failures():
        return asyncio.run(whole())


def _cancel(task: asyncio.Task[Any] | None) -> None:
    if task is not None:
        task.cancel()


@asynccontextmanager
async def opened(ctx: typer.Context) -> AsyncIterator[tuple[House, int]]:
    """The house and the number of the workspace chosen."""
    asked: Asked = ctx.obj
    settings = read_settings()
    async with AsyncExitStack() as stack:
        try:
            house = await stack.enter_async_context(asked.doors.open_house(settings))
        except NeedsPerson as error:
            raise Failure(error.why, START_REFUSED) from error
        first = await house.desk.founding.first()
        if asked.workspace is not None and not await house.desk.founding.known(asked.workspace):
            raise Failure(f"There is no workspace {asked.workspace}.")
        yield house, asked.workspace or first


def read_settings() -> Settings:
    """The settings of the environment, with the data folder settled. Raises `Failure`."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"NIGHTDESK_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise Failure(f"A setting cannot be used. {faults}.", START_REFUSED) from error
    if "data_dir" not in settings.model_fields_set:
        settings.data_dir = data_folder()
    settings.data_dir = settings.data_dir.expanduser().resolve()
    # The processes that this one starts are to find the same folder.
    os.environ["NIGHTDESK_DATA_DIR"] = str(settings.data_dir)
    return settings


@contextmanager
def as_failures() -> Iterator[None]:
    """Turns the errors that a person can do something about into a `Failure`."""
    try:
        yield
    except Invalid as error:
        raise Failure(f"{error.field}: {error}", USED_WRONGLY) from error
    except InsufficientCredits as error:
        raise Failure(f"{error} Grant them: nightdesk credits grant N") from error
    except DeskError as error:
        raise Failure(str(error)) from error
    except Ending as error:
        raise Failure(error.why) from error
    except asyncio.CancelledError as error:
        raise Failure("Stopped, as asked.", TERMINATED) from error
    except DBAPIError as error:
        raise Failure(
            "The database does not answer just now; what was stored is kept. Try again in a few seconds."
        ) from error
