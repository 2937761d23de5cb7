"""`nightdesk accounts`: where pieces go; connected, looked at, linked to sites, paused, removed."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from nightdesk.desk import Desk
from nightdesk.desk.accounts import AccountChanges, AccountShown, NewAccount
from nightdesk.desk.people import Operator
from nightdesk.desk.publishing.options import options_of
from nightdesk.faces.cli.asking_first import Yes, sure
from nightdesk.faces.cli.consent import connected_there
from nightdesk.faces.cli.failure import Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json, say_table

app = typer.Typer(help="Accounts that pieces go out to.", no_args_is_help=True, add_completion=False)

Account = Annotated[int, typer.Argument(min=1, help="The account's number, as `accounts list` shows it.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="A field; `accounts platforms`.")
]
Usual = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="OPTION=VALUE", help="What is usual there, in place of what was so far."),
]
MaybeSite = Annotated[str | None, typer.Option("--site", metavar="SITE", help="Have its pieces go there.")]


@app.command("platforms")
def platforms(ctx: typer.Context, json: AsJson = False) -> None:
    """List the platforms, and what an account of each consists of."""

    async def look(desk: Desk, _: int) -> list[dict[str, object]]:
        return [
            {
                "platform": kind.platform,
                "takes": list(kind.takes),
                "fields": [field.name for field in kind.fields],
                "secrets": [field.name for field in kind.fields if field.secret],
                "ways": list(kind.ways),
                "tool_fields": [field.name for field in kind.tool_fields],
                "about": kind.about,
            }
            for kind in desk.accounts.kinds()
        ]

    found = ask(ctx, look)
    if json:
        say_json(found)
        return
    rows = [(one["platform"], _words(one["takes"]), _words(one["fields"]), one["about"]) for one in found]
    say_table(("platform", "takes", "fields", "before"), rows, empty="")


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False) -> None:
    """List the accounts with how they stand."""

    async def look(desk: Desk, workspace: int) -> list[AccountShown]:
        return await desk.accounts.listed(workspace)

    found = ask(ctx, look)
    if json:
        say_json(found)
        return
    rows = [
        (
            *(one.id, one.platform, one.name, "paused" if one.paused else one.status),
            *("" if one.days_left is None else one.days_left, len(one.sites), one.says),
        )
        for one in found
    ]
    empty = "No account yet. One that needs nothing: nightdesk accounts connect folder Shelf --site SITE"
    say_table(("number#", "platform", "name", "status", "days left#", "sites#", "says"), rows, empty=empty)


@app.command()
def connect(
    ctx: typer.Context,
    platform: Annotated[
        str, typer.Argument(help="One of `accounts platforms`; or an account's number, to connect it there.")
    ],
    name: Annotated[str, typer.Argument(help="What it is called here.")] = "",
    values: Sets = None,
    site: MaybeSite = None,
    way: Annotated[str, typer.Option("--by", metavar="WAY", help="`mcp`: by a tool server.")] = "rest",
    back: Annotated[
        str, typer.Option("--back", metavar="ADDRESS", help="Where the platform sent your browser back to.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Connect an account. Secrets are asked for, or read from standard input, one a line.

    Where a platform asks its owner, connect it again by its number: that prints the address to open.
    """
    if platform.isdecimal():
        _told(connected_there(ctx, int(platform), back), json)
        return
    given = dict(_pairs(values or []))

    async def put(desk: Desk, workspace: int) -> tuple[AccountShown, bool]:
        by = Operator(workspace)
        kind = next((one for one in desk.accounts.kinds() if one.platform == platform), None)
        asking = kind.by(way) if kind else None
        granted = asking.consent.gives if asking and asking.consent else ()
        for field in asking.fields if asking else ():
            if field.secret and field.required and field.name not in (*given, *granted):
                given[field.name] = _secret(field.title)
        made = await desk.accounts.connect(by, NewAccount(platform, name, given, way))
        if site is not None:
            made = await desk.accounts.link(by, made.id, (await desk.sites.get(workspace, site)).id)
        return made, made.status == "missing_config" and bool(granted)

    made, waits = ask(ctx, put)
    _told(connected_there(ctx, made.id, back) if waits else made, json)


@app.command()
def verify(ctx: typer.Context, account: Account, json: AsJson = False) -> None:
    """Ask the platform who we are there."""
    _told(ask(ctx, lambda desk, workspace: desk.accounts.verify(workspace, account)), json)


@app.command()
def link(
    ctx: typer.Context,
    account: Account,
    site: Annotated[str, typer.Option("--site", metavar="SITE", help="The site's name.")],
    off: Annotated[bool, typer.Option("--off", help="No more.")] = False,
    usual: Usual = None,
    json: AsJson = False,
) -> None:
    """Have a site's pieces go to an account, as the options say, or no more."""
    lines = "\n".join(f"{name}: {' '.join(one.split())}" for name, one in _pairs(usual or []))

    async def put(desk: Desk, workspace: int) -> AccountShown:
        number, by = (await desk.sites.get(workspace, site)).id, Operator(workspace)
        if off:
            return await desk.accounts.unlink(by, account, number)
        return await desk.accounts.link(by, account, number, options_of(lines) if usual else None)

    _told(ask(ctx, put), json)


@app.command()
def pause(
    ctx: typer.Context,
    account: Account,
    off: Annotated[bool, typer.Option("--off", help="Let it go on.")] = False,
    json: AsJson = False,
) -> None:
    """Let nothing go out to an account for a while."""

    async def put(desk: Desk, workspace: int) -> AccountShown:
        return await desk.accounts.change(Operator(workspace), account, AccountChanges(paused=not off))

    _told(ask(ctx, put), json)


@app.command()
def remove(
    ctx: typer.Context,
    account: Account,
    yes: Yes = False,
) -> None:
    """Forget an account with its secrets. What waits for it is cancelled; what went out stays told."""

    async def lost(desk: Desk, workspace: int) -> str:
        one = await desk.accounts.show(workspace, account)
        return f"Remove “{one.name}”? Its secrets are forgotten, and what waits for it is cancelled."

    sure(ctx, yes, lost)
    ask(ctx, lambda desk, workspace: desk.accounts.remove(Operator(workspace), account))
    say("[green]Forgotten.[/green]")


def _pairs(values: list[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        name, sign, text = value.partition("=")
        if not sign:
            raise typer.BadParameter(f"`{value}` is no FIELD=VALUE.", param_hint="--set")
        yield name.strip(), text


def _secret(title: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(title, hide_input=True, err=True))
    return sys.stdin.readline().strip()


def _told(account: AccountShown, json: bool) -> None:
    if json:
        say_json(account)
    else:
        colour = "green" if account.status == "connected" else "red"
        says = f": {plain(account.says)}" if account.says else ""
        say(f"{account.id} {plain(account.name)} is [{colour}]{account.status}[/{colour}]{says}")
    if account.status != "connected":
        raise Failure("The account is not connected. It was kept; put right what it says, then verify it.")


def _words(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)
