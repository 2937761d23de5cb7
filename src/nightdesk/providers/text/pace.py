"""How long a text takes to be said: words by script, and words a minute by language."""

import re

from nightdesk.kit.text import count_words

NARRATED = 0.7
"""Share of the pace at which people read aloud that a narrator keeps: English comes to 160 words a minute, as
espeak NG needs for plain English prose at its usual rate."""

READ_ALOUD = {
    "ar": 138, "de": 179, "en": 228, "es": 218, "fi": 161, "fr": 195, "he": 187, "it": 188, "ja": 357,
    "nl": 202, "pl": 166, "pt": 181, "ru": 184, "sl": 180, "sv": 199, "tr": 166, "zh": 255,
}  # fmt: skip
"""Words a minute in which adults read aloud, characters of Chinese and Japanese: table of the IReST study
(Trauzettel-Klosinski and Dietz 2012, Invest Ophthalmol Vis Sci 53:5452)."""

MEAN = 184
"""The same study's mean over 17 languages, for any other."""

LETTERS_A_WORD = 5
"""Of scripts that part no words; the study's 68 ms a letter give about the mean pace then."""

_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def words_said(text: str) -> int:
    """Words; each Chinese or Japanese character is one, and five letters of Thai, Lao, Burmese or Khmer."""
    rest, letters = _UNPARTED.subn(" ", text)
    return count_words(rest) + round(letters / LETTERS_A_WORD)


def words_a_minute(language: str) -> float:
    """Of a narrator in that language (BCP 47)."""
    return NARRATED * READ_ALOUD.get(language.casefold()[:2], MEAN)


def words_in(seconds: float, language: str) -> int:
    """Words that a narrator says in that time."""
    return max(round(seconds / 60 * words_a_minute(language)), 1)


def seconds_of(text: str, language: str) -> float:
    """How long a narrator takes for the text, without the pauses between scenes."""
    return words_said(text) / words_a_minute(language) * 60
