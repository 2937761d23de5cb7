"""`nightdesk voices`: listed, heard and put in by hand."""

from dataclasses import replace
from pathlib import Path

from cli_command import Command, well

from nightdesk.kit.wav import unpacked


def test_voices_are_listed_and_heard_without_an_account(nightdesk: Command, tmp_path: Path) -> None:
    found = nightdesk.json("voices", "--language", "de")
    assert (found["provider"], found["language"]) == ("espeak", "de")
    assert {one["name"] for one in found["voices"]} >= {"de", "de+f2"}
    assert "faster-whisper is off" in found["alignment"]
    out = tmp_path / "said.wav"
    well(nightdesk("voices", "say", "Good evening.", "--voice", "en+f2", "--out", out))
    assert 0.3 < unpacked(out.read_bytes()).seconds < 4
    nowhere = nightdesk("voices", "say", "Good evening.", "--out", tmp_path / "none" / "said.wav")
    assert (nowhere.returncode, "cannot be written" in nowhere.stderr) == (2, True)


def test_a_voice_is_put_in_only_once_its_licence_was_accepted(nightdesk: Command, tmp_path: Path) -> None:
    names = [one["name"] for one in nightdesk.json("voices", "install", "--language", "de")]
    assert "de_DE-thorsten-medium" in names
    asked = nightdesk("voices", "install", "de_DE-thorsten-medium")
    assert asked.returncode == 2
    assert "CC0" in asked.stderr
    assert "--yes" in asked.stderr
    none = nightdesk("voices", "install", "de_DE-thorsten-medium", "--yes", "--from", tmp_path)
    assert none.returncode == 1
    assert "bring it there from https://huggingface.co/rhasspy/piper-voices/" in none.stderr
    unknown = nightdesk("voices", "install", "nobody")
    assert (unknown.returncode, "no voice 'nobody'" in unknown.stderr) == (2, True)


def test_the_doctor_says_what_keeps_faster_whisper_from_listening(nightdesk: Command, tmp_path: Path) -> None:
    listening = replace(nightdesk, more=nightdesk.more | {"NIGHTDESK_WHISPER": str(tmp_path)})
    ill = listening("doctor")
    assert ill.returncode == 1
    assert f"{tmp_path}, which NIGHTDESK_WHISPER names, lacks model.bin" in "".join(ill.stdout.splitlines())
