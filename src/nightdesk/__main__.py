"""Where the `nightdesk` command begins: hands the command line the house and the web application."""

from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nightdesk import __version__
from nightdesk.faces.cli.app import start
from nightdesk.faces.cli.doors import Doors, House, Opener

if TYPE_CHECKING:
    from nightdesk import bootstrap
    from nightdesk.desk import Desk
    from nightdesk.settings import Settings

    # What is loaded by name below is held here to what the command line expects.
    opener: Opener = bootstrap.open_house


def open_house(settings: "Settings") -> AbstractAsyncContextManager[House]:
    """The house itself is loaded here, so that `--help` need not wait for it."""
    house: AbstractAsyncContextManager[House] = import_module("nightdesk.bootstrap").open_house(settings)
    return house


def make_web(desk: "Desk", version: str) -> Any:
    """The API, to be served on a socket that is bound already."""
    app = import_module("nightdesk.faces.api.app").make_app(desk, version)
    return import_module("nightdesk.faces.api.serving").server_config(app, "", 0, lifespan="on")


def main() -> None:
    start(Doors(__version__, open_house, make_web))


if __name__ == "__main__":
    main()
