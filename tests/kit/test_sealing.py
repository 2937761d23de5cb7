"""Sealed secrets open only with their key and in their own place; the key file is made once."""

import base64
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.kit.sealing import (
    FILE_NAME,
    KeyMissing,
    KeyUnusable,
    SealBroken,
    Sealer,
    WrongKey,
    load,
    mask,
    place,
)

OLD, NEW = "o" * 32, "n" * 32
HERE = place(1, "provider_keys", 7, "secret")


@given(st.text(max_size=200))
def test_a_sealed_secret_opens_again(secret: str) -> None:
    assert Sealer([NEW]).open(Sealer([NEW]).seal(secret, HERE), HERE) == secret


def test_the_same_secret_never_looks_the_same_twice() -> None:
    sealer = Sealer([NEW])
    sealed = {sealer.seal("sk-very-secret", HERE) for _ in range(100)}
    assert len(sealed) == 100
    assert not any("secret" in text for text in sealed)


@pytest.mark.parametrize(
    "elsewhere",
    [
        place(2, "provider_keys", 7, "secret"),
        place(1, "accounts", 7, "secret"),
        place(1, "provider_keys", 8, "secret"),
        place(1, "provider_keys", 7, "refresh"),
    ],
)
def test_a_secret_moved_to_another_place_does_not_open(elsewhere: str) -> None:
    sealer = Sealer([NEW])
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal("sk-very-secret", HERE), elsewhere)


@given(st.integers(0, 400), st.integers(1, 255))
def test_a_secret_with_any_byte_changed_does_not_open(position: int, change: int) -> None:
    sealer = Sealer([NEW])
    head, key, body = sealer.seal("sk-very-secret", HERE).split(".")
    raw = bytearray(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    raw[position % len(raw)] ^= change
    with pytest.raises(SealBroken):
        sealer.open(".".join((head, key, base64.urlsafe_b64encode(raw).decode().rstrip("="))), HERE)


@given(st.text(max_size=120) | st.text("ab-_", max_size=80).map(f"nd1.{Sealer([NEW]).key_id}.".__add__))
def test_what_was_never_sealed_is_said_to_be_damaged(text: str) -> None:
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(text, HERE)


def test_after_a_change_of_key_old_secrets_open_and_are_sealed_anew() -> None:
    sealed = Sealer([OLD]).seal("sk-very-secret", HERE)
    both = Sealer([NEW, OLD])
    assert both.is_old(sealed)
    again = both.reseal(sealed, HERE)
    assert not both.is_old(again)
    assert Sealer([NEW]).open(again, HERE) == "sk-very-secret"


def test_a_wrong_key_is_told_apart_from_a_damaged_secret() -> None:
    with pytest.raises(WrongKey, match="Bring back the old key"):
        Sealer([NEW]).open(Sealer([OLD]).seal("sk", HERE), HERE)


def test_the_check_value_tells_a_right_key_from_a_wrong_one() -> None:
    check = Sealer([OLD]).check_value()
    Sealer([OLD]).verify(check)
    Sealer([NEW, OLD]).verify(check)
    with pytest.raises(WrongKey):
        Sealer([NEW]).verify(check)


def test_the_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    check = load(tmp_path / "data", create=True).check_value()
    path = tmp_path / "data" / FILE_NAME
    assert path.stat().st_mode & 0o777 == 0o600
    load(tmp_path / "data", create=True).verify(check)
    assert [entry.name for entry in path.parent.iterdir()] == [FILE_NAME]


def test_many_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        made = pool.map(lambda _: load(tmp_path, create=True).key_id, range(16))
    assert len(set(made)) == 1


@pytest.mark.parametrize("point", [1, 2])
def test_a_first_start_killed_while_it_makes_the_key_leaves_a_whole_one_or_none(
    tmp_path: Path, point: int
) -> None:
    code = "import sys, pathlib; from nightdesk.kit.sealing import load; "
    code += "load(pathlib.Path(sys.argv[1]), create=True)"
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env={**os.environ, "NIGHTDESK_KILL_AT": str(point)}
    )
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / FILE_NAME).exists() == (point == 2)
    load(tmp_path, create=True).check_value()


def test_a_missing_key_file_is_not_replaced_when_secrets_exist(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="Nothing was changed"):
        load(tmp_path, create=False)
    assert not list(tmp_path.iterdir())


def test_a_given_key_is_used_instead_of_the_file(tmp_path: Path) -> None:
    load(tmp_path, OLD, create=True).verify(Sealer([OLD]).check_value())
    assert not list(tmp_path.iterdir())
    load(tmp_path, f"{NEW}\n{OLD}", create=False).verify(Sealer([OLD]).check_value())


@pytest.mark.parametrize("key", ["short", "x" * 31])
def test_a_key_that_is_too_short_is_refused_with_how_to_make_one(tmp_path: Path, key: str) -> None:
    with pytest.raises(KeyUnusable, match="token_urlsafe"):
        load(tmp_path, key, create=True)


def test_a_spoilt_key_file_is_neither_used_nor_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"\xff\x00")
    with pytest.raises(KeyUnusable):
        load(tmp_path, create=True)
    assert (tmp_path / FILE_NAME).read_bytes() == b"\xff\x00"


def test_only_the_last_four_characters_are_shown_and_none_of_a_short_secret() -> None:
    assert mask("sk-abcdefghijkl-9876") == "…9876"
    assert mask("hunter2") == "…"


@pytest.mark.parametrize("part", ["a|b", ""])
def test_a_place_cannot_be_spelt_in_two_ways(part: str) -> None:
    with pytest.raises(ValueError, match="four parts"):
        place(1, part, 2, "secret")
