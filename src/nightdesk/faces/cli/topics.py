"""`nightdesk topics`: what a site may speak about next; listed in order, picked, added, proposed."""

from typing import Annotated, Literal

import typer

from nightdesk.desk import Desk
from nightdesk.desk.paging import MOST, Paging
from nightdesk.desk.rows import Topic
from nightdesk.desk.topics import Gathered, TopicFilter
from nightdesk.faces.cli.keywords import OfSite
from nightdesk.faces.cli.opening import ask
from nightdesk.faces.cli.printing import AsJson, facts_of, plain, say, say_json, say_table

app = typer.Typer(help="List, pick and add topics.", no_args_is_help=True, add_completion=False)

Source = Literal["auto", "rss", "list", "llm", "trending", "planner"]
FACTS = (
    "id", "title", "summary", "url", "source", "score", "reasons", "told_by", "status", "used_for",
    "published_at", "first_seen_at", "used_at"
)  # fmt: skip


@app.command("list")
def list_(
    ctx: typer.Context,
    site: OfSite,
    every: Annotated[bool, typer.Option("--all", help="Also those that are used or dismissed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many.")] = 20,
    json: AsJson = False,
) -> None:
    """List a site's topics, the best first, with the reasons of the order."""

    async def look(desk: Desk, workspace: int) -> list[Topic]:
        found = await desk.sites.get(workspace, site)
        paging = Paging(desk.topics.orders["score"], limit)
        asked = TopicFilter(status=None if every else "new")
        return (await desk.topics.page(workspace, found.id, asked, paging)).items

    topics = ask(ctx, look)
    if json:
        say_json([facts_of(one, *FACTS) for one in topics])
        return
    say_table(
        ("number#", "score#", "topic", "from", "told by#", "state", "because"),
        [
            (str(one.id), round(one.score), one.title, one.source, one.told_by, one.status, _because(one))
            for one in topics
        ],
        empty=f"No topic. Give the site feeds: nightdesk feeds seed --site {plain(site)}",
    )


def _because(topic: Topic) -> str:
    """The reason that counts most."""
    best = max(topic.reasons, key=lambda reason: reason["points"], default=None)
    return str(best["says"]) if best else ""


@app.command()
def pick(
    ctx: typer.Context,
    site: OfSite,
    source: Annotated[Source, typer.Option(help="Where from.")] = "auto",
    json: AsJson = False,
) -> None:
    """Take the one next topic; nobody else gets it."""

    async def take(desk: Desk, workspace: int) -> Topic:
        found = await desk.sites.get(workspace, site)
        return await desk.topics.pick(workspace, found.id, used_for="command line", source=source)

    topic = ask(ctx, take)
    if json:
        say_json(facts_of(topic, *FACTS))
    else:
        say(f"[green]{plain(topic.title)}[/green]  {plain(topic.url)}")
        say(f"Not for you? nightdesk topics give-back {topic.id}")


@app.command("give-back")
def give_back(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(min=1, help="Of the topic, as `topics list --all` shows it.")],
) -> None:
    """Make a topic that was picked new again."""

    async def back(desk: Desk, workspace: int) -> Topic:
        return await desk.topics.give_back(workspace, number)

    say(f"“{plain(ask(ctx, back).title)}” is new again.")


@app.command()
def add(
    ctx: typer.Context,
    titles: Annotated[list[str], typer.Argument(help="Topics, each in quotes.")],
    site: OfSite,
    json: AsJson = False,
) -> None:
    """Add topics by hand; stories that the site knows already are left out."""

    async def take(desk: Desk, workspace: int) -> Gathered:
        found = await desk.sites.get(workspace, site)
        return await desk.topics.add_many(workspace, found.id, titles)

    done = ask(ctx, take)
    if json:
        say_json({"given": len(titles), "new": done.new_topics})
    else:
        say(f"{done.new_topics:,} of {len(titles):,} added; the others are stories that the site knows.")
