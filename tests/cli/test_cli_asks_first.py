"""What ends something for good asks first on a terminal, and elsewhere does nothing without `--yes`."""

import os
import pty
import subprocess

import pytest
from cli_command import PATIENCE, Command, Ended, well


def at_a_terminal(nightdesk: Command, *arguments: object, typed: str) -> Ended:
    """Runs it as a person does who types that."""
    here, there = pty.openpty()
    try:
        os.write(here, typed.encode())
        done = subprocess.run(
            nightdesk.line(*arguments),
            cwd=nightdesk.cwd,
            env=nightdesk.environment(),
            stdin=there,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    finally:
        os.close(there)
        os.close(here)
    return Ended(done.returncode, done.stdout, done.stderr)


def keys(nightdesk: Command) -> dict[str, bool]:
    """Whether each opens something still."""
    return {one["name"]: one["revoked_at"] is None for one in nightdesk.json("keys", "list")}


@pytest.mark.prove
def test_a_person_is_asked_by_name_and_no_answer_is_a_no(nightdesk: Command) -> None:
    made = nightdesk.json("keys", "create", "laptop")
    for typed in ("\n", "\x04"):
        left = at_a_terminal(nightdesk, "keys", "revoke", made["id"], typed=typed)
        assert left.returncode == 1
        assert f"Revoke the key “laptop” ({made['prefix']}…)?" in left.stderr
        assert "[y/N]" in left.stderr
    assert keys(nightdesk) == {"laptop": True}
    gone = at_a_terminal(nightdesk, "keys", "revoke", made["id"], typed="y\n")
    assert (gone.returncode, "Revoked" in gone.stdout) == (0, True)
    assert keys(nightdesk) == {"laptop": False}
    missing = at_a_terminal(nightdesk, "keys", "revoke", 4711, typed="y\n")
    assert (missing.returncode, "no such key" in missing.stderr) == (1, True)


@pytest.mark.parametrize(
    "asked",
    [
        ("keys", "revoke", 1),
        pytest.param(("webhooks", "remove", 1), marks=pytest.mark.prove),
        pytest.param(("webhooks", "in", "remove", 1), marks=pytest.mark.prove),
        pytest.param(("people", "remove", "ben@example.org"), marks=pytest.mark.prove),
        pytest.param(("people", "second-factor", "off", "ben@example.org"), marks=pytest.mark.prove),
        pytest.param(("accounts", "remove", 1), marks=pytest.mark.prove),
        pytest.param(("providers", "forget", "text"), marks=pytest.mark.prove),
    ],
    ids=lambda asked: " ".join(map(str, asked)),
)
def test_where_nobody_can_be_asked_it_takes_a_word(nightdesk: Command, asked: tuple[object, ...]) -> None:
    ended = nightdesk(*asked)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Nothing was changed: add --yes." in ended.stderr


@pytest.mark.prove
def test_each_names_what_would_be_lost(nightdesk: Command) -> None:
    site = nightdesk.json("sites", "create", "Weekly")["slug"]
    webhook = nightdesk.json("webhooks", "add", "https://hooks.example.org/desk")["id"]
    hook = nightdesk.json("webhooks", "in", "add", "From the wiki", "--site", site)["id"]
    account = nightdesk.json("accounts", "connect", "folder", "Shelf", "--site", site)["id"]
    well(nightdesk("providers", "key", "text", stdin="sk-1234567890abcd\n"))
    for says, asked in (
        ("Remove https://hooks.example.org/desk? Its secret", ("webhooks", "remove", webhook)),
        ("Remove the hook “From the wiki”?", ("webhooks", "in", "remove", hook)),
        ("Remove “Shelf”? Its secrets", ("accounts", "remove", account)),
        ("Forget the key for text", ("providers", "forget", "text")),
    ):
        left = at_a_terminal(nightdesk, *asked, typed="n\n")
        assert (left.returncode, says in left.stderr) == (1, True), left.stderr
        assert "Nothing was changed." in left.stderr
        well(nightdesk(*asked, "--yes"))
    assert nightdesk.json("webhooks", "list") == []
    assert nightdesk.json("accounts", "list") == []
