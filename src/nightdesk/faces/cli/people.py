"""`nightdesk people`: who belongs to the workspace, and links for those who are to come in."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from nightdesk.desk import Desk
from nightdesk.desk.errors import NotFound
from nightdesk.desk.people import MemberShown, Operator, Role
from nightdesk.faces.cli.asking_first import Yes, sure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json, say_table

app = typer.Typer(
    help="List, invite and remove people, and let in who is locked out.",
    no_args_is_help=True,
    add_completion=False,
)

second_factor = typer.Typer(
    help="Second factors of people who sign in.", no_args_is_help=True, add_completion=False
)
app.add_typer(second_factor, name="second-factor")

Email = Annotated[str, typer.Argument(help="The e-mail address by which the person signs in.")]


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False) -> None:
    """List the people of the workspace, and who is invited."""

    async def asked(desk: Desk, workspace: int) -> Any:
        return (
            await desk.people.members(workspace),
            await desk.invitations.waiting(Operator(workspace)),
            await desk.second_factors.holders(Operator(workspace)),
        )

    members, invited, holders = ask(ctx, asked)
    if json:
        people = [{**asdict(one), "second_factor": one.person_id in holders} for one in members]
        say_json({"people": people, "invitations": invited})
        return
    rows: list[tuple[object, ...]] = [
        (m.name, m.email, m.role, "on" if m.person_id in holders else "off", m.joined_at, m.seen_at)
        for m in members
    ]
    for one in invited:
        state = "invited, too late" if one.expired else "invited"
        rows.append((f"({state})", one.email, one.role, None, None, None))
    say_table(
        ("name", "e-mail", "role", "second factor", "since", "last seen"),
        rows,
        empty="Nobody yet. `nightdesk up` prints the address at which the first owner comes in.",
    )


@app.command()
def invite(
    ctx: typer.Context,
    email: Email,
    role: Annotated[
        Role, typer.Option(help="An owner may all, an editor the work, a viewer look.")
    ] = "editor",
    json: AsJson = False,
) -> None:
    """Make a link by which somebody joins: good once, for 7 days. One made before opens nothing any more."""
    token = ask(ctx, lambda desk, workspace: desk.invitations.invite(Operator(workspace), email, role))
    _say_link(f"/invitation?token={token}", f"for {plain(email)} to join as {role}, within 7 days", json)


@app.command("role")
def role_(
    ctx: typer.Context, email: Email, role: Annotated[Role, typer.Argument(help="The role from now on.")]
) -> None:
    """Give somebody another role."""

    async def asked(desk: Desk, workspace: int) -> None:
        await desk.people.change_role(Operator(workspace), await _number(desk, workspace, email), role)

    ask(ctx, asked)
    say(f"[green]Changed.[/green] {plain(email)} is {role} now.")


@app.command()
def remove(ctx: typer.Context, email: Email, yes: Yes = False) -> None:
    """Take somebody out of the workspace; their sessions end."""

    async def lost(desk: Desk, workspace: int) -> str:
        one = await _member(desk, workspace, email)
        return (
            f"Remove {one.name} ({one.email}, {one.role})? They are signed out everywhere at once and see "
            "nothing of this workspace any more. What they made stays."
        )

    sure(ctx, yes, lost)

    async def asked(desk: Desk, workspace: int) -> None:
        await desk.people.remove(Operator(workspace), await _number(desk, workspace, email))

    ask(ctx, asked)
    say(f"[green]Removed[/green] {plain(email)}. What they made is kept.")


@app.command("reset-password")
def reset_password(ctx: typer.Context, email: Email, json: AsJson = False) -> None:
    """Make a link by which somebody who is locked out chooses a new password: good once, for 24 hours."""
    token = ask(ctx, lambda desk, workspace: desk.invitations.reset(Operator(workspace), email))
    what = f"for {plain(email)} to choose a new password, within 24 hours; hand it to nobody else"
    _say_link(f"/invitation?token={token}", what, json)


@second_factor.command("off")
def second_factor_off(ctx: typer.Context, email: Email, yes: Yes = False) -> None:
    """Take the second factor off somebody who lost phone and recovery codes; their sessions end."""

    async def lost(desk: Desk, workspace: int) -> str:
        one = await _member(desk, workspace, email)
        return (
            f"Take the second factor off {one.name} ({one.email})? They are signed out everywhere and "
            "come in by the password alone; phone and recovery codes open nothing any more."
        )

    sure(ctx, yes, lost)

    async def asked(desk: Desk, workspace: int) -> None:
        number = await _number(desk, workspace, email)
        await desk.second_factors.take_off(Operator(workspace), number)

    ask(ctx, asked)
    say(f"[green]Off.[/green] {plain(email)} signs in by the password alone, and is told of this.")


async def _number(desk: Desk, workspace: int, email: str) -> int:
    return (await _member(desk, workspace, email)).person_id


async def _member(desk: Desk, workspace: int, email: str) -> MemberShown:
    """Raises `NotFound`."""
    for member in await desk.people.members(workspace):
        if member.email == email.strip().lower():
            return member
    raise NotFound("person")


def _say_link(path: str, what: str, json: bool) -> None:
    if json:
        say_json({"path": path})
        return
    say(f"[bold]{path}[/bold]")
    say(f"Put the address of your Nightdesk before it. It is {what}.")
