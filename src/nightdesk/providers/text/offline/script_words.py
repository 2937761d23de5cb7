"""The few words of its own that a compiled script needs, by language; none where a language is not known."""

from collections.abc import Mapping
from dataclasses import dataclass

_NUMBERS = {
    "en": "one two three four five six seven eight nine ten",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez",
    "fr": "un deux trois quatre cinq six sept huit neuf dix",
    "it": "uno due tre quattro cinque sei sette otto nove dieci",
    "pt": "um dois três quatro cinco seis sete oito nove dez",
    "nl": "één twee drie vier vijf zes zeven acht negen tien",
}


@dataclass(frozen=True)
class Phrases:
    """`count` and `number` take a number in words, `follow` the site's name; empty ones are left out."""

    count: str = ""
    number: str = ""
    follow: str = ""
    what_about: str = ""
    sources: str = ""
    steps: tuple[str, ...] = ()
    """For the first step, those between in turn, and the last."""
    follows: str = ""
    """Where the steps are for which there was no time."""


NONE = Phrases()
_PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        "Here are {} more things to know.",
        "Number {}.",
        "For more like this, follow {}.",
        "What about {}?",
        "Sources",
        ("First,", "Then", "Next,", "After that,", "Finally,"),
        "The other steps are in the description.",
    ),
    "de": Phrases("Noch {} Dinge dazu.", "Punkt {}.", "Mehr davon gibt es bei {}.", "", "Quellen"),
    "es": Phrases("Aquí van {} datos más.", "Número {}.", "Más como esto en {}.", "", "Fuentes"),
    "fr": Phrases(
        "Voici {} autres faits.", "Numéro {}.", "D’autres sujets comme celui-ci sur {}.", "", "Sources"
    ),
    "it": Phrases("Ecco altri {} fatti.", "Numero {}.", "Altro come questo su {}.", "", "Fonti"),
    "pt": Phrases("Aqui estão mais {} factos.", "Número {}.", "Mais como isto em {}.", "", "Fontes"),
    "nl": Phrases("Nog {} dingen om te weten.", "Nummer {}.", "Meer hierover bij {}.", "", "Bronnen"),
    "ar": Phrases(follow="للمزيد تابعوا {}.", sources="المصادر"),
    "he": Phrases(follow="לעוד תוכן כזה עקבו אחרי {}.", sources="מקורות"),
    "ja": Phrases(follow="続きは{}で。", sources="出典"),
    "zh": Phrases(follow="更多内容，请关注{}。", sources="来源"),
}


def phrases_of(language: str) -> Phrases:
    """Those of the language (BCP 47); empty ones for a language that is not known here."""
    return _PHRASES.get(language.casefold()[:2], NONE)


def in_words(number: int, language: str) -> str:
    """1 to 10 in words, digits beyond and where the language is not known."""
    words = _NUMBERS.get(language.casefold()[:2], "").split()
    return words[number - 1] if 0 < number <= len(words) else str(number)
