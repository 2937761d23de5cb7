"""`nightdesk config`: when a site's line runs by itself, in which batches and with which delays."""

from typing import Annotated, Any

import typer

from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, say_facts, say_json
from nightdesk.faces.cli.sites import SiteKey

app = typer.Typer(
    help="When a site's line runs, and in which batches.", no_args_is_help=True, add_completion=False
)

Line = Annotated[str, typer.Option(help="The line.")]


@app.command()
def show(ctx: typer.Context, site: SiteKey, line: Line = "article", json: AsJson = False) -> None:
    """Show the config of a site's line."""
    _show(_change(ctx, site, line, {}), json)


@app.command("set")
def set_(
    ctx: typer.Context,
    site: SiteKey,
    facts: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE…", help="Such as is_enabled=true frequency=weekly.")
    ],
    line: Line = "article",
    json: AsJson = False,
) -> None:
    """Change the config of a site's line; the names are those that `show` prints."""
    _show(_change(ctx, site, line, dict(_fact(text) for text in facts)), json)


def _change(ctx: typer.Context, site: str, line: str, facts: dict[str, Any]) -> dict[str, Any]:
    async def change(desk: Any, workspace: int) -> dict[str, Any]:
        found = await desk.sites.get(workspace, site)
        if not facts:
            return dict(await desk.automation.config(workspace, found.id, line))
        return dict(await desk.automation.change(workspace, found.id, line, facts))

    return ask(ctx, change)


def _show(config: dict[str, Any], json: bool) -> None:
    if json:
        say_json(config)
    else:
        say_facts(config)


def _fact(text: str) -> tuple[str, Any]:
    """`NAME=VALUE` with the value as JSON would have it, where it is a number, true or false."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise typer.BadParameter(f"`{text}` is not of the form NAME=VALUE.")
    plain = value.strip()
    if plain in ("true", "false"):
        return name.strip(), plain == "true"
    return name.strip(), int(plain) if plain.lstrip("-").isdecimal() else plain
