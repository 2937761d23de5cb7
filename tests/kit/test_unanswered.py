"""What is said of whoever gave no answer: words for people, not the names of exceptions."""

import httpx2
import pytest

from nightdesk.kit.http.failures import unanswered


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (httpx2.ReadTimeout(""), "did not answer in time"),
        (httpx2.ReadError(""), "broke the connection off"),
        (httpx2.RemoteProtocolError(""), "broke the connection off"),
        (httpx2.DecodingError(""), "cannot be read"),
        (httpx2.InvalidURL(""), "cannot be read"),
    ],
)
def test_a_failure_is_told_in_words(failure: Exception, says: str) -> None:
    assert says in unanswered(failure)
