"""Scripts compiled without a model: from the sources alone, in time, in four kinds and several scripts."""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

import pytest

from nightdesk.kit.endings import Refused
from nightdesk.providers.text.offline.passages import plain
from nightdesk.providers.text.offline.script_headings import headings
from nightdesk.providers.text.offline.script_lines import Line
from nightdesk.providers.text.offline.script_room import Said
from nightdesk.providers.text.offline.scripts import outline_script, write_script
from nightdesk.providers.text.offline.sentences import weigh
from nightdesk.providers.text.pace import seconds_of, words_in, words_said
from nightdesk.providers.text.questions import SiteBrief
from nightdesk.providers.text.video_questions import (
    NumberedPassage,
    PlatformLimits,
    ScriptToOutline,
    ScriptToWrite,
    ScriptWritten,
    VideoKind,
)

SITE = SiteBrief(name="Heap & Soil", subject="Home composting and garden soil")
KINDS: tuple[VideoKind, ...] = ("explainer", "list", "story", "dialogue")
BEES = "Bees fly far from home. They collect nectar from many flowers on a sunny day in June."
SUMMARY = (
    "The council of Marlow opens a second compost yard in March. It takes branches, leaves and grass from "
    "every household in the town. A bag of finished compost will be free for those who bring their own. "
    "The yard is paid for by the sale of compost to farms nearby."
)
GERMAN = (
    "## Wie Kompost warm wird\n\nBakterien erzeugen die Wärme im Kompost, wenn sie Material abbauen. "
    "Ein gut aufgesetzter Kompost erreicht nach drei Tagen etwa 60 °C. Über 65 °C sterben viele nützliche "
    "Mikroben. Kleine Haufen verlieren ihre Wärme schneller als große."
)
ARABIC = (
    "## كيف يسخن السماد\n\nتنتج البكتيريا الحرارة في كومة السماد عندما تحلل المواد العضوية. "
    "تصل الكومة الجيدة إلى 60 درجة مئوية خلال ثلاثة أيام. تموت كثير من الميكروبات النافعة فوق 65 درجة. "
    "تفقد الأكوام الصغيرة حرارتها أسرع من الأكوام الكبيرة."
)
CHINESE = (
    "## 堆肥为什么会发热\n\n堆肥的热量来自分解有机物的细菌。一个堆得好的堆肥三天内可以达到60℃。"
    "超过65℃时，许多有益微生物会死亡。小堆比大堆散热更快，所以温度更低。"
)


@cache
def demo_passages() -> tuple[NumberedPassage, ...]:
    folder = resources.files("nightdesk") / "demo" / "input" / "documents"
    chosen = ("01", "07", "11")
    texts = [one.read_text("utf-8") for one in folder.iterdir() if one.name[:2] in chosen]
    parts = [(at, part) for at, text in enumerate(texts, 1) for part in re.split(r"\n(?=## )", text)[1:]]
    return tuple(NumberedPassage(number=n, document=at, text=part) for n, (at, part) in enumerate(parts, 1))


def asked(
    title: str, passages: Sequence[NumberedPassage], kind: VideoKind = "explainer", **more: object
) -> ScriptToWrite:
    return ScriptToWrite.model_validate(
        {"site": SITE, "title": title, "kind": kind, "passages": list(passages), **more}
    )


def told(script: ScriptWritten) -> list[str]:
    return [script.hook, *(scene.says for scene in script.scenes), script.cta]


def one(text: str) -> list[NumberedPassage]:
    return [NumberedPassage(number=1, document=1, text=text)]


def line_of(says: str) -> Line:
    return Line(says, 1.0, "Compost", (1, 0, 0), 1, weigh(says, 1, 0, 0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [30, 60])
def test_a_script_takes_the_time_that_was_asked_for(kind: VideoKind, seconds: int) -> None:
    words = words_in(seconds, "en")
    script = write_script(asked("Worm composting", demo_passages(), kind, seconds=seconds, words=words))
    assert sum(map(words_said, told(script))) == pytest.approx(words, rel=0.2)
    assert 1 <= len(script.scenes) <= 10
    assert all(seconds_of(says, "en") <= 12 for says in told(script))
    assert len(set(told(script))) == len(told(script))


@pytest.mark.parametrize("kind", KINDS)
def test_every_statement_stands_in_the_passage_that_is_cited(kind: VideoKind) -> None:
    passages = {one.number: plain(one.text) for one in demo_passages()}
    script = write_script(asked("Leaf mold", demo_passages(), kind))
    assert script.hook_cites
    for scene in script.scenes:
        if scene.says.endswith("?"):
            continue
        source = " ".join(" ".join(passages[number].split()) for number in scene.cites)
        numbers = re.findall(r"\d+", scene.says)
        assert numbers == [number for number in numbers if number in source]
        last = re.sub(r"^(?:It|They) ", "", scene.says.rstrip(".").split(". ")[-1])
        assert last[-25:] in re.sub(r" \([^)]*\)", "", source)


def test_a_title_that_asks_is_asked_before_it_is_answered() -> None:
    script = write_script(asked("How long composting takes", demo_passages()))
    assert script.hook.startswith("How long does composting take? ")
    assert not any(scene.heading == "How long composting takes" for scene in script.scenes)


def test_a_procedure_is_told_whole_and_in_its_order() -> None:
    script = write_script(asked("How to make leaf mold", demo_passages(), "story", seconds=60, words=160))
    steps = [scene.says for scene in script.scenes]
    steps = steps[next(at for at, says in enumerate(steps) if says.startswith("First, ")) :]
    assert steps[0].startswith("First, rake leaves after rain")
    assert steps[-1].startswith("Finally, use the fine leaf mold")
    assert len(steps) == 8


def test_a_procedure_too_long_to_be_said_is_begun_and_goes_on_in_the_description() -> None:
    script = write_script(asked("How to make leaf mold", demo_passages(), seconds=30, words=80))
    begun = [scene.says for scene in script.scenes]
    assert begun[0].startswith("First, rake leaves after rain")
    assert begun[-1] == "The other steps are in the description."
    assert f"\n{len(begun)}. " in script.description
    assert "\n8. Use the fine leaf mold" in script.description


def test_steps_do_not_stand_alone() -> None:
    for kind in ("explainer", "list", "dialogue"):
        script = write_script(asked("Leaf mold", demo_passages(), kind))
        assert not any("Tread the leaves" in says or "Run a mower" in says for says in told(script))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("title", ["Leaf mold", "How long composting takes", "Worm composting"])
def test_each_scene_has_a_heading_of_its_own_made_of_its_source(title: str, kind: VideoKind) -> None:
    script = write_script(asked(title, demo_passages(), kind, seconds=60, words=160))
    headings = [scene.heading for scene in script.scenes]
    assert all(headings)
    assert len({heading.casefold() for heading in headings} | {title.casefold()}) == len(headings) + 1
    passages = {one.number: plain(one.text).casefold() for one in demo_passages()}
    for scene in script.scenes:
        source = " ".join(
            " ".join([*(passages[number] for number in scene.cites), scene.says.casefold()]).split()
        )
        asks = scene.says.endswith("?")
        assert asks or scene.heading.casefold().rstrip("…?") in source


@pytest.mark.parametrize(
    ("says", "heading"),
    [
        ("A healthy pile smells earthy, and a bad smell is a fault.", "A healthy pile smells earthy"),
        ("A tumbler holds 35 to 60 gallons in most models.", "A tumbler holds 35 to 60 gallons"),
        (
            "Compost must never be spread on beds when frost is expected.",
            "Compost must never be spread on beds…",
        ),
        ("Leaf mold is the dark, crumbly material of fallen leaves that fungi made.", "Leaf mold"),
    ],
)
def test_a_heading_of_a_scenes_own_leaves_no_condition_away(says: str, heading: str) -> None:
    said = [Said("", (), 0, "Compost"), Said(says, (line_of(says),), 0, "Compost")]
    assert headings("Smells", said, "en") == ["Compost", heading]


def test_in_a_dialogue_one_voice_asks_and_the_other_answers() -> None:
    script = write_script(asked("Worm composting", demo_passages(), "dialogue"))
    assert {scene.speaker for scene in script.scenes} == {0, 1}
    assert all((scene.speaker == 0) == scene.says.endswith("?") for scene in script.scenes)


def test_what_stands_in_brackets_is_not_said() -> None:
    script = write_script(asked("Why a compost pile heats up", demo_passages()))
    assert not re.search(r"[\[\]()*#]|https?:", " ".join(told(script)))


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("de", "Wie wird Kompost warm?", GERMAN),
        ("ar", "كيف يسخن السماد؟", ARABIC),
        ("zh", "堆肥为什么会发热？", CHINESE),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_other_scripts_are_compiled_too(language: str, title: str, text: str, kind: VideoKind) -> None:
    words = words_in(15, language)
    script = write_script(asked(title, one(text), kind, language=language, seconds=15, words=words))
    source = " ".join(text.split())
    assert script.hook.split("。")[0].split(". ")[0].rstrip(".") in source
    assert script.scenes
    assert not re.search(r"[A-Za-z]{3,}", " ".join(s.says for s in script.scenes)) or language == "de"


def test_a_topic_that_no_source_is_about_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refused, match=r"No document says anything about “Kettles”: add sources"):
        write_script(asked("Kettles", one(BEES)))
    with pytest.raises(Refused, match="summary of at least 40 words"):
        outline_script(ScriptToOutline(site=SITE, title="Kettles", summary="Short."))


def test_a_long_summary_stands_in_for_sources() -> None:
    script = write_script(asked("A compost yard", [], summary=SUMMARY))
    assert " ".join(told(script)[:-1]) in SUMMARY
    assert not any(scene.cites for scene in script.scenes)


def test_title_description_and_hashtags_keep_to_the_limits() -> None:
    limits = PlatformLimits(title=12, description=60, hashtags=1)
    script = write_script(asked("Worm composting for beginners", demo_passages(), limits=limits))
    assert len(script.title) <= 12
    assert len(script.description) <= 60
    assert script.hashtags == ["#WormCompostingBeginners"]
