"""Turns what an HTTP service answered, or failed to answer, into one of the desk's endings."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx2
from pydantic import SecretStr

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.retrying import retry_after

LONGEST_WAIT = 300.0
"""Seconds; a service that asks us to wait longer is asked again after this long."""

QUOTED = 300
"""Characters of a service's own words that a message quotes."""

# The first group from https://developers.openai.com/api/docs/guides/error-codes;
# `exceeded_current_quota_error` is Moonshot's, `billing_error` Anthropic's, `insufficient_credits`
# OpenRouter's and Runware's.
NO_CREDIT_CODES = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "exceeded_current_quota_error",
        "billing_error",
        "insufficient_credits",
    }
)
KEY_CODES = frozenset(
    {"invalid_api_key", "API_KEY_INVALID", "authentication_error", "invalid_authentication"}
)
UNKNOWN_MODEL_CODES = frozenset({"model_not_found", "DeploymentNotFound"})
POLICY_CODES = frozenset(
    {"content_filter", "content_policy_violation", "moderation_blocked", "sexual_content", "flagged_input"}
)
TOO_LONG_CODES = frozenset({"context_length_exceeded", "string_above_max_length"})

Complaint = Callable[[object], tuple[str, str]]
"""Gives the code and the message in an error's body."""

NOT_A_REFUSAL = frozenset({408, 409, 425, 429})
WRONG_ADDRESS = frozenset({301, 302, 303, 307, 308, 404, 405, 410, 501})


def ending_of_status(
    status: int,
    who: str,
    *,
    code: str = "",
    said: str = "",
    wait: float | None = None,
    key: SecretStr | None = None,
) -> Ending:
    """What an answer of HTTP `status` (3xx, 4xx, 5xx) with the service's own error `code` comes to.

    `who` names the service as the person knows it, `said` is the service's own message, `wait` the seconds
    it asked for, `key` is struck out wherever the service repeats it. Statuses: RFC 9110 §15 and RFC 6585.
    """
    words = quoted(said, key)
    if status == 402 or code in NO_CREDIT_CODES:
        return NeedsPerson(f"{who} has no credit left: top it up or raise its limit, then resume.{words}")
    if code in POLICY_CODES:
        return Refused(f"{who} refused this request by its content policy.{words}")
    if status == 401 or code in KEY_CODES:
        return NeedsPerson(f"{who} did not accept the key: enter a valid one, then resume.{words}")
    if status == 403:
        return NeedsPerson(f"{who} does not allow this key to do this: change its rights or the key.{words}")
    if status in WRONG_ADDRESS or code in UNKNOWN_MODEL_CODES:
        return NeedsPerson(f"{who} does not know this model or address: check the model and base URL.{words}")
    if status == 413 or code in TOO_LONG_CODES:
        return Refused(f"The request is too long for {who}.{words}")
    if status in NOT_A_REFUSAL or status >= 500:
        return Later(f"{who} cannot answer now (HTTP {status}).{words}", wait)
    return Refused(f"{who} refused this request (HTTP {status}).{words}")


def ending_of_answer(
    answer: httpx2.Response,
    who: str,
    now: datetime,
    key: SecretStr | None = None,
    complaint: Complaint | None = None,
) -> Ending:
    """What a refused answer comes to; `complaint` reads a body that is not worded as OpenAI's are."""
    try:
        code, said = (complaint or told)(answer.json())
    except ValueError:
        code, said = "", answer.text
    wait = asked_wait(answer.headers, now)
    return ending_of_status(answer.status_code, who, code=code, said=said, wait=wait, key=key)


def told(body: object) -> tuple[str, str]:
    """The code and the message in an error's body, as OpenAI words it: `{"error": {"code", "message"}}`."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return "", str(inner or "")
    code = inner.get("code") or inner.get("type") or ""
    return str(code), str(inner.get("message") or inner.get("detail") or inner)


def asked_wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds that an answer asks us to wait, from 0 to `LONGEST_WAIT`; None where it does not say.

    Reads `retry-after-ms` (OpenAI, Anthropic) and `Retry-After` (RFC 9110 §10.2.3) as seconds or as a date.
    A date is compared with the answer's own `Date`, so that two clocks that disagree do no harm; `now` serves
    where there is none.
    """
    named = {name.lower(): value for name, value in headers.items()}
    milliseconds = named.get("retry-after-ms", "").strip()
    if milliseconds.isascii() and milliseconds.isdigit():
        seconds: float | None = int(milliseconds[:9]) / 1000
    else:
        seconds = retry_after(named.get("retry-after"), _date(named.get("date")) or now)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def quoted(said: str, key: SecretStr | None) -> str:
    """The service's own words as the end of a message, short, in one line and without the key."""
    words = " ".join(without_key(said, key).split())
    if not words:
        return ""
    return f" It said: {words[:QUOTED]}{'…' if len(words) > QUOTED else ''}"


def without_key(text: str, key: SecretStr | None) -> str:
    """`text` with every occurrence of the key struck out."""
    secret = key.get_secret_value() if key else ""
    return text.replace(secret, "[key]") if secret else text


def _date(spelled: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(spelled) if spelled else None
    except (ValueError, OverflowError):
        return None
    return date if date and date.tzinfo else None
