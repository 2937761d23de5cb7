"""Ids sort by time and are never equal; API keys are long, and only their hash is kept."""

from datetime import UTC, datetime

import pytest

from nightdesk.kit.clock import SetClock
from nightdesk.kit.ids import hash_token, is_api_key, new_api_key, new_token, sortable_id


def test_ids_sort_by_when_they_were_made() -> None:
    clock = SetClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    made = []
    for _ in range(200):
        made.append(sortable_id(clock))
        clock.move(0.0005)
    assert made == sorted(made)


def test_ids_of_one_instant_differ_and_are_version_7() -> None:
    clock = SetClock(datetime(2026, 11, 20, 3, tzinfo=UTC))
    made = {sortable_id(clock) for _ in range(1000)}
    assert len(made) == 1000
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert {one.int >> 80 for one in made} == {int(clock.now().timestamp() * 1000)}


def test_an_api_key_is_found_again_by_its_hash_alone() -> None:
    key = new_api_key()
    assert is_api_key(key.token)
    assert key.hashed == hash_token(key.token)
    assert len(key.hashed) == 64
    assert key.token.startswith(key.prefix)
    assert len(key.prefix) < len(key.token) / 3


def test_keys_and_tokens_are_never_given_twice() -> None:
    assert len({new_api_key().token for _ in range(500)}) == 500
    assert len({new_token() for _ in range(500)}) == 500


@pytest.mark.parametrize(
    "text", ["", "nd_", "nd_short", "sk_" + "a" * 40, "nd_" + "a" * 39 + "!", "nd_" + "a" * 41]
)
def test_other_texts_are_not_taken_for_keys(text: str) -> None:
    assert not is_api_key(text)
