"""Cursors: they come back as they were given out, and nothing else is taken for one."""

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.desk.paging import LARGEST, Cursor, Order, read_cursor
from nightdesk.store.tables.planner import Keyword

BY_NUMBER = Order("newest", Keyword.id, Keyword.id)
BY_DIFFICULTY = Order("hardest", Keyword.difficulty, Keyword.id)
BY_PHRASE = Order("phrase", Keyword.normal, Keyword.id, descending=False)


def spelled(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_a_cursor_of_numbers_comes_back(value: int, number: int) -> None:
    cursor = Cursor("newest", value, number)
    assert read_cursor(cursor.spelled(), BY_NUMBER) == cursor


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200))
def test_a_cursor_of_text_comes_back(value: str) -> None:
    cursor = Cursor("phrase", value, 7)
    assert read_cursor(cursor.spelled(), BY_PHRASE) == cursor


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_cursor_of_fractions_comes_back(value: float) -> None:
    cursor = Cursor("hardest", value, 7)
    assert read_cursor(cursor.spelled(), BY_DIFFICULTY) == cursor


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", None])
def test_what_is_no_number_is_no_cursor_of_fractions(value: object) -> None:
    with pytest.raises(ValueError):
        read_cursor(spelled(["hardest", value, 1]), BY_DIFFICULTY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "=" * 9,
        "a" * 5000,
        spelled("newest"),
        spelled(["newest", 1]),
        spelled(["newest", "1", 1]),
        spelled(["newest", 1, True]),
        spelled(["newest", 1, -1]),
        spelled(["newest", 1.5, 1]),
        spelled(["newest", 1, 2**63]),
        spelled(["newest", None, 1]),
        spelled(["volume", 1, 1]),
        spelled({"order": "newest"}),
        "W1" * 1500,
    ],
)
def test_what_no_page_gave_is_no_cursor(text: str) -> None:
    with pytest.raises(ValueError):
        read_cursor(text, BY_NUMBER)


def test_text_that_the_database_cannot_hold_is_no_cursor() -> None:
    for value in ("a\0b", "\ud800"):
        with pytest.raises(ValueError):
            read_cursor(spelled(["phrase", value, 1]), BY_PHRASE)


@given(st.binary(max_size=60))
def test_no_bytes_bring_the_reader_down(content: bytes) -> None:
    text = base64.urlsafe_b64encode(content).decode()
    with contextlib.suppress(ValueError):
        read_cursor(text, BY_NUMBER)
