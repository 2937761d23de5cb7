"""What platforms say of a fault is told in their words, without the marks around them."""

import json

import pytest

from nightdesk.publishers.calling import words
from nightdesk.publishers.fields import Field


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (json.dumps({"title": "Service Unavailable", "detail": "Try later."}), "Try later."),
        (json.dumps({"error": "invalid_grant", "error_description": "It has ended."}), "It has ended."),
        (json.dumps({"error": {"code": 503, "message": "The backend is away."}}), "The backend is away."),
        (json.dumps({"error": {"errors": []}}), '{"error": {"errors": []}}'),
        (json.dumps({"detail": "<b>No</b>"}), "No"),
        ("<p>Briefly unavailable.</p>", "Briefly unavailable."),
        ('{"detail": "cut o', '{"detail": "cut o'),
        ("[" * 5000, "[" * 199 + "…"),
    ],
)
def test_the_words_about_a_fault_are_found(answer: str, says: str) -> None:
    assert words(answer) == says


@pytest.mark.parametrize(
    ("pattern", "choices"),
    [("yes|no", ("yes", "no")), (r"[a-z]+|no", ()), ("", ()), ("one", ()), (r"\d|\w", ())],
)
def test_a_field_whose_pattern_names_words_offers_them(pattern: str, choices: tuple[str, ...]) -> None:
    assert Field("kids", "For kids", pattern=pattern).choices == choices
