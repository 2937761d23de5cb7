"""Where the `nightdesk` command begins: hands the command line the house and the web application."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nightdesk import __version__
from nightdesk.faces.cli.app import start
from nightdesk.faces.cli.doors import Doors, House, Opener

if TYPE_CHECKING:
    from nightdesk import bootstrap
    from nightdesk.desk import Desk
    from nightdesk.desk.people import Actor
    from nightdesk.settings import Settings

    # What is loaded by name below is held here to what the command line expects.
    opener: Opener = bootstrap.open_house

OF_THE_API = ("api", "ws", "health", "ready", "metrics")
"""The first words of the addresses that programs ask; all others are pages."""


OF_THE_TOOLS = "mcp"
"""The first word of the address of our own tool server."""


class Web:
    """Pure ASGI: the API, our tools and the pages on one address."""

    def __init__(self, api: Any, pages: Any, tools: Any) -> None:
        self._api, self._pages, self._tools = api, pages, tools

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """The API has the life of both: it opens the stream of events that both read."""
        first = scope["path"].split("/", 2)[1] if scope["type"] == "http" else "api"
        app = self._api if first in OF_THE_API else self._pages
        app = self._tools if scope["type"] == "http" and scope["path"].strip("/") == OF_THE_TOOLS else app
        await app(scope, receive, send)


def open_house(settings: "Settings") -> AbstractAsyncContextManager[House]:
    """The house itself is loaded here, so that `--help` need not wait for it."""
    house: AbstractAsyncContextManager[House] = import_module("nightdesk.bootstrap").open_house(settings)
    return house


def join(desk: "Desk", version: str) -> Web:
    """The whole web application over one desk."""
    api = import_module("nightdesk.faces.api.app").make_app(desk, version)
    tools = import_module("nightdesk.faces.tools.http").Tools(desk, version)
    return Web(api, import_module("nightdesk.faces.web.app").make_pages(desk, version), tools)


def make_web(desk: "Desk", version: str) -> Any:
    """The web application, to be served on a socket that is bound already."""
    return import_module("nightdesk.faces.api.serving").server_config(
        join(desk, version), "", 0, lifespan="on"
    )


async def serve_tools(desk: "Desk", version: str, by: "Actor") -> None:
    """Our tools over standard input and output."""
    await import_module("nightdesk.faces.tools.stdio").serve(desk, version, by)


async def rehearse(
    settings: "Settings", wishes: dict[str, Any], workspace: int | None, say: Callable[[str], None], /
) -> dict[str, Any]:
    """Days of the desk on a scratch desk."""
    rehearsing = import_module("nightdesk.rehearsing")
    plan = rehearsing.Plan(**wishes, workspace=workspace)
    found: dict[str, Any] = await rehearsing.rehearse(settings, plan, say)
    return found


def main() -> None:
    start(Doors(__version__, open_house, make_web, serve_tools, rehearse=rehearse))


if __name__ == "__main__":
    main()
