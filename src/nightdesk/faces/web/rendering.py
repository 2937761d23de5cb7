"""Turns templates into answers: a whole page, or the one block of it that the page asks for again."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from nightdesk.faces.web import drawing, times
from nightdesk.faces.web.assets import Assets
from nightdesk.kit.clock import Clock


class Templates:
    """The templates, with what all of them may use: `ui` (the macros), `draw`, `asset`, and the filters."""

    def __init__(self, assets: Assets, clock: Clock, version: str) -> None:
        self.clock = clock
        self._found = Environment(
            loader=PackageLoader("nightdesk.faces.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._found.filters |= {
            "time": pass_context(_moment(times.told)),
            "ago": pass_context(_moment(lambda moment, now, _: times.since(moment, now))),
            "lasted": times.lasted,
            "count": _count,
            "usd": _usd,
        }
        self._found.globals |= {"asset": assets.address, "draw": drawing, "version": version}
        self._found.globals["ui"] = self._found.get_template("parts/ui.html").module

    def page(self, name: str, context: Mapping[str, Any]) -> str:
        """The whole page."""
        return self._found.get_template(name).render(self._with_now(context))

    def has(self, name: str, block: str) -> bool:
        return block in self._found.get_template(name).blocks

    def block(self, name: str, block: str, context: Mapping[str, Any]) -> str:
        """One block of the page alone."""
        template = self._found.get_template(name)
        return "".join(template.blocks[block](template.new_context(self._with_now(context))))

    def _with_now(self, context: Mapping[str, Any]) -> dict[str, Any]:
        return {"now": self.clock.now(), "zone": times.zone_of("UTC"), **context}


def _moment(say: Callable[[datetime, datetime, Any], str]) -> Callable[[Context, datetime | None], Markup]:
    """A filter that writes a moment as `say` tells it, with the exact time to be had by pointing at it."""

    def written(context: Context, moment: datetime | None) -> Markup:
        if moment is None:
            return Markup('<span class="text-secondary">–</span>')
        zone = context["zone"]
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            moment.isoformat(timespec="seconds"),
            times.exact(moment, zone),
            say(moment, context["now"], zone),
        )

    return written


def _count(number: float) -> str:
    return f"{number:,}"


def _usd(amount: Any) -> str:
    """Two places, or as many as a small sum needs to show two figures."""
    value = float(amount)
    if value == 0 or value >= 0.1:
        return f"${value:,.2f}"
    return f"${value:.2g}" if value >= 0.0001 else "<$0.0001"
