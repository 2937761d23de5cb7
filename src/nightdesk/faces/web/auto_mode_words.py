"""What pages say of auto mode beside the desk's own sentences: what helps where it waits, spans of time."""

from dataclasses import dataclass

from nightdesk.desk.autopilot import Forecast, Standing

KINDS = {"article": "Articles", "video": "Videos"}

HOLDS = (
    (15, "15 minutes"),
    (30, "half an hour"),
    (60, "1 hour"),
    (120, "2 hours"),
    (240, "4 hours"),
    (480, "8 hours"),
    (720, "12 hours"),
    (1440, "1 day"),
    (2880, "2 days"),
)
"""Minutes in which a piece can be stopped, as they are offered."""


COLOURS = ("blue", "green", "purple", "orange")


@dataclass(frozen=True)
class Remedy:
    """Where what it waits for is put right; `by_itself` where it goes on once that is."""

    path: str
    label: str
    by_itself: bool = True


def remedy(standing: Standing) -> Remedy | None:
    """What helps a site that waits; None where it does not wait."""
    if not standing.reason:
        return None
    at = f"/sites/{standing.site.slug}"
    return {
        "stopped": Remedy("/calendar", "To the calendar"),
        "disk": Remedy("/settings/retention", "To what is kept"),
        "quality": Remedy(f"/review?site={standing.site.slug}", "Look at them", by_itself=False),
        "account": Remedy("/accounts", "To the accounts"),
        "piece_budget": Remedy(f"{at}/auto#pace", "To the budgets"),
        "budget": Remedy(f"{at}/auto#pace", "To the budgets"),
        "credits": Remedy("/credits", "To the credits"),
        "run": Remedy(at, "To its run"),
        "topics": Remedy(f"{at}/topics", "To its topics"),
    }.get(standing.reason, Remedy(at, "To the site"))


def shares(forecast: Forecast) -> list[tuple[str, float, str]]:
    """The parts of a forecast as they are drawn: name, credits, colour."""
    return [
        (part.what, float(part.credits), COLOURS[number % len(COLOURS)])
        for number, part in enumerate(forecast.parts)
    ]
