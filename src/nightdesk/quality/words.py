"""The words of a text as the checks compare them: folded, without stop words, cut to their stems."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_STEM = 6
_LOOKED_AT = 40
"""Letters of a word; what is behind them cannot be among the first six of its stem."""
# `lettuces` and `lettuce`, `growing` and `grow`, `Pflanzen` and `Pflanze` are the same; `bed` is no `b`.
_PLURAL = re.compile(r"(?<=\w{2}[^s])s$")
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|er|en|es|[aeo])$")

_STOP: dict[str, str] = {
    "en": "a vs versus about above after again all also am an and any are as at be because been before being "
    "below between both but by can could did do does doing down during each few for from further "
    "had has have having he her here hers him his how i if in into is it its itself just may me "
    "might more most much must my no nor not now of off on once only or other our out over own "
    "per same she should so some such than that the their them then there these they this those "
    "through to too under until up us very was we were what when where which while who whom why "
    "will with would you your according said says show shows showed found",
    "de": "aber als am an auch auf aus bei bis da das dass dem den der des die dies diese dieser doch "
    "durch ein eine einem einen einer eines er es für hat haben hatte ich im in ist kann können "
    "man mehr mit nach nicht noch nur ob oder sehr sein sich sie sind so über um und unter vom "
    "von vor war waren was wenn werden wie wird wir wurde zu zum zur laut",
    "es": "a al ante como con de del desde donde el ella en entre era es esta este esto ha hasta la las "
    "le lo los más me mi muy no o para pero por que se según ser si sin sobre son su sus también "
    "tan un una uno y ya",
    "fr": "à au aux avec ce ces cette comme d dans de des du elle en entre est et eu il ils je la le "
    "les leur l mais ne on ont ou où par pas plus pour qu que qui sa sans se selon ses son sont "
    "sur un une été être très y",
    "it": "a ad ai al alla anche che chi come con da dal dalla dei del della delle di e ed è gli ha i "
    "il in io la le lo ma nel nella non o per più se secondo si sono su sua sul un una uno",
    "nl": "aan al als bij dan dat de der die dit door een en er haar had heeft het hij hun ik in is je "
    "kan maar meer met na naar niet nog nu of om onder ook op over te tot uit van volgens voor "
    "was we wat werd wordt ze zijn zo zich",
    "pt": "a ao aos as até com como da das de dela dele do dos e é ela ele em entre era essa este está "
    "foi há isso já mais mas me na não nas no nos o os ou para pela pelo por que quem são se "
    "segundo sem seu sua também um uma",
}
_STOPPED = frozenset(word for words in _STOP.values() for word in words.split())


def fold(text: str) -> str:
    """Lower case, compatibility forms resolved, curly apostrophes straight."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def words(text: str) -> list[str]:
    """Every word and number of the text, folded, in order."""
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """A crude stem for any alphabetic language: no accents, no common ending, the first letters."""
    return _stem(word[:_LOOKED_AT])


# The checks of an article ask for the same few hundred words thousands of times.
@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return _ENDING.sub("", _PLURAL.sub("", bare.removesuffix("'s")))[:_STEM]


def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning: no stop words of the seven commonest languages, no numbers."""
    return stems(words(text))


def stems(found: Iterable[str]) -> frozenset[str]:
    """The same of words already split and folded."""
    return frozenset(filter(None, map(_kept, [word[:_LOOKED_AT] for word in found])))


@lru_cache(maxsize=20_000)
def _kept(word: str) -> str:
    """The stem of a word that carries meaning, empty for any other."""
    meant = len(word) > 1 and word not in _STOPPED and not word[0].isdigit()
    return stem(word) if meant else ""
