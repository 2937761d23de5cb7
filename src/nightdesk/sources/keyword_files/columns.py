"""Knows what the exporting tools call their columns, in several languages, and tells the tools apart."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightdesk.sources.keyword_files.contract import MAX_COLUMNS, Cell, Format

NAMES: Mapping[str, tuple[str, ...]] = {
    "phrase": (
        *("keyword", "keywords", "top queries", "query", "queries", "search term", "search query", "phrase"),
        *("suchbegriff", "suchanfrage", "häufigste suchanfragen", "schlüsselwort", "keyword-idee"),
        *("mot clé", "mot-clé", "mots clés", "requêtes les plus fréquentes", "requête"),
        *("palabra clave", "palabras clave", "consultas principales", "consulta"),
        *("parola chiave", "parole chiave", "query principali", "principais consultas", "palavra-chave"),
        *("zoekwoord", "populairste zoekopdrachten", "słowo kluczowe", "najpopularniejsze zapytania"),
        *(
            "ключевое слово",
            "популярные запросы",
            "запрос",
            "キーワード",
            "上位のクエリ",
            "关键字",
            "关键词",
            "热门查询",
        ),
    ),
    "volume": (
        *("volume", "search volume", "avg. monthly searches", "avg monthly searches", "monthly searches"),
        *("monthly volume", "searches", "sv", "global volume", "suchvolumen"),
        *("durchschnittl. suchanfragen pro monat", "durchschn. suchanfragen pro monat"),
        *("nombre moyen de recherches mensuelles", "volume de recherche", "volumen de búsqueda", "volumen"),
        *("promedio de búsquedas mensuales", "media di ricerche mensili", "volume di ricerca"),
        *("média de pesquisas mensais", "volume de pesquisa", "volume de busca", "zoekvolume"),
        *("gem. aantal zoekopdrachten per maand", "śr. mies. liczba wyszukiwań", "liczba wyszukiwań"),
        *("ср. число запросов в месяц", "частотность", "月間平均検索ボリューム", "検索ボリューム", "搜索量"),
        *("平均每月搜索量",),
    ),
    "difficulty": (
        *("keyword difficulty", "difficulty", "kd", "kd %", "keyword difficulty index", "seo difficulty"),
        *("schwierigkeit", "keyword-schwierigkeit", "difficulté", "difficulté du mot clé", "dificultad"),
        *(
            "dificultad de la palabra clave",
            "difficoltà",
            "dificuldade",
            "moeilijkheid",
            "сложность",
            "難易度",
        ),
    ),
    "cpc": ("cpc", "cost per click", "avg. cpc", "average cpc", "klickpreis", "coste por clic"),
    "bid_low": (
        *("top of page bid (low range)", "gebot für obere positionen (niedriger bereich)"),
        *(
            "enchère de haut de page (fourchette basse)",
            "puja en la parte superior de la página (intervalo bajo)",
        ),
    ),
    "bid_high": (
        *("top of page bid (high range)", "gebot für obere positionen (oberer bereich)"),
        *(
            "enchère de haut de page (fourchette haute)",
            "puja en la parte superior de la página (intervalo alto)",
        ),
    ),
    "intent": ("intent", "intents", "search intent", "keyword intents", "keyword intent", "suchintention"),
    "serp_features": ("serp features", "serp features by keyword", "serp-funktionen"),
    "impressions": (
        *("impressions", "impressionen", "impresiones", "impressioni", "impressões", "vertoningen"),
        *("wyświetlenia", "показы", "表示回数", "展示"),
    ),
    "clicks": (
        *(
            "clicks",
            "klicks",
            "clics",
            "clic",
            "cliques",
            "klikken",
            "kliknięcia",
            "клики",
            "クリック数",
            "点击次数",
        ),
    ),
    "informational": ("informational",),
    "navigational": ("navigational",),
    "commercial": ("commercial",),
    "transactional": ("transactional",),
}
"""Our name of a column to the tools' names for it, the best first where a file has several."""

_SIGNS: tuple[tuple[Format, frozenset[str]], ...] = (
    (
        "google_keyword_planner",
        frozenset({"competition (indexed value)", "three month change", "in account?"}),
    ),
    ("google_keyword_planner", frozenset(NAMES["bid_low"])),
    ("ahrefs", frozenset({"parent keyword", "parent topic", "cps", "traffic potential", "return rate"})),
    ("semrush", frozenset({"competitive density", "number of results", "keyword difficulty index"})),
)
"""Headings that only one tool writes."""

_PLANNER_VOLUMES = frozenset(
    name for name in NAMES["volume"] if re.search(r"month|monat|mensu|mies|месяц|月", name)
)
_LONGEST = 120
"""Characters of a heading that are looked at."""

_PARENTHESIS = re.compile(r"\s*\([^)]*\)\s*$")


@dataclass(frozen=True)
class Columns:
    """Where the columns are: our name to the position; `headings` has the file's own words."""

    format: Format
    at: Mapping[str, int]
    headings: Mapping[str, str]


def recognise(header: Sequence[Cell]) -> Columns | None:
    """The columns that a row of headings names, or None when no phrase column is among them."""
    header = header[:MAX_COLUMNS]
    plain = [_plain(str(cell)) for cell in header]
    bare = [_PARENTHESIS.sub("", name) for name in plain]
    at = {ours: position for ours in NAMES if (position := _find(ours, plain, bare)) is not None}
    if "phrase" not in at:
        return None
    kind = _tool(set(plain), at)
    if kind == "google_search_console":
        at["volume"] = at["impressions"]
    return Columns(kind, at, {ours: str(header[position]).strip() for ours, position in at.items()})


def _find(ours: str, plain: Sequence[str], bare: Sequence[str]) -> int | None:
    for name in NAMES[ours]:
        for names in (plain, bare):
            if name in names:
                return names.index(name)
    return None


def _tool(plain: set[str], at: Mapping[str, int]) -> Format:
    for kind, signs in _SIGNS:
        if signs & plain:
            return kind
    if plain & _PLANNER_VOLUMES:
        return "google_keyword_planner"
    if {"clicks", "impressions"} <= at.keys():
        return "google_search_console"
    if "keyword difficulty" in plain and "trend" in plain:
        return "semrush"
    return "table"


def _plain(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading[:_LONGEST]).casefold()
    return " ".join(folded.replace("\ufeff", "").strip(" \t\"'*").split())
