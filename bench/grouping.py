"""Measures keyword grouping: agreement with known groupings (adjusted Rand index), and CPU.

Run `python bench/grouping.py`; `--json` prints one object. Exits 1 where 50,000 keywords take over 3 CPU
seconds.

The lists come from `grouping_lists.toml`: eight subjects, each with twenty entities and eight aspects, in
templates of three families (informational, commercial, transactional), with singular and plural, two word
orders and one misspelling in a hundred. Each subject is measured with

- seen: templates made of the lexicon's own terms;
- found: templates from modifiers that others published, gathered after the lexicon and not added to it;
- unseen: other templates, with every term of the lexicon that shares a word with them taken out of it, so
  that nothing is known of them but grammar words: the hardest case;
- partly: the same templates with the whole lexicon, which knows some of their words;
- mixed: a list as in service, half of it seen, a quarter found and a quarter unseen templates, with the
  lexicon as it ships.
"""

import argparse
import json
import random
import statistics
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import adjusted_rand_score

from nightdesk.lines.article.grouping import Group, Lexicon, Phrase, group, lexicon_for
from nightdesk.lines.article.grouping.words import words

LISTS = Path(__file__).with_name("grouping_lists.toml")
LIMIT_SECONDS = 3.0
KEYWORDS = 50_000
Labelled = tuple[Phrase, tuple[str, str, str]]


def labelled(
    subject: dict[str, Any], templates: dict[str, list[str]], chance: random.Random
) -> Iterator[Labelled]:
    """Every entity and aspect of `subject` in every template, with its true group."""
    for entity in subject["entities"]:
        for aspect in subject["aspects"]:
            for family, shapes in templates.items():
                for shape in shapes:
                    text = _filled(shape, entity, aspect, chance)
                    volume = int(10 ** chance.uniform(1, 4))
                    yield Phrase(text, volume), (entity, aspect, family)


def _filled(shape: str, entity: str, aspect: str, chance: random.Random) -> str:
    article = "an" if entity[0] in "aeiou" else "a"
    plural = (
        "{a}" not in shape
        and chance.random() < 0.5
        and not entity.endswith(("software", "soil", "insurance"))
    )
    thing = f"{entity}s" if plural else entity
    if aspect:
        thing = f"{aspect} {thing}" if chance.random() < 0.3 else f"{thing} for {aspect}"
        article = "a" if thing[0] not in "aeiou" else "an"
    return _typed(shape.format(a=article, x=thing), chance)


def _typed(text: str, chance: random.Random) -> str:
    """`text`, one time in a hundred with two letters swapped in a long word."""
    long = [word for word in text.split() if len(word) >= 7 and word.isalpha()]
    if not long or chance.random() >= 0.01:
        return text
    word = chance.choice(long)
    at = chance.randrange(1, len(word) - 1)
    return text.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)


def withheld(lexicon: Lexicon, templates: dict[str, list[str]], closed: Sequence[str]) -> Lexicon:
    """`lexicon` without the terms that share a word in any form with `templates` (not counting `closed`)."""
    shapes = [shape.format(a="", x="") for family in templates.values() for shape in family]
    held = {lexicon.fold(word) for shape in shapes for word in words(shape)}
    held -= {lexicon.fold(word) for word in closed}
    known = (
        {term for modifier in lexicon.modifiers for term in modifier.terms} | lexicon.stop | lexicon.counted
    )
    left = lexicon.without([term for term in known if held & {lexicon.fold(word) for word in words(term)}])
    overlap = held & {lexicon.fold(word) for m in left.modifiers for term in m.terms for word in words(term)}
    if overlap:
        raise AssertionError(f"the lexicon still knows {sorted(overlap)}")
    return left


def agreement(found: Sequence[Group], truth: Sequence[tuple[str, ...]]) -> float:
    place = [0] * len(truth)
    for number, one in enumerate(found):
        for position in one.positions:
            place[position] = number
    names = {name: number for number, name in enumerate(sorted(set(truth)))}
    return float(adjusted_rand_score([names[name] for name in truth], place))


def measured(name: str, kind: str, rows: list[Labelled], lexicon: Lexicon) -> dict[str, Any]:
    start = time.process_time()
    found = group([phrase for phrase, _ in rows], lexicon)
    seconds = time.process_time() - start
    truth = [label for _, label in rows]
    return {
        "list": name, "templates": kind, "keywords": len(rows), "true_groups": len(set(truth)),
        "groups": len(found), "ari": round(agreement(found, truth), 3),
        "cpu_seconds": round(seconds, 2),
    }  # fmt: skip


def everything() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    data = tomllib.loads(LISTS.read_text("utf-8"))
    shipped = lexicon_for("en")
    blind = withheld(shipped, data["unseen"], data["closed"])
    rows: list[dict[str, Any]] = []
    pool: list[Labelled] = []
    for name, subject in data["subjects"].items():
        chance = random.Random(name)
        seen = list(labelled(subject, data["seen"], chance))
        unseen = list(labelled(subject, data["unseen"], chance))
        found = list(labelled(subject, data["found"], chance))
        mixed = [*chance.sample(seen, len(seen) // 2), *chance.sample(found + unseen, len(found) // 2)]
        rows.append(measured(name, "seen", seen, shipped))
        rows.append(measured(name, "found", found, shipped))
        rows.append(measured(name, "unseen", unseen, blind))
        rows.append(measured(name, "partly", unseen, shipped))
        rows.append(measured(name, "mixed", mixed, shipped))
        pool += seen + found + unseen
    return rows, _speed(random.Random(0).sample(pool, KEYWORDS), shipped)


def _speed(rows: list[Labelled], lexicon: Lexicon) -> dict[str, Any]:
    runs = [measured("all subjects", "all", rows, lexicon) for _ in range(5)]
    taken = [run["cpu_seconds"] for run in runs]
    return {**runs[0], "cpu_seconds": statistics.median(taken), "slowest": max(taken)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    rows, speed = everything()
    kinds = ("seen", "found", "unseen", "partly", "mixed")
    ari = {kind: [row["ari"] for row in rows if row["templates"] == kind] for kind in kinds}
    means = {kind: round(statistics.mean(values), 3) for kind, values in ari.items()}
    passed = speed["cpu_seconds"] <= LIMIT_SECONDS
    if parser.parse_args().json:
        print(json.dumps({"lists": rows, "mean_ari": means, "speed": speed, "passed": passed}))
        return 0 if passed else 1
    shape = "{:<14}{:<11}{:>9}{:>7}{:>8}{:>7}{:>7}"
    print(shape.format("list", "templates", "keywords", "true", "groups", "ARI", "CPU s"))
    for row in [*rows, speed]:
        print(shape.format(*list(row.values())[:7]))
    print(*(f"{kind}: mean ARI {means[kind]}, worst {min(ari[kind])}" for kind in kinds), sep="\n")
    print(
        f"{KEYWORDS} keywords: median {speed['cpu_seconds']} CPU s of 5 runs, slowest {speed['slowest']} "
        f"(limit {LIMIT_SECONDS})"
    )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
