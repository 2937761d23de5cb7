"""Plain text: cleaning what came from outside, words, sentences, shortening, names for addresses."""

import re
import unicodedata
from collections.abc import Iterator

# Letters that stand for a word or syllable of their own, written without spaces between.
_WRITTEN_WITHOUT_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS_AND_DIGITS = re.compile("[0-9a-z]+")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_DASHES = re.compile("[\u2012-\u2015]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters but for tab and line feed, the byte order mark, and what Unicode says is no character.
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_APOSTROPHES = re.compile("['’ʼ`´]")
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})

# Abbreviations that never end a sentence, those that a number follows where they are abbreviations at all,
# and those that end one when the next word is one that sentences like to begin with.
_NEVER_LAST = re.compile(
    r"(?:mr|mrs|ms|mx|dr|prof|rev|hon|sgt|capt|messrs|mme|mlle|sra|hrsg|vs|cf|viz|incl|approx|e\.g|i\.e|eg|ie"
    r"|z\.b|d\.h|u\.a|z\.t|p\.ej|n\.b|bzw|ggf|evtl|vgl|bspw|sog)"
)
_BEFORE_NUMBER = re.compile(
    r"(?:nos?|nr|vols?|figs?|eq|ch|sec|pp?|par|art|abs|ca|c|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_PERHAPS_LAST = re.compile(
    r"(?:etc|inc|ltd|co|corp|llc|plc|jr|sr|bros|dept|est|usw|ft|oz|lbs?|sq|cu|al|ave|blvd|rd|st|gen|col|lt|gov"
    r"|sen|rep|eds?|max|min|avg|ph\.d|b\.sc|m\.sc|[^\W\d_](?:\.[^\W\d_])*)"
)
_BEGINNING = re.compile(
    r"(?:an?|after|all|although|and|another|as|at|because|before|but|by|during|each|even|every|few|first|for"
    r"|from|he|her|here|his|how|however|if|in|instead|its?|later|many|meanwhile|more|most|no|not|now|of|on"
    r"|once|one|our|over|she|since|so|some|still|such|that|the|their|then|there|these|they|this|those|though"
    r"|through|thus|to|today|two|under|until|we|what|when|where|while|who|why|with|you|your|der|die|das|eine?"
    r"|es|er|sie|wir|und|aber|im|el|la|los|las|una?|les?|des|il|lo|gli|de|het|een)"
)
_GERMAN_MONTH = re.compile(
    r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|jänner)"
)
# Possessive, so that a long run of marks is looked at once. French closes its quotes after a space.
_END = re.compile("(?<![.!?…؟۔।])[.!?…؟۔।]++[\"'”’»)\\]]*+(?:[ \u202f]»)?(?=\\s|$)|[。！？]++[”’」』）]*+")
_WORD_BEFORE = re.compile(r"[^\s(\[“\"'‘«—–/-]+$")
_WORD_AFTER = re.compile(r"\s*([\"'“‘«(\[¿¡]*)([^\s,;:.!?)\]”\"]*)")
_BLANK = re.compile(r"\n\s*\n")
_OWN_LINE = re.compile(r"\n(?=[ \t]*(?:[-*+•] |\d{1,3}[.)] |#{1,6} |\|))")
_MARK = re.compile(r"(?:\d{1,3}|[^\W\d_])[.)]\s")


def clean(text: str) -> str:
    """Text fit to store: no NUL or other controls, no lone surrogate, line feeds alone, composed (NFC)."""
    if text.isascii():
        return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", whole)))


def count_words(text: str) -> int:
    """Words as a word processor counts them: pieces between spaces or dashes that hold a letter or a digit.

    Each character of Chinese and Japanese script counts as one.
    """
    spaced, single = _WRITTEN_WITHOUT_SPACES.subn(" ", _DASHES.sub(" ", text))
    return single + sum(1 for piece in spaced.split() if _LETTER_OR_DIGIT.search(piece))


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, each on one line; what has no end mark is one sentence.

    Blank lines, list entries, headings and table rows end a sentence; a line end alone does not, nor do the
    full stops of abbreviations, initials, numbers and file names.
    """
    return [
        sentence
        for paragraph in _BLANK.split(text)
        for line in _OWN_LINE.split(paragraph)
        for sentence in _split(" ".join(line.split()))
    ]


def _split(line: str) -> Iterator[str]:
    begin = 0
    marked = _MARK.match(line)
    for end in _END.finditer(line, marked.end() if marked else 0):
        if _ends(line, end):
            yield line[begin : end.end()].strip()
            begin = end.end()
    if rest := line[begin:].strip():
        yield rest


def _ends(line: str, end: re.Match[str]) -> bool:
    if end[0][0] in "。！？":
        return True
    after = _WORD_AFTER.match(line, end.end())
    quoted, word = (after[1], after[2]) if after else ("", "")
    if word[:1].islower() and not quoted:
        return False
    single = end[0].startswith(".") and not end[0].startswith("..")
    return not single or _full_stop(line[max(0, end.start() - 40) : end.start()], word.lower())


def _full_stop(before: str, word: str) -> bool:
    """Whether a full stop after `before` ends a sentence, when `word` follows."""
    found = _WORD_BEFORE.search(before)
    last = found[0].lower() if found else ""
    if _NEVER_LAST.fullmatch(last):
        return False
    if _BEFORE_NUMBER.fullmatch(last):
        return not word[:1].isdigit()
    if last.isdigit() and len(last) <= 2:
        return not _GERMAN_MONTH.fullmatch(word)
    return not _PERHAPS_LAST.fullmatch(last) or bool(_BEGINNING.fullmatch(word))


def shorten(text: str, limit: int) -> str:
    """The text on one line in at most `limit` characters, cut after a whole word and marked with `…`."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    room = line[: max(limit, 1)]
    # A cut that would lose more than half is a text of very long words, or one without spaces: cut inside.
    at = room.rfind(" ")
    kept = room[:at] if at > limit // 2 else room[:-1]
    return kept.rstrip(" ,;:-–—") + "…"


def slug(text: str, limit: int = 80) -> str:
    """A name for addresses and files: lower case, words joined by hyphens, at most `limit` characters.

    Latin letters lose their accents; other scripts stay as they are. Empty where no letter or digit is left.
    """
    plain = _APOSTROPHES.sub("", text[: limit * 8]).casefold().translate(_LETTERS)
    joined = "-".join(_LETTERS_AND_DIGITS.findall(plain) if plain.isascii() else _parts(plain))
    if len(joined) <= limit:
        return joined
    whole = joined[: limit + 1].rpartition("-")[0]
    return whole or joined[:limit]


def _parts(plain: str) -> list[str]:
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", plain):
        if unicodedata.category(char).startswith("M"):
            kept += [char] if kept and not kept[-1].isascii() else []
        else:
            kept.append(char if char.isalnum() else " ")
    return unicodedata.normalize("NFC", "".join(kept).translate(_LETTERS)).split()
