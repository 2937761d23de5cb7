"""Valid answers to the desk's questions, made from the data block of a prompt, always the same."""

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]

DATA_BLOCK = re.compile(r"<(data-[0-9a-f]+)>\n(.*?)\n</\1>", re.DOTALL)

SPEECH = (
    "light water root shelf pump seed leaf tray harvest growth cycle week room window heat power cost litre "
    "day measure nutrient level check clean simple steady small home kitchen basil lettuce cress mint"
)
WORDS = SPEECH.split()
STRUCTURES = ("guide", "comparison", "list", "how_to", "review", "faq")
INTENTS = ("informational", "commercial", "transactional", "navigational")


def data_of(body: Json) -> Json:
    """The data handed over in the last data block of a request, whichever wire it came on."""
    for text in reversed(list(_texts(body))):
        if found := DATA_BLOCK.search(text):
            return dict(json.loads(found[2]))
    raise ValueError("no data block in the prompt")


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _texts(inner)


def answer_to(data: Json) -> Json:
    """The answer to the question whose data this is."""
    for key, answer in QUESTIONS.items():
        if key in data:
            return answer(data)
    raise ValueError(f"none of the questions has the fields {sorted(data)}")


def groups_judged(data: Json) -> Json:
    """Each group is a cluster of its own, which is a partition."""
    return {
        "clusters": [
            {"name": group["representative"][:120], "description": "", "groups": [group["number"]]}
            for group in data["groups"]
        ]
    }


def ideas_planned(data: Json) -> Json:
    return {
        "ideas": [
            _idea(cluster, turn)
            for cluster in data["clusters"]
            for turn in range(data.get("ideas_per_cluster", 3))
        ]
    }


def _idea(cluster: Json, turn: int) -> Json:
    structure = STRUCTURES[turn % len(STRUCTURES)]
    name = cluster["name"]
    return {
        "cluster": cluster["number"],
        "title": f"{name[:100].capitalize()}: {structure.replace('_', ' ')} {turn + 1}",
        "angle": f"What somebody who asks for {name[:200]} has to know, part {turn + 1}.",
        "keywords": (cluster["keywords"] or [name])[:12],
        "intent": INTENTS[turn % len(INTENTS)],
        "structure": structure,
        "outline": [
            {"heading": f"{part} of {name[:100]}", "points": ["what it is", "what it costs"]}
            for part in ("Basics", "Choices", "Care")
        ],
        "words": 600,
    }


def article_written(data: Json) -> Json:
    chance = random.Random(data["title"])
    sections = data["outline"]
    each = max(data["words"] // len(sections), 40)
    markdown = "\n\n".join(
        f"## {section['heading']}\n\n{_prose(chance, each)}{_citation(data, position)}"
        for position, section in enumerate(sections)
    )
    return {
        "title": data["title"],
        "meta_title": data["title"][:70],
        "meta_description": data["angle"][:160],
        "markdown": markdown,
        "faq": [{"question": "How long does it take?", "answer": "About a week."}],
    }


def _prose(chance: random.Random, words: int) -> str:
    drawn = chance.choices(WORDS, k=words)
    sentences = (" ".join(drawn[start : start + 12]) for start in range(0, words, 12))
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)


def _citation(data: Json, position: int) -> str:
    documents = data.get("documents") or []
    return f"[^{documents[position % len(documents)]['number']}]" if documents else ""


def pictures_prompted(data: Json) -> Json:
    headings = data["headings"] or [data["title"]]
    pictures = [_picture("featured", "", data["title"])]
    for turn in range(min(data.get("in_article", 2), 7)):
        heading = headings[turn % len(headings)]
        pictures.append(_picture("in_article", heading, heading))
    return {"pictures": pictures}


def _picture(kind: str, heading: str, subject: str) -> Json:
    return {
        "kind": kind,
        "heading": heading,
        "prompt": f"A calm photograph about {subject}"[:1500],
        "alt": f"Picture about {subject}"[:200],
        "caption": "",
    }


def script_outlined(data: Json) -> Json:
    beats = [{"point": f"Point {turn} of {data['title'][:100]}", "cites": []} for turn in range(1, 4)]
    return {"hook": data["title"][:200], "beats": beats}


def script_written(data: Json) -> Json:
    """Three scenes that together with hook and call to action have about the words wanted."""
    chance = random.Random(data["title"])
    cites = [passage["number"] for passage in data["passages"][:1]]
    scenes = [
        {"heading": f"Scene {turn}", "says": _prose(chance, data["words"] // 4), "cites": cites}
        for turn in range(1, 4)
    ]
    hook = _prose(chance, max(data["words"] // 4 - 4, 4))
    return {
        "title": data["title"][:100],
        "hook": hook,
        "scenes": scenes,
        "cta": "There is more where this is from.",
    }


def script_judged(_: Json) -> Json:
    return {"hook": 8, "truth": 9, "clarity": 8, "pace": 7, "objections": []}


QUESTIONS: dict[str, Callable[[Json], Json]] = {
    "groups": groups_judged,
    "clusters": ideas_planned,
    "outline": article_written,
    "headings": pictures_prompted,
    "beats": script_written,
    "script": script_judged,
    "most_scenes": script_outlined,
}
