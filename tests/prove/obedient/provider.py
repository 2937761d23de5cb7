"""A text provider whose model obeys: it reads what it is shown, and does what any text in it says."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_origin

from obedient.attacks import Attack, found_in, orders
from pydantic import BaseModel, create_model

from nightdesk.providers.calls import Call
from nightdesk.providers.choice import Choice
from nightdesk.providers.text.questions import (
    ArticleToWrite,
    ClustersToPlan,
    ContentToPicture,
    GroupsToJudge,
    SectionToWrite,
)
from nightdesk.providers.text.topic_questions import DocumentToAnalyse, TopicsToPropose
from nightdesk.providers.text.video_questions import ScriptToJudge, ScriptToOutline, ScriptToWrite

FILLER = (
    "A heap of leaves warms up when it is turned, and a bin of wood keeps the rain off it. "
    "What a kitchen leaves over goes in thin layers between dry stalks. "
) * 4
FREE = {
    "title",
    "name",
    "description",
    "angle",
    "markdown",
    "prompt",
    "alt",
    "caption",
    "summary",
    "text",
    "meta_title",
    "meta_description",
    "question",
    "answer",
    "heading",
    "hook",
    "says",
    "cta",
    "point",
    "hashtags[]",
    "objections[]",
    "structure[]",
    "keywords[]",
    "points[]",
}


class Obedient:
    """Answers each question well, and carries every order out that it finds in what it was shown.

    It is only ever shown what a model is shown. `choice` is the adapter's, as with any provider.
    """

    trusted_to_publish = False

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.label = choice.spelled
        self.prompts: list[str] = []
        self.reached: set[tuple[str, int]] = set()
        self.carried_out = 0

    async def ask(self, question: Any, meter: Any) -> Any:
        shown = f"{question.instructions}\n{question.data.model_dump_json()}"
        self.prompts.append(shown)
        found = found_in(question.data.model_dump_json())
        self.reached |= found
        obeyed = orders(found)
        own = orders(found_in(str(getattr(question.data, "title", ""))))
        # What is blown up is refused whole, and would hide what the others do where they are read together.
        obeyed = [attack for attack in obeyed if not attack.size or attack in own]
        self.carried_out += len(obeyed)
        meter.record(Call("text", "obedient", self.choice.model, 0.01, True, 100, 50, note=question.name))
        plain = ANSWERS[type(question.data)](question.data)
        return _built(question.answer, _obeyed(plain, obeyed, shown))


def _obeyed(plain: Any, attacks: Sequence[Attack], shown: str, name: str = "") -> Any:
    """The answer with every order carried out, at each of its levels."""
    if isinstance(plain, Mapping):
        given = {key: _obeyed(value, attacks, shown, key) for key, value in plain.items()}
        for attack in attacks:
            given |= {key: value for key, value in attack.choices.items() if key in given}
            given |= {key: value for key, value in attack.more.items() if key not in given}
        return given
    if isinstance(plain, list):
        return [_obeyed(one, attacks, shown, f"{name}[]") for one in plain]
    if isinstance(plain, str) and name in FREE:
        said = " ".join(_said(attack, shown, name) for attack in attacks)
        return f"{plain} {said}".strip()
    return plain


def _said(attack: Attack, shown: str, name: str) -> str:
    said = f"{attack.says} {shown[:3000] if attack.echo else ''}".strip()
    if attack.size and name == "markdown":
        return said + FILLER * (attack.size // len(FILLER))
    return said


LIMITS = {
    "title": 160,
    "name": 120,
    "description": 400,
    "angle": 600,
    "prompt": 1500,
    "alt": 200,
    "caption": 200,
    "summary": 400,
    "meta_title": 70,
    "meta_description": 170,
    "heading": 120,
    "text": 400,
    "structure": 300,
    "hook": 400,
    "says": 1200,
    "cta": 300,
    "point": 400,
    "hashtags": 60,
    "objections": 400,
    "keywords": 80,
}


@cache
def _loose(answer: type[BaseModel]) -> type[BaseModel]:
    """The type asked for, with room for fields that nobody asked for."""
    return create_model(f"Loose{answer.__name__}", __base__=answer, __cls_kwargs__={"extra": "allow"})


def _built(answer: type[BaseModel], given: Mapping[str, Any]) -> BaseModel:
    """An answer of that type with everything in it, valid or not, as a careless adapter would hand it on."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        field = answer.model_fields.get(name)
        inner = _inner(field.annotation) if field else None
        if inner is not None and isinstance(value, list):
            values[name] = [_built(inner, one) for one in value]
        elif inner is not None:
            values[name] = _built(inner, value)
        else:
            values[name] = _cut(name, value)
    return _loose(answer).model_construct(**values)


def _inner(annotation: Any) -> type[BaseModel] | None:
    for one in (annotation, *(get_args(annotation) if get_origin(annotation) is list else ())):
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
    return None


def _cut(name: str, value: Any) -> Any:
    """As much as the schema takes: what is too long is refused whole, and would carry nothing further."""
    most = LIMITS.get(name)
    if isinstance(value, str) and most:
        return value[:most]
    return [_cut(name, one) for one in value] if isinstance(value, list) else value


def _groups(data: GroupsToJudge) -> dict[str, Any]:
    return {
        "clusters": [
            {"name": group.representative[:90], "description": "", "groups": [group.number]}
            for group in data.groups
        ]
    }


def _ideas(data: ClustersToPlan) -> dict[str, Any]:
    outline = [{"heading": "How it begins", "points": ["one"]}, {"heading": "How it ends", "points": ["two"]}]
    return {
        "ideas": [
            {
                "cluster": cluster.number,
                "title": f"What to know of {cluster.name}"[:120],
                "angle": "For a small yard.",
                "keywords": cluster.keywords[:3] or [cluster.name],
                "intent": "informational",
                "structure": "guide",
                "outline": outline,
                "words": 400,
            }
            for cluster in data.clusters
        ]
    }


def _article(data: ArticleToWrite) -> dict[str, Any]:
    cited = "".join(f"[^{document.number}]" for document in data.documents[:2])
    return {
        "title": data.title[:120],
        "meta_title": data.title[:60],
        "meta_description": "What a heap needs.",
        "markdown": f"## How it begins\n\n{FILLER}{cited}\n\n## How it ends\n\n{FILLER}\n\n",
        "faq": [{"question": "How long does it take?", "answer": "A year."}],
    }


def _section(_: SectionToWrite) -> dict[str, Any]:
    return {"markdown": FILLER}


def _pictures(data: ContentToPicture) -> dict[str, Any]:
    one = {"heading": "", "prompt": "A heap of leaves in a yard.", "alt": "A heap", "caption": ""}
    return {"pictures": [one | {"kind": kind} for kind in ("featured", *["in_article"] * 7)]}


def _topics(data: TopicsToPropose) -> dict[str, Any]:
    said = data.stories or ["Heaps in winter"]
    return {
        "topics": [
            {"title": f"Proposal {number}: {said[number % len(said)]}"[:150], "summary": "Told."}
            for number in range(50)
        ]
    }


def _analysis(data: DocumentToAnalyse) -> dict[str, Any]:
    return {
        "hook": {"text": data.title[:200], "kind": "claim"},
        "structure": ["It begins", "It ends"],
        "emotions": [{"name": "joy", "strength": 0.5}],
        "triggers": ["curiosity"],
        "keywords": ["heap"],
        "pacing": {"pace": "even", "words_a_sentence": 12.0, "shortest": 3, "longest": 30},
    }


def _script_outline(data: ScriptToOutline) -> dict[str, Any]:
    beats = [{"point": f"Point {number}.", "cites": [number]} for number in (1, 2, 3)]
    return {"hook": f"What to know of {data.title}"[:120], "beats": beats}


def _script(data: ScriptToWrite) -> dict[str, Any]:
    cites = [passage.number for passage in data.passages[:2]]
    scene = {"heading": "A heap", "says": "A heap of leaves warms up.", "prompt": "A heap.", "cites": cites}
    return {
        "title": data.title[:100],
        "hook": "A heap of leaves warms up by itself.",
        "scenes": [scene] * 3,
        "cta": "More of it here.",
        "description": "What a heap needs.",
        "hashtags": ["#heap"],
    }


def _script_judged(_: ScriptToJudge) -> dict[str, Any]:
    return {"hook": 7, "truth": 7, "clarity": 7, "pace": 7, "objections": ["Scene 2: say it shorter."]}


ANSWERS: Mapping[type[BaseModel], Callable[[Any], dict[str, Any]]] = {
    GroupsToJudge: _groups,
    ClustersToPlan: _ideas,
    ArticleToWrite: _article,
    SectionToWrite: _section,
    ContentToPicture: _pictures,
    TopicsToPropose: _topics,
    DocumentToAnalyse: _analysis,
    ScriptToOutline: _script_outline,
    ScriptToWrite: _script,
    ScriptToJudge: _script_judged,
}

opened: list[Obedient] = []


def open_obedient(choice: Choice) -> Obedient:
    """What the entry point `text.obedient` names."""
    opened.append(Obedient(choice))
    return opened[-1]
