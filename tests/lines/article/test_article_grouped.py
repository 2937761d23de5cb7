"""Before stage 1, all new keywords are grouped and laid out in blocks, or join the clusters that exist."""

from collections import Counter, defaultdict

import numpy as np
from article_press import Press, demo_keywords
from sqlalchemy import event

from nightdesk.kit.endings import Refused
from nightdesk.lines.article.clusters import Clusters
from nightdesk.lines.article.grouped import Grouped
from nightdesk.store.tables.planner import Cluster, Keyword

BINS = {
    "best compost bin": 900,
    "best compost bins": 400,
    "top compost bins": 100,
    "how to clean a compost bin": 90,
    "worm composting": 800,
    "bokashi bran": 70,
}


async def test_every_new_keyword_gets_a_group_a_block_and_an_intent(press: Press):
    await press.keywords(demo_keywords(80))
    run = await press.walk(Grouped, batch_sizes={"1": 10})
    assert run.status == "completed"
    blocks: defaultdict[int, set[str]] = defaultdict(set)
    for keyword in await press.rows(Keyword):
        assert keyword.state == "new"
        assert keyword.intent in {"informational", "commercial", "transactional", "navigational"}
        blocks[keyword.block].add(keyword.group_key)
    assert set(blocks) == set(range(1, len(blocks) + 1))
    assert max(map(len, blocks.values())) == 10
    assert max(Counter(key for keys in blocks.values() for key in keys).values()) == 1


async def test_keywords_that_mean_the_same_share_a_group(press: Press):
    await press.keywords(BINS)
    await press.walk(Grouped)
    key = {keyword.phrase: keyword.group_key for keyword in await press.rows(Keyword)}
    assert key["best compost bin"] == key["best compost bins"] == key["top compost bins"]
    assert len(set(key.values())) == 4


async def test_what_an_import_said_of_intent_stays(press: Press):
    await press.keywords(BINS)
    await press.add(Keyword(phrase="compost bin sale", normal="compost bin sale", intent="navigational"))
    await press.walk(Grouped)
    kept = (await press.rows(Keyword, Keyword.phrase == "compost bin sale"))[0]
    assert kept.intent == "navigational"


async def test_a_keyword_that_belongs_to_a_cluster_joins_it_and_is_counted(press: Press):
    await press.keywords(BINS)
    await press.walk(Grouped, Clusters)
    old = next(c for c in await press.rows(Cluster) if "commercial:bin compost" in c.keys)
    volume = old.volume
    await press.keywords({"best composting bin": 30} | {f"soil test {n}": 1 for n in range(5)})
    run = await press.walk(Grouped)
    joined = (await press.rows(Keyword, Keyword.phrase == "best composting bin"))[0]
    assert (joined.state, joined.cluster_id, joined.block) == ("mapped", old.id, None)
    assert (await press.rows(Cluster, Cluster.id == old.id))[0].volume == volume + 30
    assert run.results["1"]["keywords_processed"] == 1
    assert "1 keywords joined clusters that exist" in "\n".join(await press.log())


async def test_a_later_import_takes_block_numbers_of_its_own(press: Press):
    await press.keywords(BINS)
    await press.walk(Grouped)
    first = {keyword.block for keyword in await press.rows(Keyword)}
    await press.keywords(
        ["leaf mold", "leaf mould bin", "soil ph test kit", "buy soil test", "peat free compost"]
    )
    await press.walk(Grouped)
    later = {keyword.block for keyword in await press.rows(Keyword, Keyword.id > len(BINS))}
    assert min(later) > max(first)


async def test_a_keyword_of_a_group_that_still_waits_goes_into_the_groups_block(press: Press):
    await press.keywords(BINS)
    await press.walk(Grouped)
    await press.keywords(["best compost bins 2026"])
    await press.walk(Grouped)
    key = {keyword.phrase: (keyword.group_key, keyword.block) for keyword in await press.rows(Keyword)}
    assert key["best compost bins 2026"] == key["best compost bin"]


async def test_fewer_than_five_new_keywords_wait_for_more(press: Press):
    await press.keywords(["leaf mold", "worm bin", "soil test", "bokashi"])
    result = (await press.walk(Grouped, Clusters)).results["1"]
    assert (result["skipped"], result["skip_reason"]) == (True, "fewer than 5 new keywords")
    assert await press.count(Keyword, Keyword.group_key.is_(None)) == 4


async def test_what_an_earlier_run_grouped_is_clustered_however_little_it_is(press: Press):
    await press.keywords(BINS)
    await press.walk(Grouped)
    async with press.store.workspace(press.workspace) as session:
        for keyword in (await press.rows(Keyword))[3:]:
            await session.delete(keyword)
    result = (await press.walk(Grouped, Clusters)).results["1"]
    assert (result["skipped"], result["keywords_processed"]) == (False, 3)


async def test_a_run_in_which_all_keywords_join_clusters_is_not_called_skipped(press: Press):
    await press.keywords(BINS)
    await press.walk(Grouped, Clusters)
    await press.keywords([f"{phrase} {year}" for phrase in ("best compost bins", "top compost bins")
                          for year in (2024, 2025, 2026)])  # fmt: skip
    result = (await press.walk(Grouped, Clusters)).results["1"]
    assert (result["skipped"], result["keywords_processed"], result["clusters_created"]) == (False, 6, 0)


class Vectors:
    """Stands for an embedding model to which bins and tumblers are as far apart as can be."""

    label = "openai:text-embedding-3-small"

    def __init__(self, why: str = "") -> None:
        self.why = why
        self.asked: list[str] = []

    async def embed(self, phrases, meter):
        self.asked += phrases
        if self.why:
            raise Refused(self.why)
        turned = np.array([[float("bins" in phrase), float("bins" not in phrase)] for phrase in phrases])
        return turned.astype(np.float32)


async def test_an_embedding_model_is_asked_where_one_is_chosen(press: Press):
    press.embeddings = Vectors()
    await press.keywords(BINS)
    await press.walk(Grouped)
    assert sorted(press.embeddings.asked) == sorted(BINS)


async def test_without_vectors_words_group_alone_and_the_log_says_so(press: Press):
    press.embeddings = Vectors("the model is gone")
    await press.keywords(BINS)
    run = await press.walk(Grouped)
    assert run.status == "completed"
    assert await press.count(Keyword, Keyword.group_key.is_(None)) == 0
    assert any("Grouped by words alone" in line and "the model is gone" in line for line in await press.log())


async def test_a_lexicon_that_cannot_be_read_pauses_the_run_and_says_what_to_do(press: Press):
    press.site = await changed(press, lexicon={"stop": 5})
    await press.keywords(BINS)
    run = await press.walk(Grouped)
    assert run.status == "paused"
    assert "lexicon" in run.error_message
    assert "Correct it" in run.error_message
    assert await press.count(Keyword, Keyword.state == "new") == len(BINS)


async def test_saving_takes_as_many_statements_for_many_keywords_as_for_few(press: Press):
    async def statements(count: int, word: str) -> int:
        await press.keywords([f"{word} {n} for soil" for n in range(count)])
        seen: list[str] = []
        engine = press.store._tenant_engine.sync_engine
        listener = lambda *given: seen.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        await press.walk(Grouped)
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    few = await statements(10, "sieve")
    assert await statements(600, "spade") == few


async def changed(press: Press, **facts):
    async with press.store.workspace(press.workspace) as session:
        site = await session.merge(press.site)
        for name, value in facts.items():
            setattr(site, name, value)
        await session.flush()
        session.expunge(site)
        return site
