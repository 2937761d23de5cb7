"""The group at the top of the command line; it loads a command's module when that command is called."""

from importlib import import_module
from typing import Any, ClassVar, NamedTuple

from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class Place(NamedTuple):
    """Where a command is: the module beside this one, and what the overview says of it."""

    module: str
    help: str
    panel: str


class LazyGroup(TyperGroup):
    """Knows its commands by the table `places`; `--help` of the whole needs none of them."""

    places: ClassVar[dict[str, Place]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, place in self.places.items():
            self.commands[name] = TyperCommand(name, help=place.help, rich_help_panel=place.panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in self.places:
            self.commands[args[0]] = _load(args[0], self.places[args[0]])
        return super().resolve_command(ctx, args)


def _load(name: str, place: Place) -> Any:
    """The module's command of that name, or the module's whole group."""
    found = get_command(import_module(f"nightdesk.faces.cli.{place.module}").app)
    command = getattr(found, "commands", {}).get(name, found)
    command.name = name
    return command
