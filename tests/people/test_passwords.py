"""What a password must be like, and that it is hashed as argon2id with the cost that RFC 9106 recommends."""

import unicodedata

import pytest

from nightdesk.desk.errors import Invalid
from nightdesk.desk.people import Passwords
from nightdesk.kit.sealing import Sealer, WrongKey
from people.desk_of_people import KEY

KNOWN = ("ana.lima@example.org", "Ana Lima", "The Harbour Gazette")


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(Sealer([KEY]))


def refused(passwords: Passwords, password: str) -> str:
    """What is said against it, or nothing."""
    try:
        passwords.looked_at("password", password, KNOWN)
    except Invalid as error:
        return f"{error.field}: {error}"
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "nur kleine buchstaben hier",
        "8472950163 52",
        "!?§$%&/()=;:_-",
        "слава тёплой зиме",
        "猫が窓辺で静かに眠っている",
        "🦉🌙🗞️🖋️🌊⛵🏠🌲🎈🎲🍋🍇",
        "spaces at the end     ",
        "a" * 60 + "bcdefgh",
        ("Lange Sätze sind erlaubt und werden ganz geprüft. " * 3)[:128],
    ],
)
def test_any_kinds_of_characters_will_do(passwords, password):
    assert refused(passwords, password) == ""


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "12 to 128"),
        ("", "12 to 128"),
        ("a1b2" * 33, "12 to 128"),
        ("a b     c d     e", "12 to 128"),
        ("ﷺ" * 12, "12 to 128"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
        ("123412341234", "repeats"),
        ("1qaz2wsx3edc", "tried first"),
        ("1QAZ2WSX3EDC", "tried first"),
        ("ｑｗｅｒｔｙ１２３４５６", "tried first"),
        ("ana.lima@example.org", "others know"),
        ("example.org2026!", "others know"),
        ("The Harbour Gazette", "others know"),
        ("theharbourgazette123", "others know"),
        ("ANALIMA20262026", "others know"),
        ("half a pair \ud800 of it", "half of a pair"),
    ],
)
def test_what_would_be_guessed_early_is_refused_with_its_reason(passwords, password, why):
    assert why in refused(passwords, password)


def test_the_commonest_passwords_are_all_refused(passwords):
    assert len(passwords.common) >= 450
    assert all(12 <= len(one) <= 128 and one == one.casefold() for one in passwords.common)
    assert [one for one in passwords.common if not refused(passwords, one)] == []


async def test_a_password_is_hashed_as_argon2id_with_a_salt_of_its_own(passwords):
    first, second = [await passwords.hashed("the same password") for _ in range(2)]
    opened = [passwords.sealer.open(kept, "installation|passwords|any|hash") for kept in (first, second)]
    assert all(hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for hashed in opened)
    salts = {hashed.split("$")[4] for hashed in opened}
    assert len(salts) == 2
    assert {len(salt) for salt in salts} == {22}
    assert await passwords.check("the same password", first) == (True, None)


async def test_what_is_kept_is_of_no_use_without_the_key_of_the_installation(passwords):
    kept = await passwords.hashed("the password")
    assert "argon2" not in kept
    with pytest.raises(WrongKey):
        await Passwords(Sealer(["another key, also long enough to be one"])).check("the password", kept)


async def test_after_a_change_of_key_the_hash_is_sealed_anew_when_the_password_is_shown(passwords):
    kept = await passwords.hashed("the password")
    changed = Passwords(Sealer(["the new key of this installation", KEY]))
    assert await changed.check("a wrong one", kept) == (False, None)
    right, newer = await changed.check("the password", kept)
    assert right
    assert newer is not None
    assert await Passwords(Sealer(["the new key of this installation"])).check("the password", newer) == (
        True,
        None,
    )


async def test_a_password_is_checked_whole_and_however_it_was_typed(passwords):
    long = "é" * 40 + "Tail of it"
    hashed = await passwords.hashed(long)
    assert (await passwords.check(unicodedata.normalize("NFD", long), hashed))[0]
    for other in (long[:-1], long + " ", long.lower(), long.strip("é")):
        assert not (await passwords.check(other, hashed))[0]


async def test_without_a_hash_nothing_is_right(passwords):
    assert await passwords.check("nobody's", None) == (False, None)
    assert await passwords.check("", None) == (False, None)
