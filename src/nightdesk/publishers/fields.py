"""What a person gives for an account: one field each, checked before it is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nightdesk.kit.text import clean

LONGEST = 4000
"""Characters of one value; a key in PEM form has about 3,200."""

_WORDS = re.compile(r"[\w-]+(\|[\w-]+)+")


@dataclass(frozen=True)
class Field:
    """One value of an account. A `secret` is kept sealed and never shown; `pattern` is what it must match.

    What is `seldom` needed may be folded away where people fill it in.
    """

    name: str
    title: str
    help: str = ""
    secret: bool = False
    required: bool = True
    pattern: str = ""
    default: str = ""
    seldom: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be, where its pattern names just these."""
        return tuple(self.pattern.split("|")) if _WORDS.fullmatch(self.pattern) else ()


class BadField(Exception):
    """A value that cannot be; `field` is its name."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def given(fields: tuple[Field, ...], values: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """The values of an account: those given, else those known, else the defaults. Raises `BadField`.

    An empty value of a secret leaves it as it was, since it is never shown to be given back.
    """
    names = {field.name for field in fields}
    for name in values:
        if name not in names:
            raise BadField(name, f"There is no `{name}` here; there are {', '.join(sorted(names))}.")
    found: dict[str, str] = {}
    for field in fields:
        value = clean(values.get(field.name, "")).strip()
        if not value and (field.secret or field.name not in values):
            value = known.get(field.name, "") or field.default
        if len(value) > LONGEST:
            raise BadField(field.name, f"At most {LONGEST:,} characters.")
        if value and field.pattern and not re.fullmatch(field.pattern, value):
            raise BadField(field.name, f"{field.title} does not look right. {field.help}".strip())
        if value:
            found[field.name] = value
    return found


def missing(fields: tuple[Field, ...], found: Mapping[str, str]) -> list[str]:
    """Titles of the required fields that have no value."""
    return [field.title for field in fields if field.required and not found.get(field.name)]
