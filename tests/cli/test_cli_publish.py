"""Accounts and publications from the command line."""

import time

import pytest
from cli_command import Command, well


@pytest.fixture(scope="module")
def shelf(nightdesk: Command) -> int:
    well(nightdesk("sites", "create", "Shelf Weekly"))
    made = nightdesk.json(
        "accounts", "connect", "folder", "Shelf", "--set", "folder=weekly", "--site", "shelf-weekly"
    )
    assert made["status"] == "connected"
    return int(made["id"])


def test_accounts_are_listed_paused_and_removed(nightdesk: Command, shelf: int) -> None:
    assert [one["id"] for one in nightdesk.json("accounts", "list")] == [shelf]
    assert nightdesk.json("accounts", "pause", str(shelf))["paused"] is True
    assert nightdesk.json("accounts", "pause", str(shelf), "--off")["paused"] is False
    wrong = nightdesk("accounts", "connect", "folder", "x", "--set", "folder=../up")
    assert (wrong.returncode, "values.folder: Name of the folder" in wrong.stderr) == (2, True)
    unknown = nightdesk("accounts", "connect", "pigeon", "x")
    assert "no platform `pigeon`" in unknown.stderr


def test_what_is_usual_of_a_link_is_set_kept_and_put_in_the_place_of_what_was(
    nightdesk: Command, shelf: int
) -> None:
    asked = ("accounts", "link", str(shelf), "--site", "shelf-weekly")
    usual = ("--set", "privacy=unlisted", "--set", "cover_ms=900", "--set", "tags=heat, pumps")
    made = {"privacy": "unlisted", "cover_ms": 900, "tags": ["heat", "pumps"]}
    (link,) = nightdesk.json(*asked, *usual)["sites"]
    assert link["options"] == made
    assert nightdesk.json(*asked)["sites"] == [link]
    assert nightdesk.json(*asked, "--set", "category=News")["sites"][0]["options"] == {"category": "News"}
    wrong = nightdesk(*asked, "--set", "privacy=")
    assert (wrong.returncode, "one option a line" in " ".join(wrong.stderr.split())) == (2, True)


def test_what_is_not_approved_does_not_go_out(nightdesk: Command, shelf: int) -> None:
    ended = nightdesk("publish", "send", "--video", "4711", "--account", str(shelf))
    assert ended.returncode == 1
    assert "no such video" in ended.stderr
    assert nightdesk.json("publish", "list") == []


def test_a_state_that_there_is_not_is_said_so(nightdesk: Command) -> None:
    ended = nightdesk("publish", "list", "--state", "unclear")
    assert ended.returncode == 2
    assert all(f"'{state}'" in ended.stderr for state in ("ambiguous", "held", "live"))
    assert "No publication is held." in well(nightdesk("publish", "list", "--state", "held"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("publish", "send"), "--article NUMBER or by --video NUMBER"),
        (("publish", "send", "--article", "1", "--video", "1"), "--article NUMBER or by --video NUMBER"),
        (("publish", "confirm", "1"), "--live or --not-live"),
    ],
)
def test_what_is_missing_is_named_by_its_options(
    nightdesk: Command, asked: tuple[str, ...], said: str
) -> None:
    ended = nightdesk(*asked)
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.replace("│", " ").split())


def test_the_kill_switch_is_thrown_and_taken_off(nightdesk: Command) -> None:
    assert nightdesk.json("publish", "stop") == {"stopped": True}
    assert nightdesk.json("publish", "stop", "--off") == {"stopped": False}


def test_a_site_is_run_by_itself_and_tells_what_tonight_would_cost(nightdesk: Command, shelf: int) -> None:
    options = ("--on", "--mode", "auto_publish", "--posts", "2", "--day-budget", "900")
    after = nightdesk.json("sites", "auto", "shelf-weekly", *options, "--sign", "article", "--hold", "30")
    assert (after["auto_mode"], after["posts_per_day"], after["budget_per_day"]) == (True, 2, 900)
    assert [(rule["kind"], rule["hold"], rule["who"]) for rule in after["rules"]] == [
        ("article", 30, "the operator")
    ]
    assert after["forecast"]["estimated_credits"] > 0
    said = well(nightdesk("sites", "auto", "shelf-weekly", "--withdraw", "article"))
    assert "Auto mode of Shelf Weekly: on" in said
    assert "new articles" in said


@pytest.mark.parametrize(
    "asked",
    [
        ("publish", "show", 10**30),
        ("publish", "cancel", 10**30),
        ("publish", "confirm", 10**19, "--live", "--url", "https://x.test/"),
        ("publish", "confirm", 1, "--live", "--url", "http://["),
        ("publish", "send", "--video", 10**30),
        ("publish", "send", "--video", 1, "--account", 10**30),
        ("publish", "send", "--video", 1, "--at", "0001-01-01"),
        ("publish", "send", "--video", 1, "--at", "9999-12-31T23:59:59"),
        ("accounts", "connect", "wordpress", "x", "--set", "address=http://[", "--set", "user=\udcff"),
        ("accounts", "connect", "folder", "\x00", "--set", "folder=odd"),
        ("accounts", "connect", "folder", "x", "--set", "folder"),
        ("accounts", "pause", 10**30),
        ("accounts", "verify", 10**30),
        ("webhooks", "add", "http://["),
        ("webhooks", "add", "https://\udcff.test/"),
    ],
    ids=range(15),
)
def test_odd_values_end_with_a_sentence(
    nightdesk: Command, monkeypatch: pytest.MonkeyPatch, asked: tuple[object, ...]
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo" if "0001-01-01" in asked else "America/Los_Angeles")
    time.tzset()
    try:
        ended = nightdesk(*asked)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert ended.returncode in (1, 2), ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()


@pytest.mark.parametrize(
    ("listed", "state"),
    [("review", "aproved"), ("keywords", "old")],
)
def test_a_state_that_there_is_not_is_no_empty_list(nightdesk: Command, listed: str, state: str) -> None:
    ended = nightdesk(listed, "list", "--state", state, *(["--site", "x"] if listed == "keywords" else []))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert state in ended.stderr


def test_a_list_of_one_state_says_that_none_is_in_it(nightdesk: Command, shelf: int) -> None:
    assert "No article is sent back." in well(nightdesk("review", "list", "--state", "sent_back"))
