"""Puts English phrases into good form: sentence case, acronyms, plurals, subjects and their verbs."""

import re

from nightdesk.providers.text.offline.words import listed

_ACRONYMS = listed("""
    ai api astm bbq bpi c:n co2 cpu css cv dc diy dna dvd ebay eco epa esg eu ev evs faq fda gmo gps
    hdmi hepa hiit html hvac id iot ip ipm iq iso it led leds lpg mppt nasa nft nfc no2 npk nyc oled
    osha pc pcs pdf ph pm2.5 pvc qr ram rgb rpm rv rvs seo sms sql ssd suv suvs tb tv tvs uhd uk url us
    usa usb usda uv uvb vat voc vocs vpn vr wifi xml
""")
_SPELLED = {
    "ph": "pH", "kwh": "kWh", "wifi": "Wi-Fi", "ebay": "eBay", "iot": "IoT", "i": "I", "evs": "EVs",
    "leds": "LEDs", "pcs": "PCs", "rvs": "RVs", "suvs": "SUVs", "tvs": "TVs", "vocs": "VOCs",
}  # fmt: skip
_AMBIGUOUS = frozenset({"it", "us", "id", "eco", "tb"})
_PLACES = re.compile(
    r"\b(berkeley|cornell|johnson|american|european|british|english|german|french|italian|spanish|japanese"
    r"|chinese|indian|canadian|australian|texas|california|florida|london|christmas|easter|january|february|april"
    r"|june|july|august|september|october|november|december|monday|friday|sunday)\b",
    re.I,
)
_QUALIFIES = ("for", "with", "without", "under")
_PREPOSITIONS = listed("""
    for in with of on without under near to at from by into vs versus against over and or
""")
_COUNTED = re.compile(
    r"(?!water|power|weather|paper|leather|summer|winter|butter|matter|fiber)\w*"
    r"(?:er|or|kit|bin|box|tool|device|test|recipe|chart|bag|bucket|system|machine|app|course|pump|panel|lamp)"
)
QUESTION = re.compile(
    r"(?:how|what|why|when|where|which|who|can|could|do|does|did|is|are|was|should|will|would|must|may)\b",
    re.I,
)


def spelled(word: str, known: frozenset[str] = frozenset()) -> str:
    """One word with its capitals: acronyms, names of places and months, and the forms in `known`."""
    low = word.casefold()
    for form in known:
        if form.casefold() == low:
            return form
    if low in _SPELLED:
        return _SPELLED[low]
    if low in _ACRONYMS and low not in _AMBIGUOUS:
        return word.upper()
    if re.fullmatch(r"[a-z]\d{1,5}|\d+[a-z]", low):
        return word.upper() if low[0].isalpha() else word
    return word.capitalize() if _PLACES.fullmatch(word) else word


def sentence_case(phrase: str, known: frozenset[str] = frozenset()) -> str:
    """The phrase with its first letter large and its acronyms kept; capitals inside words are left alone."""
    parts = [spelled(word, known) for word in phrase.split()]
    if parts and parts[0] == parts[0].casefold():
        parts[0] = parts[0][:1].upper() + parts[0][1:]
    return " ".join(parts)


def lower_first(phrase: str) -> str:
    """The phrase for the middle of a sentence: a first word that has other capitals keeps them."""
    first = phrase.split(" ", 1)[0]
    own = first[1:] != first[1:].lower() or bool(_PLACES.fullmatch(first)) or first == "I"
    return phrase if own else phrase[:1].lower() + phrase[1:]


def head_of(phrase: str) -> int:
    """The place of the head noun: the last word before the first preposition."""
    parts = phrase.split()
    return next(
        (i - 1 for i, word in enumerate(parts) if i and word.casefold() in _PREPOSITIONS), len(parts) - 1
    )


def is_deed(phrase: str) -> bool:
    """True for something done (`turning compost`), which has no plural."""
    parts = phrase.split()
    return (
        len(parts) > 1 and parts[0].casefold().endswith("ing") and len(parts[0]) > 5 and head_of(phrase) > 0
    )


def is_plural(phrase: str) -> bool:
    """Whether the thing named is several: by the ending of its head noun."""
    parts = phrase.split()
    if not parts or is_deed(phrase):
        return False
    head = "things" if parts[0].casefold() == "things" else parts[head_of(phrase)].casefold()
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "ics"))


def plural(phrase: str, seen: frozenset[str] = frozenset()) -> str:
    """The phrase with its head noun in the plural, where that noun can be counted.

    It can where its plural is among the words `seen`, or where it names a tool or a maker (`composter`).
    """
    parts = phrase.split()
    place = head_of(phrase)
    if (
        not parts
        or is_plural(phrase)
        or is_deed(phrase)
        or (place + 1 < len(parts) and parts[place + 1] not in _QUALIFIES)
    ):
        return phrase
    several = _pluralised(parts[place])
    if several.casefold() not in seen and not _COUNTED.fullmatch(parts[place].casefold()):
        return phrase
    return " ".join((*parts[:place], several, *parts[place + 1 :]))


def _pluralised(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def gerund(verb: str) -> str:
    """`make` → `making`, `dig` → `digging`, `turn` → `turning`."""
    if re.fullmatch(r"(?:[bcdfgpst]|st|pl|dr|ch|tr|sh)?[aeiou][bdgmnpt]", verb):
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1]}ing" if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else f"{verb}ing"
