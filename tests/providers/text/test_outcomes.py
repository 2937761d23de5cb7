"""Errors that a service words in its own way end like those that the status alone explains."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelOverloadedError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelRequestRejectedError,
)

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.providers.text.outcomes import outcome

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


def http(category: Any, status: int, **more: Any) -> ModelHTTPError:
    return ModelHTTPError.for_category(category, status_code=status, model_name="m", **more)


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (
            http(ModelQuotaExceededError, 400, body={"error": {"message": "credit balance too low"}}),
            NeedsPerson,
        ),
        (http(ModelQuotaExceededError, 429, body={"error": {"status": "RESOURCE_EXHAUSTED"}}), NeedsPerson),
        (http(ModelAuthenticationError, 400, body={"error": {"message": "API key not valid"}}), NeedsPerson),
        (http(ModelRequestRejectedError, 403, body={"error": {"message": "flagged"}}), Refused),
        (http(ModelContextWindowExceededError, 400), Refused),
        (http(ModelOverloadedError, 529), Later),
        (http(ModelRateLimitError, 429), Later),
        (http(None, 418), Refused),
        (ModelConnectionError("m", "lost"), Later),
        (ModelAPIError("m", "no JSON"), Later),
        (httpx2.ReadError("gone"), Later),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)[:60]),
)
def test_an_error_has_its_ending(error: Exception, ending: type[Ending]) -> None:
    ended = outcome(error, "anthropic:m", NOW)
    assert type(ended) is ending
    assert ended.why.startswith(("anthropic:m ", "The request is too long for anthropic:m"))


def test_a_wait_that_stands_in_the_body_counts_where_no_header_tells_one() -> None:
    in_body = outcome(http(ModelRateLimitError, 429, retry_after=14.0), "google:m", NOW)
    in_both = outcome(
        http(ModelRateLimitError, 429, retry_after=14.0, headers={"Retry-After": "9"}), "google:m", NOW
    )
    assert isinstance(in_body, Later)
    assert isinstance(in_both, Later)
    assert (in_body.seconds, in_both.seconds) == (14, 9)
