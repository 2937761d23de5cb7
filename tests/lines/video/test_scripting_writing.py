"""A script asked of a model: outlined, written, judged, written once more, and what is told of its faults."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Refused
from nightdesk.lines.video.scripting.made import ScriptBrief, ScriptMade, numbered
from nightdesk.lines.video.scripting.writing import write_script
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import offline, open_text
from nightdesk.providers.text.questions import SiteBrief
from servers.openai_answers import answer_to, data_of
from servers.openai_server import Asked, OpenAIServer, on_the_wire

Json = dict[str, Any]
SAYS = (
    "A closed heap of leaves reaches 60 degrees after three days.",
    "Bacteria make the warmth while they eat what is green and moist.",
    "Without air they die, and the heap begins to smell of rotten eggs.",
    "Turn it with a fork every week, and it will be done by summer.",
)
TEXTS = [(4, f"## Warm heaps\n\n{SAYS[0]} {SAYS[1]} {SAYS[2]} {SAYS[3]}"), (9, "Rain makes a heap cold.")]
BRIEF = ScriptBrief(
    SiteBrief(name="Heap & Soil", subject="Composting"),
    "Why heaps grow warm",
    seconds=20,
    passages=numbered(TEXTS),
)


def script(
    hook: str = SAYS[0], says: Sequence[str] = SAYS[1:], cites: Sequence[int] = (1,), **more: Any
) -> Json:
    scenes = [{"heading": "Heap", "says": one, "prompt": "A heap.", "cites": list(cites)} for one in says]
    return {
        "title": "Warm heaps",
        "hook": hook,
        "hook_cites": [1],
        "scenes": scenes,
        "cta": "Go on reading.",
        **more,
    }


GOOD = script()
FAIR = {"hook": 8, "truth": 8, "clarity": 8, "pace": 8, "objections": []}


@asynccontextmanager
async def desk(scripts: Sequence[Json], judged: Json = FAIR) -> AsyncIterator[OpenAIServer]:
    """A model that gives these scripts one after the other, and this judgement."""
    waiting = list(scripts)

    def behave(_: OpenAIServer, asked: Asked) -> None:
        data = data_of(asked.body)
        said = waiting.pop(0) if "beats" in data else judged if "script" in data else answer_to(data)
        asked.reply_json(on_the_wire(asked, json.dumps(said)))

    async with OpenAIServer() as server:
        server.behaviour = behave
        yield server


async def made(
    scripts: Sequence[Json], judged: Json = FAIR, brief: ScriptBrief = BRIEF
) -> tuple[ScriptMade, list[Json]]:
    """The script, and the data of each question that was asked for it."""
    async with desk(scripts, judged) as server:
        provider = open_text(Choice("openai", "m", server.base_url, timeout=5), Limits())
        found = await write_script(provider, brief, ListMeter())
        return found, [data_of(asked.body) for asked in server.asked]


def codes(script: ScriptMade, report: str) -> list[str]:
    return [finding["code"] for finding in script.checks[report]["findings"]]


async def test_a_good_script_takes_three_calls_and_is_kept_as_it_is() -> None:
    found, asked = await made([GOOD])
    assert [scene.part for scene in found.scenes] == ["hook", "body", "body", "body", "cta"]
    assert (found.hook, found.cta, found.documents) == (SAYS[0], "Go on reading.", [4])
    assert found.seconds == pytest.approx(20, rel=0.2)
    assert len(asked) == 3
    assert {name: codes(found, name) for name in found.checks} == {name: [] for name in found.checks}
    assert found.as_json()["facts"][0]["status"] == "grounded"
    assert found.label == "openai:m"


async def test_a_figure_that_the_cited_passage_lacks_has_it_written_once_more() -> None:
    wrong = script(hook="A closed heap of leaves reaches 90 degrees after three days.")
    found, asked = await made([wrong, GOOD])
    assert len(asked) == 4
    assert "90 degrees" in " ".join(asked[3]["objections"])
    assert asked[3]["draft"]["hook"] == wrong["hook"]
    assert found.hook == SAYS[0]
    assert codes(found, "grounding") == []


async def test_what_the_judge_objects_to_is_handed_on_and_only_once() -> None:
    found, asked = await made([GOOD, GOOD], FAIR | {"hook": 3, "objections": ["Scene 1: say how."]})
    assert len(asked) == 4
    assert asked[3]["objections"] == ["Scene 1: say how.", "The editor gave 3 of 10 for hook."]
    assert codes(found, "judge") == ["objection"]


async def test_a_script_that_is_no_better_the_second_time_says_what_remains() -> None:
    bad = script(hook="", says=["[Music swells] Look: https://example.org/a 🌱", "Ninety days."], cites=(7,))
    found, _ = await made([bad, bad])
    assert set(codes(found, "script")) >= {"too_short", "no_hook", "address_read_aloud", "stage_direction"}
    assert codes(found, "grounding").count("unknown_citation") == 2
    assert found.scenes[0].says == "[Music swells] Look:"
    assert [scene.cites for scene in found.scenes] == [(), (), ()]


async def test_a_worse_second_writing_is_left_aside() -> None:
    found, asked = await made([GOOD, script(hook="")], FAIR | {"pace": 2})
    assert len(asked) == 4
    assert found.hook == SAYS[0]


@pytest.mark.parametrize(
    "said", ["I'm sorry, but I can't help with that.", "As an AI, I must not.", "Lo siento, no."]
)
async def test_a_model_that_declines_is_told_plainly(said: str) -> None:
    with pytest.raises(Refused, match="openai:m declined to write this script"):
        await made([script(hook=said, says=[said])])


async def test_a_script_in_which_nothing_can_be_said_is_refused() -> None:
    with pytest.raises(Refused, match="nothing is said"):
        await made([script(says=["🌱", "https://example.org"])])


async def test_addresses_and_marks_reach_neither_description_nor_hashtags() -> None:
    description = "Warm heaps.\nMore: https://evil.example/x <a href='x'>here</a>"
    found, _ = await made([script(description=description, hashtags=["#warm heap!", "warmheap", "#2026"])])
    assert found.description == "Warm heaps.\nMore: here"
    assert found.hashtags == ["#warmheap"]


async def test_a_number_that_no_chinese_passage_has_is_found() -> None:
    says = ["堆肥的热量来自分解有机物的细菌。", "堆肥三天内可以达到90℃。", "小堆比大堆散热更快。"]
    brief = ScriptBrief(
        SiteBrief(name="报", subject="堆肥"),
        "堆肥",
        language="zh",
        seconds=12,
        passages=numbered([(1, "堆肥三天内可以达到60℃。")]),
    )
    found, _ = await made([script(says[0], says)] * 2, brief=brief)
    assert codes(found, "grounding") == ["figure_unverified"]


async def test_without_a_model_the_script_is_compiled_and_labelled_so() -> None:
    found = await write_script(offline.open(Choice("offline"), SystemClock()), BRIEF, ListMeter())
    assert found.label == "compiled offline"
    assert {scene.says.split(". ")[0].rstrip(".") + "." for scene in found.scenes[:-1]} <= {
        *SAYS,
        TEXTS[1][1],
    }
    assert 4 in found.documents
    assert codes(found, "grounding") == []
