"""Accounts and publications from the command line."""

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


def test_what_is_not_approved_does_not_go_out(nightdesk: Command, shelf: int) -> None:
    ended = nightdesk("publish", "send", "--video", "4711", "--account", str(shelf))
    assert ended.returncode == 1
    assert "no such video" in ended.stderr
    assert nightdesk.json("publish", "list") == []


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
