"""Prints for people and for scripts: tables and sentences, or JSON alone."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import typer
from rich import box
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]

WIDE = 140
"""Columns where the output is no terminal, so that a file gets whole lines."""

_OPENS = re.compile(r"(\\*)(\[|$)")
_NOTHING = "[none][/none]"
"""Markup that shows nothing."""

_JOINERS = "\u200c\u200d"
"""Unseen, and part of words in Persian or Hindi, and of emojis."""


def out() -> Console:
    """Where results go."""
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, emoji=False)


def aside() -> Console:
    """Where progress and complaints go, so that results can be piped on."""
    wide = None if sys.stderr.isatty() else WIDE
    return Console(stderr=True, width=wide, highlight=False, emoji=False)


def say(text: str) -> None:
    """One line for the person, with Rich's markup; what is not ours in it must be `plain`."""
    out().print(text, soft_wrap=True)


def plain(text: object) -> str:
    """The text without control characters and with nothing that Rich takes for markup, whatever follows."""
    return _OPENS.sub(_closed, printable(shown(text)))


def _closed(opens: re.Match[str]) -> str:
    # Rich halves backslashes before a tag and none elsewhere, so that theirs get a tag of their own.
    slashes = opens[1] * 2 + _NOTHING if opens[1] else ""
    return slashes + ("\\[" if opens[2] else "")


def printable(text: str, but: str = "") -> str:
    """The text without what moves or colours a terminal, for what knows no markup; `but` is left in it."""
    return "".join(c if c.isprintable() or c in _JOINERS or c in but else " " for c in text)


def say_text(text: str) -> None:
    """Text of several lines as it is, but for what is not `printable`."""
    sys.stdout.write(printable(text, "\n\t") + "\n")


def say_json(value: Any) -> None:
    """The value as one JSON document; what is not `printable` in it is spelled by numbers."""
    spelled = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    told = (c if printable(c, "\n") == c else json.dumps(c)[1:-1] for c in spelled)
    sys.stdout.write("".join(told) + "\n")


def say_facts(facts: Mapping[str, object]) -> None:
    """Names and their values, one a line."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in facts.items():
        table.add_row(f"[bold]{plain(name)}[/bold]", plain(value))
    out().print(table)


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Rows under headings; a heading that ends in `#` is of numbers. Says `empty` where there are none."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in headings:
        table.add_column(heading.rstrip("#"), justify="right" if heading.endswith("#") else "left")
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    if table.row_count:
        out().print(table)
    else:
        say(empty)


def shown(value: object) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, Decimal):
        return f"{value:,.4f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def facts_of(row: object, *names: str) -> dict[str, Any]:
    """Those facts of a row, in that order."""
    return {name: getattr(row, name) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
