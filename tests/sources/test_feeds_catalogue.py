"""The catalogue gives feeds for a subject in a person's own words."""

from pathlib import Path

import pytest

from nightdesk.kit.endings import NeedsPerson
from nightdesk.sources.feeds import catalogue
from nightdesk.sources.feeds.addresses import web_address

OWN = """
[[subject]]
name = "gardening"
words = ["bonsai"]
feeds = [{ title = "Our beds", url = "https://ours.example/feed" }]
[[subject]]
name = "chess"
feeds = [{ title = "Openings", url = "https://chess.example/feed", language = "de" }]
[[subject]]
name = "pets"
drop = true
"""


def titles(subject: str, language: str = "en", own: Path | None = None) -> list[str]:
    return [feed.title for feed in catalogue.feeds_for(subject, language, own)]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("home composting", "gardening"),
        ("Gardens", "gardening"),
        ("vertical farming at home", "farming"),
        ("training a dog: dogs and puppies", "pets"),
        ("artificial intelligence for business", "artificial intelligence"),
        ("Cybersecurity", "security"),
        ("künstliche Intelligenz", "artificial intelligence"),
    ],
)
def test_a_subject_is_known_by_many_words(asked: str, known: str) -> None:
    assert titles(asked) == titles(known) != []


def test_a_subject_that_is_not_known_gives_nothing() -> None:
    assert titles("zzyzx") == titles("") == []


def test_feeds_are_of_the_language_asked_for_or_english() -> None:
    assert "tagesschau" in titles("news", "de-AT")
    assert titles("gardening", "de") == titles("gardening", "en")
    assert "tagesschau" not in titles("news")


def test_every_subject_has_feeds_with_addresses_of_the_web() -> None:
    subjects = catalogue.subjects()
    assert len(subjects) >= 20
    for subject in subjects:
        feeds = catalogue.feeds_for(subject, "en")
        assert len(feeds) >= 5, subject
        assert all(web_address(feed.url) == feed.url and feed.title for feed in feeds), subject


def test_an_operator_s_own_list_is_merged(tmp_path: Path) -> None:
    own = tmp_path / "feeds.toml"
    assert titles("chess", own=own) == []
    own.write_text(OWN)
    assert titles("bonsai", own=own)[-1] == "Our beds"
    assert titles("chess", "de", own) == ["Openings"]
    assert "pets" in catalogue.subjects()
    assert "pets" not in catalogue.subjects(own)


@pytest.mark.parametrize("wrong", ["[[subject", "[[subject]]\nnames = 1", "subject = 3", "\ufffe"])
def test_a_list_that_is_damaged_is_named(tmp_path: Path, wrong: str) -> None:
    own = tmp_path / "feeds.toml"
    own.write_text(wrong, "utf-8")
    with pytest.raises(NeedsPerson, match=r"feeds\.toml"):
        catalogue.feeds_for("news", "en", own)
