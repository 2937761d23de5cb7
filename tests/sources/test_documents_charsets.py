"""Texts of any charset are read, whether or not they say which it is."""

import pytest

from nightdesk.kit.decoding import decode

RUSSIAN = (
    "Компостная куча превращает кухонные отходы в почву примерно за полгода. Ей нужны воздух и вода. " * 3
)
GERMAN = "Die Größe des Komposthaufens hängt von der Menge der Küchenabfälle ab – „mehr“ ist besser. " * 3
JAPANESE = "堆肥は台所のごみを約半年で土に変えます。空気と水が必要です。" * 3
PLAIN = "Plain words, all of them in ASCII, and enough of them to look at. "


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_or_without_its_mark_is_read(charset: str) -> None:
    assert decode(RUSSIAN.encode(charset)) == RUSSIAN


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_wide_latin_text_without_its_mark_is_read(charset: str) -> None:
    assert decode(PLAIN.encode(charset)) == PLAIN


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (GERMAN, "cp1252"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
    ],
)
def test_a_declared_charset_is_believed(text: str, charset: str) -> None:
    assert decode(text.encode(charset), charset) == text
    page = f"<html><head><meta charset='{charset}'></head><body>{text}"
    assert decode(page.encode(charset)) == page
    older = f'<html><meta http-equiv="Content-Type" content="text/html; charset={charset}"><body>{text}'
    assert decode(older.encode(charset)) == older


def test_latin_1_means_what_windows_meant() -> None:
    assert decode(GERMAN.encode("cp1252"), "iso-8859-1") == GERMAN


def test_flawless_utf_8_is_believed_over_a_wrong_declaration() -> None:
    assert decode(GERMAN.encode(), "iso-8859-1") == GERMAN


@pytest.mark.parametrize(("text", "charset"), [(RUSSIAN, "cp1251"), (GERMAN, "cp1252")])
def test_an_undeclared_charset_is_guessed(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text


def test_a_few_broken_bytes_do_not_spoil_the_rest() -> None:
    broken = RUSSIAN.encode()[:-1] + b"\xff" + RUSSIAN.encode()
    assert decode(broken).startswith(RUSSIAN[:200])
    assert decode(broken).endswith(RUSSIAN)
    assert decode(GERMAN.encode()[:50] + b"\xff", "utf-8").startswith(GERMAN[:40])


@pytest.mark.parametrize(
    "declared", ["no-such", "hex", "zlib", "unicode_escape", "punycode", "idna", "a\x00b", "x" * 999]
)
def test_a_declaration_that_is_no_charset_of_texts_is_passed_over(declared: str) -> None:
    assert decode(GERMAN.encode("cp1252"), declared) == GERMAN


def test_japanese_mail_encoding_is_read_though_it_looks_like_ascii() -> None:
    assert decode(JAPANESE.encode("iso2022_jp"), "ISO-2022-JP") == JAPANESE
