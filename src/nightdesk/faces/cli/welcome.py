"""What is said once the web answers: its address, and the link by which the first owner comes in."""

from collections.abc import Callable
from socket import socket

from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.printing import say
from nightdesk.faces.cli.serving import address_of


async def greeting(house: House, bound: socket) -> Callable[[], None]:
    """Says it when called; the link is good once, and is made anew at each start until somebody used it."""
    address = address_of(bound)
    token = await house.desk.entrance.pending_token()

    def greet() -> None:
        say(f"[green]Nightdesk runs at[/green] [bold]{address}[/bold]")
        if token:
            say("Nobody owns this desk yet. Open this address once to become its owner:")
            say(f"[bold]{address}/start?token={token}[/bold]")
        say(f"The API is described at {address}/api/docs; keys: nightdesk keys create NAME. Ctrl-C ends it.")

    return greet
