"""Secrets are struck out of what others say back, however they write them, and nothing else is."""

import base64
import json
from urllib.parse import quote_plus

import pytest

from nightdesk.kit.concealing import STRUCK, Concealing, of_header

SECRET = "a/secret+with=marks&more"


@pytest.mark.parametrize(
    "said",
    [
        SECRET,
        quote_plus(SECRET),
        json.dumps({"why": SECRET}),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"e:{SECRET}".encode()).decode(),
        base64.urlsafe_b64encode(f"ed:{SECRET}:x".encode()).decode(),
    ],
)
def test_a_secret_is_struck_out_in_each_way_of_writing_it(said: str) -> None:
    told = Concealing([SECRET]).text(f"You sent {said}, which is wrong.")
    assert STRUCK in told
    assert SECRET not in told
    assert quote_plus(SECRET) not in told
    assert base64.b64encode(SECRET.encode()).decode()[2:-4] not in told
    assert told.startswith("You sent ")
    assert told.endswith(", which is wrong.")


def test_of_data_each_text_is_looked_at_but_those_that_are_the_answer() -> None:
    said = {"error": {"message": [f"no {SECRET}"]}, SECRET: 7, "refresh_token": SECRET, "status": 400}
    told = Concealing([SECRET]).value(said, but=("refresh_token",))
    assert told == {
        "error": {"message": [f"no {STRUCK}"]},
        STRUCK: 7,
        "refresh_token": SECRET,
        "status": 400,
    }


def test_what_is_short_or_not_there_changes_nothing() -> None:
    assert Concealing(["a", "the", ""]).text("a word of the day") == "a word of the day"
    assert Concealing().value({"a": ["b"]}) == {"a": ["b"]}
    assert SECRET not in repr(Concealing([SECRET]))


def test_the_secrets_of_a_header_are_known_by_its_kind() -> None:
    basic = base64.b64encode(b"editor:the password").decode()
    assert of_header(f"Basic {basic}") == {basic, "the password", "editor:the password"}
    assert of_header("Bearer abc.def") == {"abc.def"}
    assert of_header("Basic \u00e4\u00f6") == {"\u00e4\u00f6"}
    assert of_header("") == set()
