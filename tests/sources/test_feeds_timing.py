"""A feed is asked as often as it brings something, and less often while it fails."""

from datetime import UTC, datetime, timedelta

import pytest

from nightdesk.sources.feeds.timing import LONGEST, SHORTEST, fresh_for, next_due, next_try

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(pause: timedelta, count: int = 10) -> list[datetime | None]:
    return [None, *(NOW - pause * (number + 1) for number in range(count))]


@pytest.mark.parametrize(
    ("pause", "waits"),
    [
        (timedelta(minutes=1), SHORTEST),
        (2 * HOUR, HOUR),
        (12 * HOUR, 6 * HOUR),
        (timedelta(days=30), LONGEST),
    ],
)
def test_a_feed_is_asked_twice_between_two_of_its_stories(pause: timedelta, waits: timedelta) -> None:
    assert next_due(NOW, published=every(pause)) - NOW == waits


def test_a_feed_that_fell_silent_is_asked_less_and_less() -> None:
    brisk = every(HOUR)
    waits = [
        next_due(NOW + HOUR * quiet, published=brisk) - NOW - HOUR * quiet for quiet in (0, 24, 72, 10_000)
    ]
    assert waits == sorted(waits)
    assert waits[0] == HOUR / 2
    assert waits[-1] == LONGEST


def test_without_dates_it_is_asked_sooner_after_news_and_later_without() -> None:
    assert next_due(NOW) - NOW == HOUR
    assert next_due(NOW, previous=4 * HOUR, new=3) - NOW == 2 * HOUR
    assert next_due(NOW, previous=4 * HOUR) - NOW == 6 * HOUR
    assert next_due(NOW, previous=20 * HOUR) - NOW == LONGEST
    assert next_due(NOW, previous=SHORTEST, new=1) - NOW == SHORTEST


def test_dates_in_the_future_change_nothing() -> None:
    assert next_due(NOW, published=[NOW + timedelta(days=1000)] * 20) - NOW == HOUR


def test_it_is_left_alone_as_long_as_it_or_its_server_asks() -> None:
    brisk = every(timedelta(minutes=1))
    assert next_due(NOW, published=brisk, ttl=180) - NOW == 3 * HOUR
    assert next_due(NOW, published=brisk, headers={"cache-control": "public, max-age=7200"}) - NOW == 2 * HOUR
    assert next_due(NOW, published=brisk, ttl=10**6) - NOW == LONGEST


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "no-cache"}, 0),
        ({"cache-control": 'private, Max-Age="60"'}, 60),
        ({"cache-control": "s-maxage=60"}, 0),
        ({"cache-control": "max-age=-1"}, 0),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3600),
        ({"expires": "Mon, 02 Mar 2026 11:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT", "cache-control": "no-store"}, 0),
    ],
)
def test_what_a_server_says_of_freshness_is_understood(headers: dict[str, str], seconds: int) -> None:
    assert fresh_for(headers, NOW) == timedelta(seconds=seconds)


def test_one_that_fails_is_tried_after_pauses_that_double_up_to_a_day() -> None:
    waits = [next_try(NOW, failures) - NOW for failures in range(1, 12)]
    assert waits[:4] == [SHORTEST, 2 * SHORTEST, HOUR, 2 * HOUR]
    assert waits == sorted(waits)
    assert waits[-1] == next_try(NOW, 10_000) - NOW == LONGEST


def test_one_that_names_a_time_is_not_tried_before() -> None:
    assert next_try(NOW, 1, asked=7200) - NOW == 2 * HOUR
    assert next_try(NOW, 1, asked=10) - NOW == SHORTEST
    assert next_try(NOW, 1, asked=1e12) - NOW == LONGEST
    assert next_try(NOW, 1, asked=-5) - NOW == SHORTEST
