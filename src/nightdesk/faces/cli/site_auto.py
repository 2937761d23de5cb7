"""`nightdesk sites auto`: how a site runs by itself, what tonight would cost, and what is set for it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer

from nightdesk.desk import Desk
from nightdesk.desk.autopilot import Forecast, Passage, Standing
from nightdesk.desk.people import Operator
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_facts, say_json, say_table

SiteKey = Annotated[str, typer.Argument(metavar="SITE", help="A site's slug or number.")]
Mode = Literal["review_first", "auto_publish"]
Kind = Literal["article", "video"]


@dataclass(frozen=True)
class Seen:
    """How the site stands, its rules in force by their kind, what they hold, and its night."""

    standing: Standing
    rules: dict[str, Any]
    held: list[Passage]
    forecast: Forecast


def auto(
    ctx: typer.Context,
    site: SiteKey,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Switch it on or off.")] = None,
    mode: Annotated[Mode | None, typer.Option(help="Who approves what passes all checks.")] = None,
    posts: Annotated[int | None, typer.Option(help="Articles a day.")] = None,
    videos: Annotated[int | None, typer.Option(help="Videos a day; 0 for none.")] = None,
    day_budget: Annotated[int | None, typer.Option(help="Credits a day; 0 for any number.")] = None,
    piece_budget: Annotated[int | None, typer.Option(help="Credits a piece; 0 for any number.")] = None,
    sign: Annotated[Kind | None, typer.Option(help="Sign a rule: such pieces go out by themselves.")] = None,
    hold: Annotated[int, typer.Option(help="Minutes in which one can be stopped, with --sign.")] = 120,
    withdraw: Annotated[Kind | None, typer.Option(help="Withdraw the rule for such pieces.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Let it go on after it waited.")] = False,
    json: AsJson = False,
) -> None:
    """Show how a site runs by itself and what tonight would cost; set it first where options say so."""
    facts = {
        "auto_mode": on,
        "generation_mode": mode,
        "posts_a_day": posts,
        "videos_a_day": videos,
        "day_budget": day_budget,
        "piece_budget": piece_budget,
    }
    given = {name: value for name, value in facts.items() if value is not None}

    async def work(desk: Desk, workspace: int) -> Seen:
        by, modes = Operator(workspace), desk.auto_modes
        if given:
            await desk.niches.shelf.change(workspace, site, given, by=by)
        if withdraw is not None:
            await modes.rules.withdraw(by, site, withdraw)
        if sign is not None:
            await modes.rules.sign(by, site, sign, hold)
        if resume:
            await modes.standings.resume(by, site)
        return Seen(
            await modes.standings.of(workspace, site),
            dict(await modes.rules.in_force(workspace, site)),
            await modes.holds.of_site(workspace, site, "waiting"),
            await modes.forecasts.of(workspace, site),
        )

    seen = ask(ctx, work)
    if json:
        say_json(_facts(seen))
        return
    _say(seen)


def _facts(seen: Seen) -> dict[str, Any]:
    """By the names that the API has for them."""
    site, night = seen.standing.site, seen.forecast
    rule = ("kind", "hold", "words", "who", "signed_at")
    return {
        "niche_id": site.id,
        "niche": site.slug,
        **facts_of(site, "auto_mode", "generation_mode", "two_people", "hours"),
        "posts_per_day": site.posts_a_day,
        "videos_per_day": site.videos_a_day,
        "budget_per_day": site.day_budget,
        "budget_per_piece": site.piece_budget,
        **facts_of(seen.standing, "reason", "says", "since"),
        "accounts": list(seen.standing.accounts),
        "rules": [facts_of(one, *rule) for one in seen.rules.values()],
        "held": list(seen.held),
        "forecast": {
            **facts_of(night, "until", "in_hand", "needed"),
            "parts": list(night.parts),
            "lacks": list(night.lacks),
            "estimated_credits": night.credits,
            "estimated_usd": night.usd,
            "current_balance": night.left,
            "sufficient": night.enough,
            "spent_today": night.spent,
        },
    }


def _say(seen: Seen) -> None:
    standing, night = seen.standing, seen.forecast
    site = standing.site
    state = "off" if not site.auto_mode else f"waits ({standing.reason})" if standing.reason else "on"
    say(f"Auto mode of {plain(site.name)}: [bold]{plain(state)}[/bold]")
    if standing.reason:
        say(plain(standing.says))
    say_facts(
        {
            "pieces a day": f"{site.posts_a_day} articles, {site.videos_a_day} videos",
            "mode": site.generation_mode,
            "rules": "; ".join(rule.words for rule in seen.rules.values()) or "none",
            "two people": site.two_people,
            "credits a day": site.day_budget or "any number",
            "credits a piece": site.piece_budget or "any number",
            "accounts": ", ".join(one.name for one in standing.accounts if one.by_itself) or "none",
        }
    )
    for one in seen.held:
        say(f"Held until {plain(one.ends_at)}: {plain(one.title)}")
    rows = [(one.what, one.count, one.credits, one.usd, one.basis) for one in night.parts]
    say_table(("tonight", "number#", "credits#", "USD#", "reckoned by"), rows, empty="Tonight costs nothing.")
    for lack in night.lacks:
        say(f"[yellow]{plain(lack)}[/yellow]")
    say(f"{night.needed:,} credits are wanted to begin, {night.left:,} are left, {night.in_hand:,} in hand.")
