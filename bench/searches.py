"""Searches for many things, ten a thing that all mean the same: what stage 1 has to bring together."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

LISTS = Path(__file__).with_name("grouping_lists.toml")
MORE = ("best rated {x}", "{x} review")


def searches(things: int) -> Iterator[tuple[str, int]]:
    """Ten phrases for each of so many things, with their volumes."""
    lists = tomllib.loads(LISTS.read_text("utf-8"))
    named = [thing for subject in lists["subjects"].values() for thing in subject["entities"]]
    every = max(len(named) // things, 1)
    for number, thing in enumerate(named[::every][:things]):
        article = "an" if thing[0] in "aeiou" else "a"
        for turn, shape in enumerate([*lists["seen"]["commercial"], *MORE]):
            yield shape.format(a=article, x=thing), 10 * (1000 - 10 * number - turn)
