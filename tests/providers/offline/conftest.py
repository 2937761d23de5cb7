"""Sources to compile from: a few invented pages about kettles, and the demo's own documents."""

import re
from collections.abc import Callable
from importlib import resources

import pytest

from nightdesk.providers.text.questions import (
    ArticleToWrite,
    OutlineSection,
    Passage,
    SiteBrief,
    SourceDocument,
    Structure,
)

KETTLES = SiteBrief(name="Boil", subject="Kitchen appliances")

GAUGE = """## What a kettle is
A kettle is a vessel with a heating element that brings water to the boil.
The element of a kettle sits below a steel plate in most models.
It heats the plate, and the plate heats the water.

## How much power a kettle uses
A kettle of 3 kW boils one litre (1.06 quarts) in about 2 minutes.
A kettle of 2 kW boils one litre in about 3 minutes.
A travel kettle of 1 kW boils one litre in about 6 minutes.
An electric kettle turns about 80 percent of its electricity into heat in the water.

## How to descale a kettle
1. Fill the kettle halfway with water and add 50 ml of white vinegar.
2. Boil the mix once and leave it for 30 minutes.
3. Pour the mix away and rinse the kettle three times.

## Problems with kettles
Limescale makes a kettle slower and louder.
A kettle that switches off early usually has scale on its sensor.
"""

HOB = """## Kettle or pan
An electric kettle takes about 3 minutes for a litre, while a pan on a gas hob takes about 6 minutes.
An electric kettle wastes about 20 percent of the energy, while a pan on a gas hob wastes about 60 percent.
An electric kettle costs about 30 US dollars, while a pan on a gas hob costs nothing more.
A pan on a gas hob suits people who cook on a flame anyway.
An electric kettle suits people who boil water many times a day.
"""


def passages_of(text: str, number: int, words: int = 120) -> list[Passage]:
    """A document cut as the stage cuts it: whole lines under their heading, about `words` words each."""
    found = []
    for section in re.split(r"^(?=## )", text, flags=re.M):
        heading, _, body = section.partition("\n")
        held: list[str] = []
        for line in body.splitlines():
            held += [line] if line.strip() else []
            if sum(len(kept.split()) for kept in held) >= words:
                found.append(Passage(document=number, text="\n".join([heading, *held])))
                held = []
        if held:
            found.append(Passage(document=number, text="\n".join([heading, *held])))
    return found


@pytest.fixture(scope="session")
def kettle_article() -> Callable[..., ArticleToWrite]:
    """Asks for an article on kettles; what is named replaces what is usual."""

    def asked(**changes: object) -> ArticleToWrite:
        usual: dict[str, object] = {
            "site": KETTLES,
            "title": "Electric kettles in plain words",
            "angle": "What a kettle does with its power.",
            "keywords": ["electric kettle", "how much power does a kettle use", "descale a kettle"],
            "intent": "informational",
            "structure": "guide",
            "outline": [OutlineSection(heading="What a kettle is"), OutlineSection(heading="Power")],
            "words": 500,
            "documents": [
                SourceDocument(number=4, title="The kettle, explained"),
                SourceDocument(number=9, title="Kettle or pan"),
            ],
            "passages": [*passages_of(GAUGE, 4), *passages_of(HOB, 9)],
        }
        return ArticleToWrite.model_validate(usual | changes)

    return asked


@pytest.fixture(scope="session")
def demo_sources() -> tuple[list[SourceDocument], list[Passage]]:
    folder = resources.files("nightdesk") / "demo" / "input" / "documents"
    documents, passages = [], []
    for number, file in enumerate(sorted(folder.iterdir(), key=lambda found: found.name), 1):
        text = file.read_text("utf-8")
        title = re.search(r'^title: "?(.*?)"?$', text, re.M)
        documents.append(SourceDocument(number=number, title=title[1] if title else file.name))
        passages += passages_of(text.partition("\n## ")[1].lstrip() + text.partition("\n## ")[2], number)
    return documents, passages


@pytest.fixture(scope="session")
def demo_article(
    demo_sources: tuple[list[SourceDocument], list[Passage]],
) -> Callable[[str, Structure, list[str]], ArticleToWrite]:
    """Asks for an article of the demo's site, with the forty passages that share most with it."""
    documents, passages = demo_sources

    def asked(title: str, structure: Structure, keywords: list[str]) -> ArticleToWrite:
        wanted = set(re.findall(r"\w{4,}", " ".join((title, *keywords)).lower())) - {"compost", "composting"}
        near = sorted(passages, key=lambda p: -sum(p.text.lower().count(word[:6]) for word in wanted))[:40]
        return ArticleToWrite(
            site=SiteBrief(name="Heap & Soil", subject="Home composting and garden soil"),
            title=title,
            angle="",
            keywords=keywords,
            intent="informational",
            structure=structure,
            outline=[],
            words=1000,
            documents=documents,
            passages=near,
        )

    return asked
