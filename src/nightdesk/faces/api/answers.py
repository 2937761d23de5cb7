"""Which problems a route may answer with, for the description of the API."""

from typing import Any

from nightdesk.faces.api.docs import REFERENCE
from nightdesk.faces.api.problems import KIND, TITLES

Answers = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Answers:
    """For a route's `responses`; 401 and 503 belong to every route."""
    content = {KIND: {"schema": {"$ref": REFERENCE}}}
    return {
        status: {"description": TITLES.get(status, "It did not work"), "content": content}
        for status in (*statuses, 401, 503)
    }
