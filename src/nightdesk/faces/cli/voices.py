"""`nightdesk voices`: the voices that videos are read by, how they sound, and how to put more in."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from nightdesk.desk import Desk
from nightdesk.desk.voices import Offered, Plan, VoiceList
from nightdesk.faces.cli.asking_first import agreed, on_a_terminal
from nightdesk.faces.cli.failure import USED_WRONGLY, Failure
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, aside, plain, say, say_json, say_table
from nightdesk.faces.cli.providers import MaybeSite, site_id

app = typer.Typer(
    help="The voices that videos are read by.", invoke_without_command=True, add_completion=False
)

Language = Annotated[str, typer.Option("--language", help="Such as en or pt-BR; the site's unless told.")]


@app.callback()
def voices(ctx: typer.Context, site: MaybeSite = None, language: Language = "", json: AsJson = False) -> None:
    """The voices of the chosen provider, in a language. Without a command: the list."""
    if ctx.invoked_subcommand is not None:
        return

    async def listed(desk: Desk, workspace: int) -> VoiceList:
        return await desk.voices.of(workspace, await site_id(desk, workspace, site), language)

    found = ask(ctx, listed)
    if json:
        say_json(found)
        return
    say(f"Voices of [bold]{plain(found.provider)}[/bold] for {plain(found.language)}:")
    rows = [(one.name, one.language, one.about) for one in found.voices]
    say_table(("name", "language", ""), rows, empty="None: choose another provider, or put one in.")
    say(plain(found.alignment))


@app.command()
def install(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(help="A voice, or `piper` or `kokoro`; without it, all that can be put in."),
    ] = None,
    language: Language = "",
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FOLDER", help="Take the files from a folder, not the network."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the licence is accepted.")] = False,
    json: AsJson = False,
) -> None:
    """Put a voice in on this machine: shows its licence, downloads it, checks it."""
    if name is None:
        _say_offered(ask(ctx, lambda desk, _workspace: _offered(desk, language)), json)
        return

    async def put_in(desk: Desk, _workspace: int) -> Plan:
        plan = desk.voices.installer.plan(name, language or "en")
        if plan.files:
            _agree(plan, yes)
            await _followed(desk, plan, source)
        return plan

    plan = ask(ctx, put_in)
    names = [voice.name for voice in plan.voices]
    if json:
        say_json({"provider": plan.provider, "voices": names, "downloaded": len(plan.files)})
        return
    done = f"{len(names)} voices" if len(names) > 1 else plain(names[0])
    choice = f"{plan.provider}:{names[0]}"
    if not plan.files:
        say(f"{done} had been put in already: choose it by `nightdesk providers choose speech {choice}`.")
    else:
        say(
            f"[green]Put in[/green]: {done}. Choose it by `nightdesk providers choose speech {choice}`, "
            "hear it by `nightdesk voices say`."
        )


@app.command("say")
def say_(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(help="What is to be read aloud.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.wav", help="Where the sound goes.")],
    voice: Annotated[str, typer.Option("--voice", help="One of `nightdesk voices`.")] = "",
    language: Language = "",
    site: MaybeSite = None,
) -> None:
    """Have a text read aloud into a WAV file; with a paid provider it costs a little."""

    if not out.parent.is_dir():
        raise Failure(f"{out} cannot be written: there is no folder {out.parent}.", USED_WRONGLY)

    async def read(desk: Desk, workspace: int) -> tuple[bytes, float, str]:
        number = await site_id(desk, workspace, site)
        spoken = await desk.voices.say(workspace, text, number, language, voice)
        return spoken.sound, spoken.seconds, spoken.label

    sound, seconds, label = ask(ctx, read)
    try:
        out.write_bytes(sound)
    except OSError as error:
        raise Failure(f"{out} cannot be written: {error.strerror or error}.", USED_WRONGLY) from error
    say(f"{plain(label)} read it in {seconds:.1f} seconds: {plain(out)}")


async def _offered(desk: Desk, language: str) -> list[Offered]:
    return desk.voices.installer.offered(language)


def _say_offered(found: list[Offered], json: bool) -> None:
    if json:
        say_json(found)
        return
    rows = [
        (
            one.name,
            one.provider,
            one.language,
            one.about,
            f"{one.size / 1e6:.1f}" if one.size else "",
            one.licence,
            "yes" if one.installed else "",
        )
        for one in found
    ]
    headings = ("name", "provider", "language", "", "MB#", "licence", "here")
    say_table(headings, rows, empty="None in that language.")


def _agree(plan: Plan, yes: bool) -> None:
    """Shows the terms and asks. Raises `Failure` where the person will not, or nobody can be asked."""
    console = aside()
    names = plan.voices[0].name if len(plan.voices) == 1 else f"{len(plan.voices)} voices of {plan.provider}"
    size = f", {plan.size / 1e6:,.0f} MB" if plan.size else ""
    console.print(f"[bold]{plain(names)}[/bold]{size}, from {plain(plan.publisher.at)}", soft_wrap=True)
    for licence in plan.licences:
        console.print(f"Licence: {plain(licence)}", soft_wrap=True)
    for card in plan.cards:
        console.print(f"Model card: {plain(card)}", soft_wrap=True)
    if plan.caution:
        console.print(plain(plan.caution), soft_wrap=True)
    if yes:
        return
    on_a_terminal("Nobody can be asked here: say it again with --yes where the licence suits you.")
    agreed("Put it in?", "Nothing was downloaded.")


async def _followed(desk: Desk, plan: Plan, source: Path | None) -> None:
    """Puts the voices in under a bar that moves."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=aside(), transient=True) as progress:
        bar = progress.add_task("", total=None)

        def told(file: str, done: int, size: int | None) -> None:
            progress.update(bar, description=file, completed=done, total=size)

        await desk.voices.install(plan, source, told)
