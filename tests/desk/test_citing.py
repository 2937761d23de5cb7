"""What a document says beside a video's scene: the very sentence that it goes back to, and no heading."""

from typing import Any

from api.api_house import Tenant
from api.rows import change
from desk.video_rows import film, scenes
from nightdesk.bootstrap import House
from nightdesk.lines.video.scripting.made import SceneMade, ScriptBrief
from nightdesk.lines.video.scripting.sourcing import LONGEST, sources_of
from nightdesk.providers.text.questions import SiteBrief, SourceDocument
from nightdesk.providers.text.video_questions import NumberedPassage
from nightdesk.store.tables.videos import Scene

SMELL = "An ammonia smell means that nitrogen is being lost as gas."
PASSAGE = f"## Compost that smells\n\n{SMELL} Fresh grass is the usual source\nof it.\n\n- Mix in leaves."


def source(text: str) -> dict[str, Any]:
    """Of a scene that cites that passage, as the line keeps it."""
    documents = [SourceDocument(number=3, title="Smells", url="https://heap.test/")]
    passages = [NumberedPassage(number=1, document=3, text=text)]
    brief = ScriptBrief(
        SiteBrief(name="Heap", subject="Compost"), "Smells", documents=documents, passages=passages
    )
    return sources_of(SceneMade("body", "", SMELL, cites=(1,)), brief)[0]


async def said(house: House, alice: Tenant, **facts: Any) -> str:
    made = await film(house, alice)
    first = (await scenes(house, alice, made.id))[0]
    await change(house, alice, Scene, first.id, **facts)
    cited = await house.desk.videos.citing.of(await house.desk.videos.shelf.show(alice.workspace, made.id))
    return cited.beside[1][0].says


async def test_the_first_sentence_under_a_heading_is_found(house: House, alice: Tenant) -> None:
    assert await said(house, alice, says=SMELL, sources=[source(PASSAGE)]) == SMELL


async def test_a_passage_with_nothing_alike_is_shown_without_its_heading(house: House, alice: Tenant) -> None:
    shown = await said(house, alice, says="Worms like it dark.", sources=[source(PASSAGE)])
    assert shown == f"{SMELL} Fresh grass is the usual source of it. Mix in leaves."


async def test_a_passage_that_was_kept_on_one_line_is_shown_without_marks(
    house: House, alice: Tenant
) -> None:
    kept = source(PASSAGE) | {"passage": " ".join(PASSAGE.split())}
    shown = await said(house, alice, says="Worms like it dark.", sources=[kept])
    assert ("Fresh grass" in shown, "#" in shown) == (True, False)


def test_a_passage_longer_than_any_is_cut_at_a_word() -> None:
    kept = source("sentence " * LONGEST)["passage"]
    assert LONGEST - len("sentence ") <= len(kept) <= LONGEST
    assert kept.endswith(" sentence…")
