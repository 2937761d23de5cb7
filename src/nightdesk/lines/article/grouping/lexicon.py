"""The words that say how a search is meant rather than what about: data of a language, editable by a site."""

import tomllib
from collections.abc import Collection, Mapping
from functools import cached_property
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.grouping.folding import Ending, fold
from nightdesk.lines.article.grouping.words import words
from nightdesk.providers.text.questions import Intent, Structure

MOST_KEPT = 200_000


class Modifier(BaseModel):
    """Terms that mean one intent and are no part of the subject.

    `firm` terms set the intent and are always taken off; `mild` ones set it where no firm term does and
    are taken off only if the phrase ends up with their intent (`budget` in `best budget printer` stays);
    `kept` ones set it likewise and stay (`rent a car` is not `buy a car`); `aid` terms never set it and are
    taken off beside others of their intent (`online` in `buy online`). `at` is where in the phrase a term
    counts: before or after all of the subject, or between two parts of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intent: Intent
    structure: Structure | None = None
    strength: Literal["firm", "mild", "kept", "aid"] = "firm"
    at: Literal["any", "start", "end", "inside"] = "any"
    terms: tuple[str, ...] = Field(min_length=1)


class Lexicon(BaseModel):
    """What is known of a language, and of a site's own way to use it.

    `stop` words are dropped; `same` lists a word's variants; `counted` are words beside which a number only
    counts (`top 10`); `joints` open an aspect of the subject (`for`, `with`); `directed` are words whose two
    sides are not interchangeable (`pdf to word`); `topical` ones lead from something unknown to the
    subject (`anatomy of`); years within `years` only date a phrase.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: str
    vowels: str = "aeiouy"
    stop: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    joints: frozenset[str] = frozenset()
    directed: frozenset[str] = frozenset()
    topical: frozenset[str] = frozenset()
    years: tuple[int, int] | None = (2010, 2039)
    endings: tuple[Ending, ...] = ()
    same: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    modifiers: tuple[Modifier, ...] = ()

    @cached_property
    def variants(self) -> dict[str, str]:
        """Each variant with the folded form of what it stands for.

        It is found under its own folded form too, except where that could come from another word: `leaves`,
        not `leave`, stands for `leaf`.
        """
        table: dict[str, str] = {}
        for main, variants in self.same.items():
            target = fold(main, self.endings, {}, self.vowels)
            for variant in variants:
                table[variant] = target
                stem = fold(variant, self.endings, {}, self.vowels)
                if f"{stem}e" == variant:
                    table[stem] = target
        return table

    @cached_property
    def terms(self) -> dict[str, list[tuple[tuple[str, ...], Modifier]]]:
        """The modifiers' terms as words, longest first, by their first word."""
        table: dict[str, list[tuple[tuple[str, ...], Modifier]]] = {}
        for modifier in self.modifiers:
            for term in modifier.terms:
                cut = tuple(words(term))
                if cut:
                    table.setdefault(cut[0], []).append((cut, modifier))
        for entries in table.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        return table

    @cached_property
    def dropped(self) -> frozenset[str]:
        """The stop words, as written and folded."""
        return self.stop | {self.fold(word) for word in self.stop}

    @cached_property
    def _folds(self) -> "_Folds":
        return _Folds(self)

    def fold(self, word: str) -> str:
        """The form under which all inflections and variants of `word` are one."""
        return self._folds[word]

    def extended(self, more: Mapping[str, Any]) -> "Lexicon":
        """This lexicon with a site's own data, in the shape of the shipped files.

        Lists grow, single values are replaced; `forget` lists terms to take out first.
        Raises `Refused` with every fault found.
        """
        added = dict(more)
        kept = self.without(_terms(added.pop("forget", ())))
        try:
            own = Lexicon.model_validate({"language": self.language, **added})
        except ValidationError as error:
            raise Refused(f"the site's lexicon cannot be read: {_faults(error)}") from None
        changes: dict[str, Any] = {name: getattr(own, name) for name in ("vowels", "years") if name in added}
        for name in ("stop", "counted", "joints", "directed"):
            changes[name] = getattr(kept, name) | getattr(own, name)
        same = {main: kept.same.get(main, ()) + own.same.get(main, ()) for main in {**kept.same, **own.same}}
        changes.update(
            same=same, endings=own.endings + kept.endings, modifiers=own.modifiers + kept.modifiers
        )
        return kept._with(changes)

    def without(self, terms: Collection[str]) -> "Lexicon":
        """This lexicon without the given terms, stop words and counted words, in any inflection."""
        gone = {tuple(self.fold(word) for word in words(term)) for term in terms}

        def stays(term: str) -> bool:
            return tuple(self.fold(word) for word in words(term)) not in gone

        modifiers = tuple(
            modifier.model_copy(update={"terms": left})
            for modifier in self.modifiers
            if (left := tuple(filter(stays, modifier.terms)))
        )
        sets = {name: frozenset(filter(stays, getattr(self, name))) for name in ("stop", "counted")}
        return self._with({**sets, "modifiers": modifiers})

    def _with(self, changes: Mapping[str, Any]) -> "Lexicon":
        # Built anew: a copy would carry the tables that were derived from the old data.
        return Lexicon(**{name: getattr(self, name) for name in type(self).model_fields} | dict(changes))


class _Folds(dict[str, str]):
    """Folded forms, kept: a list has many phrases and few words."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_KEPT:
            self.clear()
        lexicon = self._lexicon
        folded = self[word] = fold(word, lexicon.endings, lexicon.variants, lexicon.vowels)
        return folded


def lexicon_for(language: str) -> Lexicon:
    """The shipped lexicon of a language (`en`, `de-AT`); of one that has none, the neutral one."""
    name = language.strip().lower().replace("_", "-").split("-")[0]
    folder = resources.files("nightdesk.lines.article.grouping") / "lexicons"
    shipped = {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir()}
    return Lexicon.model_validate(tomllib.loads(shipped.get(name, shipped["neutral"]).read_text("utf-8")))


def _terms(given: object) -> tuple[str, ...]:
    if not isinstance(given, list | tuple | set | frozenset) or not all(
        isinstance(term, str) for term in given
    ):
        raise Refused("the site's lexicon cannot be read: `forget` must be a list of terms")
    return tuple(given)


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
