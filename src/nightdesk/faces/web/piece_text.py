"""The text of an article as a form hands it in: read, and judged in words that say what to mend."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from nightdesk.desk.errors import Invalid
from nightdesk.desk.review.inputs import ContentChanges
from nightdesk.desk.rows import Content, Revision

FIELDS = ("title", "markdown", "meta_title", "meta_description", "slug")
SAYS = {
    "title": "A title has 8 to 160 characters.",
    "markdown": "An article has 200 to 120,000 characters.",
    "meta_title": "70 characters at most; about 60 are shown.",
    "meta_description": "170 characters at most; about 155 are shown.",
    "slug": "An address has 1 to 75 characters.",
}

Given = Mapping[str, str]
"""The fields by name."""


def given(form: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form, with the line ends of our own texts."""
    return {name: str(form.get(name, "")).replace("\r\n", "\n") for name in FIELDS}


def of(kept: Content | Revision) -> dict[str, str]:
    """The same of what is kept."""
    return {name: getattr(kept, name) for name in FIELDS}


def changes(text: Given, revision: int | None) -> ContentChanges:
    """Raises `Invalid` for the first field that cannot be taken."""
    try:
        return ContentChanges.model_validate({**text, "revision": revision})
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        why = SAYS.get(field, "This cannot be taken.")
        if error.errors()[0]["type"] == "value_error":
            why = f"This cannot be kept: {error.errors()[0]['ctx']['error']}."
        raise Invalid(field, why) from error
