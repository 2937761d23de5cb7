"""What a service answers with is read the same way for every kind of provider."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.http_errors import asked_wait, ending_of_status, told

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "86400"}, 300),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": ""}, None),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "Retry-After": "9"}, 0.25),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:40 GMT"}, 40),
        ({"Retry-After": "Fri Nov 20 12:00:40 2026"}, 40),
        ({"Retry-After": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "Fri, 20 Nov 2026 15:00:20 GMT", "Date": "Fri, 20 Nov 2026 15:00:00 GMT"}, 20),
        ({"Retry-After": "Fri, 20 Nov 2026 12:00:40 GMT", "Date": "rubbish"}, 40),
    ],
    ids=str,
)
def test_the_wait_that_was_asked_for_is_read_and_capped(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert asked_wait(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": {"code": "c", "message": "m"}}, ("c", "m")),
        ({"error": {"type": "t", "message": "m"}}, ("t", "m")),
        ({"error": "plain"}, ("", "plain")),
        ({"detail": "m"}, ("", "m")),
        (None, ("", "")),
        ("text", ("", "text")),
        ([1], ("", "[1]")),
    ],
    ids=str,
)
def test_the_code_and_words_of_an_error_are_found(body: object, expected: tuple[str, str]) -> None:
    assert told(body) == expected


def test_every_status_from_300_to_599_has_an_ending() -> None:
    endings = {status: type(ending_of_status(status, "x")) for status in range(300, 600)}
    assert set(endings.values()) == {Later, NeedsPerson, Refused}
    assert {status for status, kind in endings.items() if kind is Later} >= {
        408,
        429,
        500,
        502,
        503,
        504,
        529,
    }


def test_the_key_is_struck_out_and_long_words_are_cut() -> None:
    ending = ending_of_status(401, "x", said="key sk-9 is bad " + "z" * 999, key=SecretStr("sk-9"))
    assert "sk-9" not in ending.why
    assert "[key] is bad" in ending.why
    assert len(ending.why) < 450
