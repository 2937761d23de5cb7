"""Says how one idea stands in its two forms."""

from nightdesk.desk.videos.twins import Twins
from nightdesk.faces.cli.printing import facts_of, plain, say, say_json

FACTS = (
    "task_id",
    "content_id",
    "article",
    "article_status",
    "video_id",
    "video",
    "video_status",
    "site",
    "new",
)


def say_twins(made: Twins, other: str, *, as_json: bool) -> None:
    """`other` is the form that was asked for."""
    if as_json:
        say_json(facts_of(made, *FACTS))
        return
    done = "[green]asked for[/green]" if made.new else "asked for before"
    say(f"{plain(made.video)}: {plain(other)}, {done}.")
