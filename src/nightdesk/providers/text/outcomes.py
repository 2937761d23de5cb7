"""Turns what went wrong with a request to a model, in pydantic-ai's words, into one of the desk's endings."""

from collections.abc import Iterator
from datetime import datetime

import httpx2
from pydantic import SecretStr
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
)

from nightdesk.kit.endings import Ending, Later, NeedsPerson
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.providers.http_errors import asked_wait, ending_of_status, quoted, told
from nightdesk.providers.text.answers import Unusable
from nightdesk.providers.wire import TooLarge

# pydantic-ai knows how each service words these; the status alone does not always tell (Google sends a bad
# key as a 400, Anthropic an empty account as a 400).
STATUS_OF_KIND: tuple[tuple[type[ModelAPIError], int], ...] = (
    (ModelQuotaExceededError, 402),
    (ModelContextWindowExceededError, 413),
    (ModelNotFoundError, 404),
)


def outcome(error: Exception, who: str, now: datetime, key: SecretStr | None = None) -> Ending | Unusable:
    """What `error` comes to: an ending, or `Unusable` for an answer too large to be read."""
    for cause in _causes(error):
        if isinstance(cause, FetchRefused):
            return NeedsPerson(f"{who} was not asked. {cause.why}")
        if isinstance(cause, FetchLater):
            return cause
        if isinstance(cause, TooLarge):
            return Unusable(f"was {cause}", raw=cause.start)
    if isinstance(error, ModelHTTPError):
        return _of_status(error, who, now, key)
    for cause in _causes(error):
        # A redirect is no error to pydantic-ai, and no answer either.
        if isinstance(status := getattr(cause, "status_code", None), int):
            return ending_of_status(status, who)
    if isinstance(error, ModelConnectionError | httpx2.HTTPError):
        return Later(f"{who} could not be reached.{quoted(_root(error), key)}")
    return Later(
        f"{who} answered with something that is not a model's answer; if this goes on, check the base URL."
        f"{quoted(_root(error), key)}"
    )


def _of_status(error: ModelHTTPError, who: str, now: datetime, key: SecretStr | None) -> Ending:
    status = next((known for kind, known in STATUS_OF_KIND if isinstance(error, kind)), error.status_code)
    # A 403 that moderation caused is no matter of keys, and pydantic-ai tells it apart.
    if status == 403 and not isinstance(error, ModelAuthenticationError):
        status = 400
    elif status == 400 and isinstance(error, ModelAuthenticationError):
        status = 401
    wait = asked_wait(error.headers or {}, now)
    code, said = told(error.body)
    return ending_of_status(
        status,
        who,
        code=error.provider_error_code or error.provider_error_type or code,
        said=said,
        wait=error.retry_after if wait is None else wait,
        key=key,
    )


def _root(error: BaseException) -> str:
    *_, root = _causes(error)
    return str(root) or type(root).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
