"""Words, sentences and names of texts in several languages."""

import pytest

from nightdesk.kit.text import clean, count_words, sentences, shorten, slug

SPLIT = [
    "Dr. Adams met Mrs. Brown on Jan. 5. They spoke for 3.5 hours. It cost $2.50!",
    "Use e.g. tomatoes, i.e. fruit, vs. roots. The rest (peas, beans, etc.) can wait. Why? Because.",
    "He lives in the U.S. and works for Acme Inc. in Ohio. Acme Inc. was founded in 1999. The U.K. is far.",
    "J. R. Smith wrote it. Vitamin C. The end.",
    "See Fig. 3 and No. 7, p. 12. He said no. Nobody spoke.",
    "“Is it true?” she asked. “It is.” He left… Then it rained!",
    "Wait ... there is more. Version 2.0 of node.js is out. See example.com/a.b for it.",
    "Am 3. Oktober 1990 kam z. B. Herr Maier. Danach, d.h. später, ging er. Es war 1990. Alle gingen.",
    "Où est-il ? Il est là. « C’est fini. » Il part.",
    "At 5 p.m. on Monday it closed. It closed at 5 p.m. The shop opened again.",
    "A pH of 6.0 to 6.8 suits it. At 25 °C. growth stops at approx. 30 days.",
]
EXPECTED = [
    ["Dr. Adams met Mrs. Brown on Jan. 5.", "They spoke for 3.5 hours.", "It cost $2.50!"],
    [
        "Use e.g. tomatoes, i.e. fruit, vs. roots.",
        "The rest (peas, beans, etc.) can wait.",
        "Why?",
        "Because.",
    ],
    [
        "He lives in the U.S. and works for Acme Inc. in Ohio.",
        "Acme Inc. was founded in 1999.",
        "The U.K. is far.",
    ],
    ["J. R. Smith wrote it.", "Vitamin C.", "The end."],
    ["See Fig. 3 and No. 7, p. 12.", "He said no.", "Nobody spoke."],
    ["“Is it true?” she asked.", "“It is.”", "He left…", "Then it rained!"],
    ["Wait ... there is more.", "Version 2.0 of node.js is out.", "See example.com/a.b for it."],
    [
        "Am 3. Oktober 1990 kam z. B. Herr Maier.",
        "Danach, d.h. später, ging er.",
        "Es war 1990.",
        "Alle gingen.",
    ],
    ["Où est-il ?", "Il est là.", "« C’est fini. »", "Il part."],
    ["At 5 p.m. on Monday it closed.", "It closed at 5 p.m.", "The shop opened again."],
    ["A pH of 6.0 to 6.8 suits it.", "At 25 °C. growth stops at approx. 30 days."],
]


@pytest.mark.parametrize(("text", "expected"), list(zip(SPLIT, EXPECTED, strict=True)))
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_scripts_without_spaces_and_other_stops_are_split_too() -> None:
    assert sentences("今日は雨です。明日は晴れ！本当？") == ["今日は雨です。", "明日は晴れ！", "本当？"]
    assert sentences("यह सच है। वह आया।") == ["यह सच है।", "वह आया।"]
    assert sentences("هل هذا صحيح؟ نعم.") == ["هل هذا صحيح؟", "نعم."]


def test_lines_that_are_wrapped_are_one_sentence_and_list_entries_are_not() -> None:
    listed = "- one thing\n- another thing\n1. First do. Then\n2. Rest"
    text = "A sentence that\nruns on. Another\n\n# A heading\n" + listed
    assert sentences(text) == [
        *("A sentence that runs on.", "Another", "# A heading", "- one thing", "- another thing"),
        *("1. First do.", "Then", "2. Rest"),
    ]


@pytest.mark.parametrize("text", ["", " \n\n ", "...", "no end mark"])
def test_odd_texts_give_what_they_hold(text: str) -> None:
    assert sentences(text) == ([text] if text.strip() else [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one", 1),
        ("It's a well-known fact—really, 3.5 million of them.", 9),
        ("- – — ... * |", 0),
        ("Ünïcödé wörds", 2),
        ("हिन्दी में लिखा", 3),
        ("今日は", 3),
        ("iPhone 15とMac", 4),
        ("a/b https://example.com/x?y=1", 2),
    ],
)
def test_words_are_counted_as_a_word_processor_does(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How to Grow Tomatoes: 10 Tips!", "how-to-grow-tomatoes-10-tips"),
        ("Don't panic — it's “fine”", "dont-panic-its-fine"),
        ("Straße, Ærø & Łódź", "strasse-aero-lodz"),
        ("ÉCOLE Ångström İstanbul", "ecole-angstrom-istanbul"),
        ("Как вырастить йогурт", "как-вырастить-йогурт"),
        ("東京 タワー", "東京-タワー"),
        ("../../etc/passwd\x00", "etc-passwd"),
        ("CO₂ ½ ﬁne", "co2-1-2-fine"),
        ("!!! ---", ""),
        ("", ""),
    ],
)
def test_a_slug_is_readable_and_harmless(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_slug_is_cut_after_a_whole_word() -> None:
    assert slug("one two three four", limit=9) == "one-two"
    assert slug("one two three four", limit=7) == "one-two"
    assert slug("x" * 500, limit=10) == "x" * 10
    assert all(len(slug("Wort für Wort " * 50, limit=n)) <= n for n in range(1, 60))


def test_a_shortened_text_fits_and_ends_after_a_word() -> None:
    assert shorten("short enough", 12) == "short enough"
    assert shorten("one, two,  three\nfour", 10) == "one, two…"
    assert shorten("a" * 50, 10) == "a" * 9 + "…"
    assert all(len(shorten("some words of a text that goes on", n)) <= n for n in range(1, 40))


def test_cleaning_leaves_nothing_that_a_database_or_a_screen_chokes_on() -> None:
    assert clean("a\x00b\x1bc\ufeffd\x7f\x9fe") == "abcde"
    assert clean("lone \ud83d and \ude00, whole \ud83d\ude00") == "lone \ufffd and \ufffd, whole 😀"
    assert clean("a\r\nb\rc\u2028d\x85e\x0cf\tg\n") == "a\nb\nc\nd\ne\nf\tg\n"
    assert clean("e\u0301") == "é"
    clean("".join(map(chr, range(0x11000)))).encode()


@pytest.mark.timeout(30)
def test_hostile_texts_take_no_longer_than_their_length() -> None:
    for piece in ("-", ".", "a.", "A. ", "' ", '."', "\n", "\n ", "1. ", "…"):
        text = piece * (300_000 // len(piece))
        sentences(text), count_words(text), clean(text), slug(text), shorten(text, 100)
