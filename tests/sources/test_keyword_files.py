"""Every kind of export is recognised and read to the last figure, and the report accounts for every line."""

from pathlib import Path

import pytest

from nightdesk.kit.endings import Refused
from nightdesk.sources.keyword_files import Import, KeywordRow, normalise, read, tidy
from nightdesk.sources.keyword_files.figures import count, decimal

EXPORTS = Path(__file__).parent / "keyword_exports"


def imported(name: str) -> Import:
    return read(name, (EXPORTS / name).read_bytes())


def told(row: KeywordRow) -> tuple[object, ...]:
    return (row.phrase, row.volume, row.difficulty, row.cpc, row.intent, row.line)


def test_a_semrush_export_is_read_with_its_duplicates_merged_and_its_empty_row_refused() -> None:
    result = imported("semrush.csv")
    assert (result.recognised.format, result.recognised.encoding) == ("semrush", "utf-8")
    assert result.recognised.columns["cpc"] == "CPC (USD)"
    assert [told(row) for row in result.rows] == [
        ("vertical farming at home", 2400, 34.0, 0.92, "informational", 2),
        ("buy hydroponic tower", 720, 21.0, 1.35, "transactional", 3),
        ("best LED grow lights", 12100, 47.0, 1.08, "commercial", 6),
    ]
    assert result.rows[1].serp_features == ("Shopping ads", "Image pack")
    assert [(one.line, one.phrase, one.into_line) for one in result.merged] == [
        (4, "Vertical Farming at Home", 2)
    ]
    assert [(one.line, one.why) for one in result.refused] == [(5, "the phrase is empty")]


@pytest.mark.parametrize(
    ("name", "encoding"), [("ahrefs-utf16.csv", "utf-16-le"), ("ahrefs-utf8.csv", "utf-8")]
)
def test_an_ahrefs_export_is_read_in_both_of_its_encodings(name: str, encoding: str) -> None:
    result = imported(name)
    assert (result.recognised.format, result.recognised.encoding) == ("ahrefs", encoding)
    assert [told(row) for row in result.rows] == [
        ("indoor herb garden", 27000, 38.0, 1.1, "informational", 2),
        ("aerogarden pods", 6300, 9.0, 0.55, "transactional", 3),
        ("jardín vertical interior", 3, None, None, None, 4),
    ]


@pytest.mark.parametrize("name", ["keyword-planner.csv", "keyword-planner-utf16.csv"])
def test_a_keyword_planner_export_is_read_below_its_titles_with_ranges_as_volumes(name: str) -> None:
    result = imported(name)
    assert result.recognised.format == "google_keyword_planner"
    assert [told(row) for row in result.rows] == [
        ("grow tent", 31623, None, 0.5, None, 4),
        ("grow tent ventilation", 316, None, 0.6, None, 5),
        ("seed mat", None, None, None, None, 6),
    ]


def test_a_german_keyword_planner_export_is_read() -> None:
    result = imported("keyword-planner-de.csv")
    assert result.recognised.format == "google_keyword_planner"
    assert [told(row) for row in result.rows] == [("pflanzenlampe", 31623, None, 0.515, None, 4)]


def test_a_search_console_export_gives_its_impressions_as_volumes_and_says_so() -> None:
    result = imported("search-console.csv")
    assert result.recognised.format == "google_search_console"
    assert result.recognised.columns["volume"] == "Impressions"
    assert [(row.phrase, row.volume) for row in result.rows] == [
        ("microgreens on a windowsill", 4210),
        ("how long do radish microgreens take", 1873),
    ]
    german = imported("search-console-de.csv")
    assert german.recognised.format == "google_search_console"
    assert [(row.phrase, row.volume) for row in german.rows] == [("kresse auf der fensterbank", 1204)]


def test_a_workbook_is_read_like_the_text_export() -> None:
    result = imported("semrush.xlsx")
    assert (result.recognised.format, result.recognised.encoding) == ("semrush", "xlsx")
    assert [told(row) for row in result.rows] == [
        ("kratky method", 3600, 28.0, 0.41, "informational", 2),
        ("2048", 90500, 61.5, 0.05, "navigational", 3),
    ]


def test_of_many_sheets_the_one_with_keywords_is_read() -> None:
    result = imported("search-console.xlsx")
    assert result.recognised.format == "google_search_console"
    assert [(row.phrase, row.volume) for row in result.rows] == [("deep water culture lettuce", 905)]


def test_semicolons_decimal_commas_and_western_letters_of_eight_bits_are_understood() -> None:
    result = imported("semicolons-cp1252.csv")
    assert result.recognised.encoding == "cp1252"
    assert [told(row) for row in result.rows] == [
        ("Gemüse ziehen", 1300, 23.5, 0.74, None, 2),
        ("Kräuter Küche", 880, 18.0, 1.02, None, 3),
    ]


def test_a_plain_list_is_read_without_its_bullets_and_match_types() -> None:
    result = imported("list.txt")
    assert result.recognised.format == "list"
    assert [(row.line, row.phrase) for row in result.rows] == [
        (2, "vertical farming at home"),
        (3, "hydroponic lettuce, spinach and kale"),
        (4, "wick system hydroponics"),
        (6, "nft channel"),
        (11, "led grow lights"),
    ]
    assert [(one.line, one.into_line) for one in result.merged] == [(7, 2)]
    assert [one.line for one in result.refused] == [1, 8, 9, 10]


def test_a_cyrillic_list_of_eight_bits_is_understood() -> None:
    assert imported("list-cp1251.txt").rows[1].phrase == "гидропоника своими руками"


def test_a_list_of_phrases_and_numbers_needs_no_headings() -> None:
    result = read("pairs.csv", b"wick system,320\nebb and flow,210\naeroponics,5400\n")
    assert [(row.phrase, row.volume) for row in result.rows] == [
        ("wick system", 320),
        ("ebb and flow", 210),
        ("aeroponics", 5400),
    ]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_alone() -> None:
    lines = ["Keyword\tVolume", '"24 inch grow rack\t90', *(f"seed tray {n}\t{n}" for n in range(100))]
    result = read("open.tsv", "\n".join(lines).encode())
    assert len(result.rows) == 101
    assert (result.rows[-1].phrase, result.rows[-1].volume, result.rows[-1].line) == ("seed tray 99", 99, 102)


def test_a_cell_of_several_lines_does_not_shift_the_line_numbers() -> None:
    result = read("x.csv", b'Keyword,Volume,SERP Features\nkale,10,"Image\nVideo"\n@,1,\nleek,20,\n')
    assert [(row.phrase, row.line) for row in result.rows] == [("kale", 2), ("leek", 5)]
    assert [one.line for one in result.refused] == [4]


def test_intents_are_read_from_letters_and_from_columns_of_yes_and_no() -> None:
    letters = read("x.csv", b'Keyword,Volume,Intent\nkale,10,"C, I"\nleek,10,?\n')
    assert [row.intent for row in letters.rows] == ["commercial", None]
    columns = read(
        "x.csv", b"Keyword,Volume,Informational,Transactional\nkale,1,FALSE,TRUE\nleek,1,FALSE,FALSE\n"
    )
    assert [row.intent for row in columns.rows] == ["transactional", None]


def test_merging_fills_in_what_the_first_row_did_not_tell() -> None:
    result = read("x.csv", b"Keyword,Volume,KD,CPC,Intent\nkale,,,,\n KALE ,50,7,0.2,I\nkale,20,9,0.9,C\n")
    assert [told(row) for row in result.rows] == [("kale", 50, 7.0, 0.2, "informational", 2)]
    assert [one.into_line for one in result.merged] == [2, 2]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1K – 10K", 3162), ("100 - 1K", 316), ("100 – 1.000", 316), ("0 – 10", 3), ("10K–100K", 31623)),
        *(
            ("10 Tsd. – 100 Tsd.", 31623),
            ("1 mil – 10 mil", 3162),
            ("1 тыс. – 10 тыс.", 3162),
            ("1万", 10_000),
        ),
        *(
            ("8100", 8100),
            ("12,100", 12100),
            ("12.100", 12100),
            ("12 100", 12100),
            ("1\u00a0234\u00a0567", 1234567),
        ),
        *(("1'000", 1000), ("1.5K", 1500), ("2,5k", 2500), ("1M+", 1_000_000), ("<10", 10), ("0", 0)),
        *(("", None), ("n/a", None), ("–", None), ("-5", None), ("12 apples", None), ("10K – 1K", None)),
        *(("9" * 30, None), ("inf", None), ("nan", None), ("1" + " " * 100_000 + "x", None)),
        *((8100.0, 8100), (float("nan"), None), (-1.0, None), (1e300, None)),
    ],
)
def test_volumes_are_read_as_people_and_tools_write_them(text: str | float, value: int | None) -> None:
    assert count(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0.74", 0.74), ("0,74", 0.74), ("41,235", 41.235), ("1.234,5", 1234.5), ("1,234.5", 1234.5)),
        *(
            ("$0.74", 0.74),
            ("0,74 €", 0.74),
            ("US$1.10", 1.1),
            ("EUR 2", 2.0),
            ("41 %", 41.0),
            ("2 EUR", 2.0),
        ),
        *(("--", None), ("", None), ("-1", None), ("free", None), ("1" + "," * 100_000, None), (0.5, 0.5)),
    ],
)
def test_prices_and_difficulties_are_read_with_point_or_comma(text: str | float, value: float | None) -> None:
    assert decimal(text, most=10_000) == value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße Grün", "STRASSE  grün"),
        ("ﬁg tree", "fig tree"),
        ("cafe\u0301 plants", "café plants"),
        ("ｆｕｌｌ width", "full width"),
    ],
)
def test_two_spellings_of_one_phrase_are_one(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  vertical\tfarming \u00a0 at home ", "vertical farming at home"),
        ("\ufeffkale", "kale"),
        ("gr\u00adow li\u200bght", "grow light"),
        ("abc \u202etxt.exe", "abc txt.exe"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ('="00123 grow kit"', "00123 grow kit"),
        ("@home garden", "home garden"),
        ("+buy +shoes", "buy shoes"),
        ("c++ tutorial", "c++ tutorial"),
        ("1984", "1984"),
        ("x", "x"),
    ],
)
def test_phrases_are_tidied(text: str, kept: str) -> None:
    assert tidy(text) == kept


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("\u200b\u00ad", "empty"),
        ("x" * 201, "longer than 200"),
        ("\ufdfa" * 100, "longer than 200"),
        ("kale\x00seeds", "cannot be read"),
        ("kale\x1bseeds", "cannot be read"),
        ("ka\ufffde", "cannot be read"),
        ("\udfffale", "cannot be read"),
        ("... !!", "no word"),
        ("0.00", "no word"),
        ("12", "no word"),
        ("🌱🌱", "no word"),
        ("=HYPERLINK(1)", "formula"),
        ("＝1+cmd", "formula"),
        ("+=cmd|' /C calc'!A0", "formula"),
        ("-2+3+cmd|' /C calc'!A0", "minus"),
        ("－free", "minus"),
        ("https://example.org/kale", "address"),
        ("someone@example.org", "address"),
        ("# herbs", "heading"),
    ],
)
def test_what_is_no_phrase_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        tidy(text)
