"""Stage 4: tasks become articles with clean HTML, citations, links to own pieces and checks."""

import asyncio

from article_press import DEMO, Press, Scripted, article
from sqlalchemy import update

from nightdesk.kit.text import count_words
from nightdesk.lines.article.content import Content as ContentStage
from nightdesk.lines.article.writing.likeness import plain_text
from nightdesk.lines.material import or_query
from nightdesk.store.tables.planner import Task
from nightdesk.store.tables.runs import Batch, ItemCost
from nightdesk.store.tables.writer import Content

BINS = DEMO / "documents" / "09-compost-bins-and-tumblers.md"
WORMS = DEMO / "documents" / "07-worm-composting.md"
BODY = "A bin keeps the heap warm and the rats away, and a small yard has room for one.\n\n" + "\n\n".join(
    f"## Part {n}\n\nSentence number {n} says what part {n} is for, and why a household wants to know it."
    for n in range(1, 6)
)
DISTINCT = " ".join(f"word{n}" for n in range(300))


async def test_the_offline_provider_compiles_an_article_from_the_sites_documents(press: Press):
    bins = await press.document(BINS)
    task = await press.task("How to choose a compost bin", keywords=["compost bin", "compost tumbler"])
    run = await press.walk(ContentStage)
    (content,) = await press.rows(Content)
    assert (content.task_id, content.state, content.label) == (task.id, "draft", "compiled offline")
    assert content.may_publish_itself is False
    assert {citation["document"] for citation in content.citations} == {bins.id}
    assert f"[^{bins.id}]" in content.markdown
    assert '<section class="sources">' in content.html
    assert content.json_ld["@graph"][0]["@type"] == "Article"
    assert content.headings[0]["level"] == 2
    assert content.slug == "how-to-choose-a-compost-bin"
    assert (await press.rows(Task))[0].state == "completed"
    result = run.results["4"]
    assert (result["tasks_processed"], result["content_created"]) == (1, 1)
    assert result["total_words"] == content.words > 100


async def test_words_are_counted_in_the_text_that_is_shown(press: Press):
    press.text = article(BODY)
    await press.task("Compost bins for small yards", words=2500)
    run = await press.walk(ContentStage)
    (content,) = await press.rows(Content)
    assert content.words == count_words(plain_text(content.html)) == run.results["4"]["total_words"]
    assert run.total_credits_used == 5


async def test_an_article_costs_a_credit_for_every_500_words_asked_for(press: Press):
    press.text = article(BODY)
    expected = {}
    for words, credits in ((300, 1), (500, 1), (501, 2), (2500, 5)):
        task = await press.task(f"An article of {words} words", words=words)
        expected[task.id] = credits
    assert (await press.walk(ContentStage)).total_credits_used == sum(expected.values())
    for task_id, credits in expected.items():
        assert await press.count(ItemCost, ItemCost.item_id == task_id, ItemCost.credits == credits) == 1


async def test_the_writer_gets_the_passages_that_speak_of_the_task_and_their_documents(press: Press):
    bins, worms = await press.document(BINS), await press.document(WORMS)
    press.text = article(BODY)
    await press.task("Which worms live in a worm bin", keywords=["worm bin", "red wigglers"])
    await press.walk(ContentStage)
    data = press.text.asked[0].data
    assert 0 < len(data.passages) <= 40
    assert data.passages[0].document == worms.id
    assert {document.number for document in data.documents} == {p.document for p in data.passages}
    assert {document.number for document in data.documents} <= {bins.id, worms.id}
    assert "red wiggler" in " ".join(passage.text for passage in data.passages).lower()


async def test_a_script_without_spaces_finds_its_passages_too(press: Press):
    text = "堆肥是把厨余和落叶变成土壤的过程。" * 30 + "\n\n" + "天气预报说明天会下雨。" * 30
    await press.document("堆肥.txt", text.encode())
    press.text = article(BODY)
    await press.task("如何制作堆肥和土壤", keywords=["堆肥"])
    await press.walk(ContentStage)
    assert "堆肥" in press.text.asked[0].data.passages[0].text


async def test_own_pieces_on_the_same_matter_are_offered_and_linked(press: Press):
    await press.content("Worm bins in winter", slug="worm-bins-in-winter", status="approved")
    await press.content("Car insurance", slug="car-insurance")
    await press.content("Worm bins that failed", slug="worm-bins-that-failed", status="archived")
    press.text = article(BODY + "\n\nSee [winter](worm-bins-in-winter) and [cars](/car-insurance).")
    await press.task("Feeding worm bins", keywords=["worm bin"])
    await press.walk(ContentStage)
    assert [piece.slug for piece in press.text.asked[0].data.own_pieces] == ["worm-bins-in-winter"]
    content = (await press.rows(Content))[-1]
    assert '<a href="/worm-bins-in-winter">winter</a>' in content.html
    assert "car-insurance" not in content.html


async def test_articles_of_one_title_get_addresses_of_their_own(press: Press):
    press.text = article(BODY)
    for n in range(3):
        await press.task(f"Task number {n}")
    await press.walk(ContentStage)
    assert [content.slug for content in await press.rows(Content)] == [
        "compost-bins-for-small-yards",
        "compost-bins-for-small-yards-2",
        "compost-bins-for-small-yards-3",
    ]


async def test_articles_that_take_an_address_at_the_same_moment_are_both_kept(press: Press):
    together = asyncio.Barrier(4)

    async def at_once(_):
        await together.wait()
        return article(BODY).answers["article"](_)

    press.text = Scripted({"article": at_once})
    for n in range(4):
        await press.task(f"Task number {n}")
    press.stages = (ContentStage(),)
    control, batches = press.engine()
    async with press.store.workspace(press.workspace) as session:
        await control.start(session, press.site, "article", "manual", {})
    waiting = await press.rows(Batch)
    await asyncio.gather(*(batches.do(press.workspace, batch.id) for batch in waiting))
    slugs = {content.slug for content in await press.rows(Content)}
    assert len(slugs) == 4
    assert await press.count(Task, Task.state == "completed") == 4


async def test_a_task_that_has_an_article_gets_no_second_one(press: Press):
    content = await press.content("Compost bins")
    async with press.store.workspace(press.workspace) as session:
        await session.execute(update(Task).values(status="queued"))
    press.text = article(BODY)
    run = await press.walk(ContentStage)
    (task,) = await press.rows(Task)
    assert (task.id, task.state) == (content.task_id, "failed")
    assert "article for this task already" in task.error
    assert await press.count(Content) == 1
    assert run.total_credits_used == 0


async def test_every_check_is_kept_with_the_article(press: Press):
    document = await press.document(BINS)
    press.text = article(BODY + f"\n\nA tumbler holds exactly 731 gallons.[^{document.id}]")
    await press.task("Compost bins for small yards")
    await press.walk(ContentStage)
    checks = (await press.rows(Content))[0].checks
    assert {"readability", "seo", "grounding", "instructions", "sources", "originality"} <= set(checks)
    assert "731" in str(checks["grounding"]["findings"])
    assert checks["originality"]["score"] == 100


async def test_an_article_that_repeats_another_of_the_site_is_told_so(press: Press):
    press.text = article(f"{DISTINCT}.\n\n{BODY}")
    for n in range(2):
        await press.task(f"Task number {n}")
    await press.walk(ContentStage)
    first, second = await press.rows(Content)
    assert first.checks["originality"]["score"] == 100
    assert second.checks["originality"]["score"] < 20
    assert second.checks["originality"]["facts"]["closest"]["id"] == first.id


async def test_a_document_that_reads_like_orders_is_named_where_it_is_cited(press: Press):
    document = await press.document(BINS, flags="instruction_like_text")
    press.text = article(f"{BODY}\n\nBins stand in the shade.[^{document.id}]")
    await press.task("Compost bins for small yards")
    await press.walk(ContentStage)
    findings = (await press.rows(Content))[0].checks["sources"]["findings"]
    assert "source_gives_orders" in {finding["code"] for finding in findings}


async def test_an_answer_of_which_nothing_is_left_parks_the_task(press: Press):
    press.text = article("<script>alert(1)</script>\n" * 30)
    await press.task("Compost bins for small yards")
    run = await press.walk(ContentStage)
    (task,) = await press.rows(Task)
    assert task.state == "failed"
    assert "words of text where 800 were asked for" in task.error
    assert run.results["4"]["failed"] == 1
    assert await press.count(Content) == 0


async def test_control_characters_of_a_model_do_not_reach_the_database(press: Press):
    press.text = article(
        BODY.replace("warm", "wa\x00rm"),
        title="Bins\x00 for \x07yards",
        meta_description="A\x00 description of bins that is long enough to be used by somebody.",
        faq=[{"question": "Why\x00?", "answer": "Be\x00cause it is."}],
    )
    await press.task("Compost bins for small yards")
    await press.walk(ContentStage)
    (content,) = await press.rows(Content)
    assert content.title == "Bins for yards"
    assert "\x00" not in f"{content.markdown}{content.json_ld}{content.meta_description}"


async def test_label_and_trust_are_those_of_the_provider_that_wrote(press: Press):
    press.text = article(BODY)
    await press.task("Compost bins for small yards")
    await press.walk(ContentStage)
    (content,) = await press.rows(Content)
    assert (content.label, content.may_publish_itself) == ("scripted:model", True)


async def test_a_batch_of_several_tasks_is_written_side_by_side(press: Press):
    together = asyncio.Barrier(3)

    async def at_once(data):
        await together.wait()
        return article(BODY, title=data.title).answers["article"](data)

    press.text = Scripted({"article": at_once})
    for n in range(3):
        await press.task(f"Task number {n}")
    run = await press.walk(ContentStage, batch_sizes={"4": 3})
    assert run.results["4"]["batches_run"] == 1
    assert await press.count(Content) == 3


def test_the_index_is_asked_for_words_that_carry_meaning_with_any_ending():
    assert or_query(["How to compost composting in 2026", "a bin's lid"]) == "compos:* | 2026 | lid"
    assert or_query(["to be or not to be"]) == ""


def test_plain_text_leaves_out_marks_and_sources():
    sources = '<section class="sources"><p>D</p></section>'
    html = f'<h2>A</h2>\n<p>B &amp; C<sup><a href="#s1">[1]</a></sup>.</p>{sources}'
    assert plain_text(html).split() == ["A", "B", "&", "C."]
