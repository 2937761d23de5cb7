"""Takes plain English statements apart: what they are about, and the verb that says something of it."""

from functools import lru_cache

from nightdesk.providers.text.offline.phrases import head_of, is_plural
from nightdesk.providers.text.offline.words import listed

_VERBS = listed("""
    absorb accept act add admit affect aid allow appear attract balance become begin belong block
    break breathe bring build burn bury buy carry catch cause change clean close collect combine
    come compost conduct contain control cool cost count cover crack create cure cut decay decide
    decompose deliver depend destroy die differ disappear double dry eat encourage end enter escape
    exist explain expose fail fall feed feel fill find finish fit flow follow forgive freeze get
    give go grow handle happen harm harvest heat help hold improve include increase indicate
    insulate irritate keep kill last lead leak leave let lie like live look loosen lose lower make
    mat matter mean measure melt mix move multiply need note occur offer open pack pass penetrate
    perform pay place prevent produce protect prove provide put raise range reach rebuild recommend
    reduce refill release rely remain remove replace require resist rest return rise rot run save
    seal seem sell serve settle shade shorten show shred shrink sit slow smell sort speed spend
    spread stand start starve stay stop store suit supply support survive sweeten swell take taste
    tend thaw thrive tie tolerate trap turn use vary wait want warm wash waste weaken weigh work
    yield point call call
""")
_SINGULAR, _PLURAL = frozenset({"is", "has", "was", "does"}), frozenset({"are", "have", "were", "do"})
_MODAL = frozenset({"can", "should", "may", "must", "will", "cannot", "could", "might", "would"})
_SUBORDINATE = frozenset({"that", "which", "who", "when", "because", "if", "or", "as", "while"})
_BEFORE_NOUNS = listed("a an the each every of to no their its for in on")
_ADVERBS = listed("often never also still usually rarely always then now only even simply practically")
_LONGEST_SUBJECT = 9


def third_person(verb: str) -> str:
    """`take` → `takes`, `carry` → `carries`, `finish` → `finishes`."""
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "ch", "sh", "o")) else f"{verb}s"


_THIRD = {third_person(verb): verb for verb in _VERBS}


def base_form(verb: str) -> str:
    """`takes` → `take`; a verb that is no third person stays as it is."""
    return _THIRD.get(verb, verb)


def is_verb(word: str) -> bool:
    """True for the common verbs of statements, in the present, and for modals."""
    return word in _SINGULAR or word in _PLURAL or word in _MODAL or word in _VERBS or word in _THIRD


@lru_cache(maxsize=8_192)
def subject_of(sentence: str) -> tuple[str, str] | None:
    """The subject and the verb after it, for plain statements; None where the sentence begins otherwise."""
    parts = sentence.split()
    for place, word in enumerate(parts[1 : _LONGEST_SUBJECT + 1], 1):
        if parts[place - 1][-1] in ",;:" or word in _SUBORDINATE:
            return None
        if _is_the_verb(parts, place):
            told = parts[:place]
            while len(told) > 1 and told[-1] in _ADVERBS:
                told.pop()
            return " ".join(told), word
    return None


def complement(text: str, found: tuple[str, str]) -> str:
    """What follows the verb of a statement that `subject_of` took apart, without the full stop."""
    return text[len(found[0]) :].partition(f" {found[1]} ")[2].rstrip(".")


def _is_the_verb(parts: list[str], place: int) -> bool:
    """A form after an article or before a verb is a noun (`the work is`), and number must agree."""
    word, before = parts[place], parts[place - 1].casefold()
    if word in _SINGULAR or word in _PLURAL or word in _MODAL:
        return True
    following = parts[place + 1] if place + 1 < len(parts) else ""
    if before in _BEFORE_NOUNS or following in _SINGULAR | _PLURAL | _MODAL:
        return False
    return (word in _VERBS) if is_several(" ".join(parts[:place])) else (word in _THIRD)


def is_several(subject: str) -> bool:
    """Whether the verb of this subject stands in the plural."""
    parts = subject.split()
    return is_plural(subject) or "and" in parts[: head_of(subject) + 1]


def pronoun(subject: str, verb: str) -> str:
    """`It` or `They`, whichever stands for this subject."""
    if verb in _SINGULAR or verb in _THIRD:
        return "It"
    if verb in _PLURAL or verb in _VERBS:
        return "They"
    return "They" if is_several(subject) else "It"
