"""Which tool servers the operator has for trends, how they are asked, and where in an answer trends lie."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from nightdesk.kit.text import clean
from nightdesk.kit.tools import at, filled
from nightdesk.sources.trends.contract import MOST, Trend, TrendsRefused, Wanted, web_address


class ToolServer(BaseModel):
    """A server that speaks the Model Context Protocol, and its one tool that is called.

    It has an address (`url`, streamable HTTP) or a `command` that is started (stdio). Of the `arguments`
    those in braces are filled in: `{subject}`, `{place}`, `{language}`, `{limit}`. `items` leads to the list
    of trends, step by step (`result.posts`); `title`, `link`, `summary` and `heat` lead from one of them to
    its parts. A number under `heat` puts the list in order; where there is none its own order stands.
    """

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    url: str = ""
    token: SecretStr | None = None
    command: str = ""
    args: list[str] = Field(default_factory=list)
    env: dict[str, str] = Field(default_factory=dict)
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    items: str = ""
    title: str = "title"
    link: str = "url"
    summary: str = ""
    heat: str = ""
    seconds: Annotated[float, Field(gt=0, le=120)] = 30.0

    @model_validator(mode="after")
    def _one_way(self) -> "ToolServer":
        if bool(self.url) == bool(self.command):
            raise ValueError("give either `url` or `command`")
        return self

    def filled(self, wanted: Wanted) -> dict[str, Any]:
        """The arguments of the call; a value that is one name in braces keeps that one's type."""
        return {name: filled(value, vars(wanted)) for name, value in self.arguments.items()}

    def trends_in(self, answer: Any) -> list[Trend]:
        """What the tool answered, read as trends. Raises `TrendsRefused` where no list lies there."""
        found = at(answer, self.items)
        if not isinstance(found, Sequence) or isinstance(found, str):
            where = f"under `{self.items}`" if self.items else "at its top"
            raise TrendsRefused(f"The answer of `{self.tool}` holds no list {where}: see its mapping.")
        rows = [row for row in found[: MOST * 4] if isinstance(row, str | Mapping)]
        if self.heat:
            rows.sort(key=lambda row: -_number(at(row, self.heat)))
        return [self._trend(row) for row in rows]

    def _trend(self, row: Any) -> Trend:
        if isinstance(row, str):
            return Trend(_text(row))
        summary = _text(at(row, self.summary)) if self.summary else ""
        return Trend(_text(at(row, self.title)), web_address(at(row, self.link)), summary)


def read_text(pieces: Sequence[str]) -> Any:
    """What a tool said as text, where that is JSON. Raises `TrendsRefused`."""
    try:
        return json.loads("".join(pieces))
    except (ValueError, RecursionError) as error:
        raise TrendsRefused(
            "The tool answered with prose, not with JSON that trends could lie in."
        ) from error


def _text(found: Any) -> str:
    return clean(found)[:600] if isinstance(found, str) else ""


def _number(found: Any) -> float:
    return float(found) if isinstance(found, int | float) and abs(found) < 1e18 else 0.0
