"""Sections written again with a note: put in their place, charged once, and never over another's change."""

from typing import Any

import pytest
from article_press import CLOCK, Press, Scripted
from sqlalchemy import select, update

from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.inputs import ContentChanges, NewContent, NewSection
from nightdesk.desk.review.sections import Sections
from nightdesk.lines.article import Content as ContentStage
from nightdesk.lines.article import Sections as SectionStage
from nightdesk.lines.article.review import Review
from nightdesk.providers.text.questions import SectionWritten
from nightdesk.store.tables.gate import Revision
from nightdesk.store.tables.runs import ItemCost
from nightdesk.store.tables.sections import Section
from nightdesk.store.tables.writer import Content

BINS = """## What a bin needs

A compost bin needs air from below and a lid against the rain. A lid keeps rats and flies away from the heap.

## Rats at the bin

Rats come to a compost bin for cooked food, meat and dairy. Wire mesh with holes of 6 mm under the bin
keeps rats out. A bin that stands on bare soil without mesh lets rats dig in from below.

## Where it stands

A compost bin stands best in half shade on bare soil. In full sun the heap dries out within 3 days.
"""
TEXT = """A compost bin needs air from below and a lid against the rain.[^{n}] Here is what to know before
one is bought, and what neighbours will ask about it in the first warm week of the year.

## Where it stands

A compost bin stands best in half shade on bare soil.[^{n}] Leave room to walk around it with a barrow.

1. Level the ground.
2. Set the bin down.

## What to put in

- Leaves and cuttings
- Peels, but no `meat`

### In winter

Less of everything; a bin sleeps when it freezes.
"""
BRIEF: dict[str, Any] = {
    "outline": [{"heading": "Where it stands", "points": []}],
    "keywords": ["compost bin"],
}


class Gate:
    """An article at the gate of a press, and the desk that people ask."""

    def __init__(self, press: Press, number: int, document: int) -> None:
        control, _ = press.engine()
        self.press, self.number, self.document = press, number, document
        self.contents = Contents(press.store, control, CLOCK)
        self.sections = Sections(self.contents, CLOCK)

    async def article(self) -> Content:
        return await self.contents.get(self.press.workspace, self.number)

    async def ask(self, heading: str, note: str) -> Section:
        new = NewSection(heading=heading, note=note)
        return await self.sections.ask(self.press.workspace, self.number, new)

    async def section(self) -> Section:
        (one,) = await self.press.rows(Section)
        return one

    async def kept(self, table: Any, *where: Any) -> list[Any]:
        async with self.press.store.workspace(self.press.workspace) as session:
            return list(await session.scalars(select(table).where(*where)))


@pytest.fixture
async def gate(press: Press) -> Gate:
    document = await press.document("bins.md", BINS.encode())
    task = await press.task("Compost bins for small yards", "completed", **BRIEF)
    new = NewContent(task_id=task.id, title=task.title, markdown=TEXT.format(n=document.id))
    control, _ = press.engine()
    content = await Contents(press.store, control, CLOCK).create(press.workspace, press.site.id, new)
    async with press.store.workspace(press.workspace) as session:
        facts = {"status": "approved", "pictures": 0, "label": "scripted:model"}
        await session.execute(update(Content).where(Content.id == content.id).values(**facts))
    return Gate(press, content.id, document.id)


def section(markdown: str) -> Scripted:
    return Scripted({"section": lambda _: SectionWritten(markdown=markdown)})


async def test_a_section_is_written_again_offline_and_all_else_stays_to_the_letter(gate: Gate, press: Press):
    before = await gate.article()
    asked = await gate.ask("Where it stands", "Say what keeps the rats out")
    assert (asked.state, asked.words, asked.revision) == ("pending", 27, None)
    run = await press.walk(SectionStage, ContentStage, Review)
    assert (run.status, run.results["4"]["sections_made"], run.results["4"]["failed"]) == ("completed", 1, 0)
    after = await gate.article()
    head, _, rest = before.markdown.partition("## Where it stands\n\n")
    tail = rest[rest.index("## What to put in") :]
    assert after.markdown.startswith(f"{head}## Where it stands\n\n")
    assert after.markdown.endswith(f"\n\n{tail}")
    assert f"Wire mesh with holes of 6 mm under the bin keeps rats out.[^{gate.document}]" in after.markdown
    assert "Level the ground" not in after.markdown
    assert (after.revision, after.status, after.reviewed_at) == (before.revision + 1, "review", None)
    assert after.label == "scripted:model, compiled offline"
    assert "Wire mesh" in after.html
    assert after.words != before.words
    assert after.checks["grounding"]["facts"] != before.checks["grounding"]["facts"]
    made = await gate.section()
    assert (made.state, made.revision, made.label) == ("made", after.revision, "compiled offline")
    kept = await gate.kept(Revision, Revision.number == after.revision)
    assert [(one.what, one.about) for one in kept] == [("section_again", "Where it stands")]


async def test_it_is_charged_once_and_booked_to_the_section(gate: Gate, press: Press):
    await gate.ask("Where it stands", "Say what keeps the rats out")
    before = (await press.balances()).wallet
    run = await press.walk(SectionStage, ContentStage)
    again = await press.walk(SectionStage, ContentStage)
    balances = await press.balances()
    assert (before - balances.wallet, balances.held) == (1, 0)
    assert (run.total_credits_used, again.total_credits_used) == (1, 0)
    costs = await gate.kept(ItemCost, ItemCost.item_kind == "sections")
    assert [one.credits for one in costs] == [1]


async def test_what_was_changed_meanwhile_is_not_overwritten_and_costs_nothing(gate: Gate, press: Press):
    async def edited(_: Any) -> SectionWritten:
        now = await gate.article()
        text = now.markdown.replace("Leave room to walk around it", "Leave a metre to walk around it")
        await gate.contents.change(press.workspace, gate.number, ContentChanges(markdown=text))
        return SectionWritten(markdown="It stands wherever the model says that it stands, in short.")

    await gate.ask("Where it stands", "Say it in one sentence")
    press.text = Scripted({"section": edited})
    before = (await press.balances()).wallet
    run = await press.walk(SectionStage, ContentStage)
    assert (run.status, run.results["4"]["failed"], run.results["4"]["sections_made"]) == ("completed", 1, 0)
    article = await gate.article()
    assert "Leave a metre to walk around it" in article.markdown
    assert "the model says" not in article.markdown
    failed = await gate.section()
    assert failed.state == "failed"
    assert "changed meanwhile; nothing was overwritten" in failed.error
    assert (await press.balances()).wallet == before

    await gate.sections.try_again(press.workspace, gate.number, failed.id)
    press.text = section("It stands wherever the model says that it stands, in short.")
    await press.walk(SectionStage, ContentStage)
    assert "the model says that it stands" in (await gate.article()).markdown
    assert "Leave a metre" in press.text.asked[0].data.present


async def test_a_section_changed_before_the_run_is_not_even_asked_for(gate: Gate, press: Press):
    await gate.ask("Where it stands", "Say it in one sentence")
    now = await gate.article()
    text = now.markdown.replace("Level the ground", "Rake the ground")
    await gate.contents.change(press.workspace, gate.number, ContentChanges(markdown=text))
    press.text = section("It stands wherever the model says that it stands, in short.")
    await press.walk(SectionStage, ContentStage)
    assert (await gate.section()).state == "failed"
    assert not press.text.asked


async def test_two_sections_of_one_article_and_an_edit_elsewhere_all_come_together(gate: Gate, press: Press):
    await gate.ask("Where it stands", "Say it in one sentence")
    await gate.ask("h-what-to-put-in", "As a table")
    now = await gate.article()
    text = now.markdown.replace("in the first warm week", "in the second warm week")
    await gate.contents.change(press.workspace, gate.number, ContentChanges(markdown=text))
    answers = {
        "Where it stands": "## Where it stands\n\nIn half shade, on bare soil, and not too near.[^{n}] "
        "So it is.[^999]",
        "What to put in": "# Loud\n\n| What | How much |\n|---|---|\n| Leaves | half of it |\n\n"
        "<b>Peels</b> too, [say we](http://x.test).",
    }
    press.text = Scripted(
        {
            "section": lambda asked: SectionWritten(
                markdown=answers[asked.heading].replace("{n}", str(gate.document))
            )
        }
    )
    run = await press.walk(SectionStage, ContentStage, batch_sizes={"4": 2})
    assert run.results["4"]["sections_made"] == 2
    after = await gate.article()
    assert (after.markdown.count("## Where it stands"), after.revision) == (1, 4)
    assert (
        f"not too near.[^{gate.document}] So it is.\n\n## What to put in\n\n### Loud\n\n| What"
        in after.markdown
    )
    assert "Peels too, say we." in after.markdown
    assert "second warm week" in after.markdown
    assert "[^999]" not in after.markdown
    assert "In winter" not in after.markdown


@pytest.mark.parametrize(
    ("status", "told"), [("published", "take it down"), ("rejected", "put it back into the queue")]
)
async def test_a_closed_article_stays_as_it_is(gate: Gate, press: Press, status: str, told: str):
    await gate.ask("Where it stands", "Say what keeps the rats out")
    async with press.store.workspace(press.workspace) as session:
        await session.execute(update(Content).where(Content.id == gate.number).values(status=status))
    await press.walk(SectionStage, ContentStage)
    assert told in str((await gate.section()).error)
    assert (await gate.article()).revision == 1
    with pytest.raises(Conflict, match=told):
        await gate.ask("What to put in", "Shorter")


async def test_without_a_model_a_note_that_no_document_speaks_of_is_parked_with_what_to_do(
    gate: Gate, press: Press
):
    await gate.ask("Where it stands", "Compare it with bokashi buckets")
    await press.walk(SectionStage, ContentStage)
    failed = await gate.section()
    assert failed.state == "failed"
    assert failed.error.startswith("Nothing in the site's documents says anything new on “bokashi”")
    assert (await gate.article()).revision == 1


async def test_a_limit_of_its_own_lets_a_run_write_sections_and_no_article(gate: Gate, press: Press):
    await press.task("Worms in winter, in short")
    await gate.ask("Where it stands", "Say what keeps the rats out")
    run = await press.walk(SectionStage, ContentStage, most={"4": 0, "sections": 100})
    assert (run.results["4"]["sections_made"], run.results["4"]["content_created"]) == (1, 0)


async def test_what_is_asked_for_can_be_taken_back_until_it_is_made(gate: Gate, press: Press):
    asked = await gate.ask("where it  stands", "Say what keeps the rats out")
    with pytest.raises(Conflict, match="written again already"):
        await gate.ask("Where it stands", "Otherwise")
    with pytest.raises(Invalid, match="no section with this heading"):
        await gate.ask("In winter", "Otherwise")
    await gate.sections.take_back(press.workspace, gate.number, asked.id)
    assert not await press.rows(Section)
    made = await gate.ask("Where it stands", "Say what keeps the rats out")
    await press.walk(SectionStage, ContentStage)
    with pytest.raises(Conflict, match="written already"):
        await gate.sections.take_back(press.workspace, gate.number, made.id)
