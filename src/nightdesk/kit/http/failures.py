"""How a fetch ends other than well: the house's own endings, each with a short code for the log."""

import httpx2

from nightdesk.kit.endings import Later, Refused


class FetchRefused(Refused):
    """This address, or what it answered, will never be accepted.

    `code` is one of `bad_address`, `blocked_address`, `unknown_host`, `bad_certificate`,
    `too_many_redirects`, `too_large`, `bad_answer`, or `http_` and the status.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{why} ({code})")
        self.code = code


class FetchLater(Later):
    """The other side could not be read now.

    `code` is one of `timeout`, `unreachable`, or `http_` and the status.
    """

    def __init__(self, code: str, why: str, seconds: float | None = None) -> None:
        super().__init__(f"{why} ({code})", seconds)
        self.code = code


def shown(text: str, limit: int = 100) -> str:
    """A foreign string made fit for a sentence: printable, on one line, at most `limit` characters."""
    printable = "".join(c if c.isprintable() else "?" for c in text[: limit + 1])
    return printable if len(printable) <= limit else printable[: limit - 1] + "…"


def unanswered(failure: Exception) -> str:
    """What the other side did instead of answering, as the end of a sentence about it."""
    if isinstance(failure, httpx2.TimeoutException):
        return "did not answer in time"
    if isinstance(failure, httpx2.NetworkError | httpx2.RemoteProtocolError):
        return "broke the connection off before its whole answer was here"
    return "gave an answer that cannot be read"
