"""Times as a person in a zone reads them."""

from datetime import UTC, datetime, timedelta

import pytest

from nightdesk.faces.web import times

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
BERLIN = times.zone_of("Europe/Berlin")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 20, 5, 40, tzinfo=UTC), "06:40"),
        (datetime(2026, 11, 19, 23, 10, tzinfo=UTC), "00:10"),
        (datetime(2026, 11, 19, 21, 10, tzinfo=UTC), "yesterday 22:10"),
        (datetime(2026, 11, 21, 1, 0, tzinfo=UTC), "tomorrow 02:00"),
        (datetime(2026, 11, 24, 1, 0, tzinfo=UTC), "Tue 02:00"),
        (datetime(2026, 11, 2, 1, 0, tzinfo=UTC), "2 Nov 02:00"),
        (datetime(2025, 11, 2, 1, 0, tzinfo=UTC), "2 Nov 2025"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_who_reads(moment: datetime, said: str) -> None:
    assert times.told(moment, NOW, BERLIN) == said


def test_the_exact_time_names_its_zone() -> None:
    assert times.exact(NOW, BERLIN) == "Friday 20 November 2026, 07:30:00 CET"


def test_a_zone_that_nobody_knows_is_taken_for_utc() -> None:
    assert times.exact(NOW, times.zone_of("Mars/Olympus")).endswith("UTC")


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=4), "4 min ago"),
        (timedelta(hours=-3), "in 3 h"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=9), "9 days ago"),
    ],
)
def test_a_gap_is_told_in_one_unit(gap: timedelta, said: str) -> None:
    assert times.since(NOW - gap, NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(8, "8 s"), (60, "1 min"), (260, "4 min 20 s"), (11100, "3 h 05 min"), (-1, "0 s")]
)
def test_a_span_is_told_to_the_two_greatest_units(seconds: float, said: str) -> None:
    assert times.lasted(seconds) == said
