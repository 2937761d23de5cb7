"""Stage 1: has the groups of a block merged by meaning and named as clusters."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from nightdesk.lines.article.asking import ask
from nightdesk.lines.article.grouping import Lexicon, check_partition, repair_partition, slot_keys
from nightdesk.lines.article.names import alone, clusters_named
from nightdesk.lines.article.new_keywords import FEWEST, FIELDS, TOO_FEW, new_keywords
from nightdesk.lines.article.rendering.page import one_line
from nightdesk.lines.article.site_lexicon import site_lexicon
from nightdesk.lines.asking import site_brief
from nightdesk.providers.text.questions import Group, GroupsJudged, GroupsToJudge
from nightdesk.quality.words import content_words
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.planner import Cluster, Keyword
from nightdesk.store.tables.tenancy import Site

KEYWORDS_A_CREDIT = 5
"""CONTRACT, Credits."""
EXAMPLES = 5
MOST_GROUPS = 150
"""In one question."""
MOST_EXISTING = 100

_MAP = text("""
    update keywords k set status = 'mapped', cluster_id = v.cluster_id
    from unnest(cast(:ids as bigint[]), cast(:clusters as bigint[])) as v(id, cluster_id)
    where k.workspace_id = :workspace and k.id = v.id
""")


@dataclass(frozen=True)
class Found:
    """A cluster as it was judged: its keywords' ids, their slot keys and volume."""

    name: str
    description: str
    ids: tuple[int, ...]
    keys: frozenset[str]
    volume: int


class Clusters(Stage[Keyword]):
    """Each block of keywords becomes clusters; a name that the site has already brings them together."""

    number, name, title = 1, "clusters", "Keywords → Clusters"
    policy = Policy(batch_size=20, timeout=300.0)
    table, waits, counted = Keyword, "new", "keywords_processed"
    fields = FIELDS

    def next_items(self, site: Site, size: int, batches: int = 1) -> Select[Keyword]:
        """All pending keywords of the lowest blocks, each laid out to hold a batch's groups."""
        other = aliased(Keyword)
        lowest = (
            select(other.block)
            .where(
                other.workspace_id == site.workspace_id, other.site_id == site.id, other.state == self.waits
            )
            .distinct()
            .order_by(other.block)
            .limit(batches)
        )
        return self.pending(site).where(Keyword.block.in_(lowest)).order_by(Keyword.block, Keyword.id)

    def shared_out(self, items: Sequence[Keyword], size: int) -> list[Sequence[Keyword]]:
        """A batch a block, whatever its size."""
        return [list(block) for _, block in groupby(items, key=lambda keyword: keyword.block)]

    def estimate(self, items: Sequence[Keyword]) -> int:
        return -(-len(items) // KEYWORDS_A_CREDIT)

    def credits_each(self) -> Decimal:
        return Decimal(1) / KEYWORDS_A_CREDIT

    async def skip(self, session: AsyncSession, site: Site) -> str | None:
        waiting, ungrouped = await new_keywords(session, site)
        return TOO_FEW if waiting < FEWEST and ungrouped else None

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Keyword]) -> list[str]:
        """The names of the site's clusters."""
        query = select(Cluster.name).where(
            Cluster.workspace_id == site.workspace_id, Cluster.site_id == site.id
        )
        return list(await session.scalars(query.order_by(Cluster.id)))

    async def work(
        self, items: Sequence[Keyword], material: list[str], bench: Bench
    ) -> tuple[list[Found], list[str]]:
        """The clusters, and what had to be mended in the answer."""
        lexicon = site_lexicon(bench.site)
        found: list[Found] = []
        lines: list[str] = []
        groups = grouped(items)
        for start in range(0, len(groups), MOST_GROUPS):
            members = dict(enumerate(groups[start : start + MOST_GROUPS], start=1))
            shown = [show(number, keywords) for number, keywords in members.items()]
            near = nearest(material, [group.representative for group in shown])
            asked = GroupsToJudge(site=site_brief(bench.site), groups=shown, existing=near)
            answer = await ask(bench, "groups", asked, GroupsJudged)
            lines += [f"Mended the answer: {fault}." for fault in check_partition(answer, members)]
            judged = repair_partition(answer, {group.number: group.representative for group in shown})
            found += await asyncio.to_thread(_clusters, judged, members, lexicon)
        return found, lines

    async def save(
        self,
        session: AsyncSession,
        site: Site,
        items: Sequence[Keyword],
        made: tuple[list[Found], list[str]],
    ) -> Saved:
        found, lines = made
        await alone(session, site)
        clusters = await clusters_named(session, site, [one.name for one in found])
        before = set(clusters)
        for one in found:
            _put(session, site, clusters, one)
        await session.flush()
        pairs = [(number, clusters[one.name.casefold()].id) for one in found for number in one.ids]
        ids, targets = map(list, zip(*pairs, strict=True))
        await session.execute(_MAP, {"workspace": site.workspace_id, "ids": ids, "clusters": targets})
        new = [cluster.name for name, cluster in clusters.items() if name not in before]
        told = f"Clustered {len(items)} keywords as {', '.join(one.name for one in found)}."
        counts = {"keywords_processed": len(items), "clusters_created": len(new)}
        return Saved(counts, lines=[*lines, told])


def grouped(keywords: Iterable[Keyword]) -> list[list[Keyword]]:
    """The keywords by group, the most searched group and keyword first."""
    groups: defaultdict[str, list[Keyword]] = defaultdict(list)
    for keyword in sorted(keywords, key=lambda k: (-k.volume, len(k.phrase), k.phrase)):
        groups[keyword.group_key or keyword.phrase].append(keyword)
    return sorted(groups.values(), key=lambda members: -sum(k.volume for k in members))


def show(number: int, members: Sequence[Keyword]) -> Group:
    """A group as it is shown to the provider."""
    return Group(
        number=number,
        representative=members[0].phrase,
        examples=[keyword.phrase for keyword in members[1 : EXAMPLES + 1]],
        keywords=len(members),
        volume=sum(keyword.volume for keyword in members),
    )


def nearest(names: Sequence[str], phrases: Iterable[str]) -> list[str]:
    """Those of the names that share a word with the phrases, most shared first, at most 100."""
    said = frozenset().union(*(content_words(phrase) for phrase in phrases))
    shared = {name: len(content_words(name) & said) for name in names}
    return sorted((name for name in shared if shared[name]), key=lambda name: -shared[name])[:MOST_EXISTING]


def _clusters(judged: GroupsJudged, members: dict[int, list[Keyword]], lexicon: Lexicon) -> list[Found]:
    found = []
    for cluster in judged.clusters:
        keywords = [keyword for number in cluster.groups for keyword in members[number]]
        found.append(
            Found(
                one_line(cluster.name) or keywords[0].phrase,
                one_line(cluster.description),
                tuple(keyword.id for keyword in keywords),
                frozenset(slot_keys((keyword.phrase for keyword in keywords), lexicon)),
                sum(keyword.volume for keyword in keywords),
            )
        )
    return found


def _put(session: AsyncSession, site: Site, clusters: dict[str, Cluster], found: Found) -> None:
    """Adds what was found to the cluster of that name, which is made where there is none."""
    cluster = clusters.get(found.name.casefold())
    if cluster is None:
        cluster = Cluster(
            workspace_id=site.workspace_id,
            site_id=site.id,
            name=found.name,
            description=found.description,
            keys=[],
            volume=0,
        )
        clusters[found.name.casefold()] = cluster
        session.add(cluster)
    cluster.volume += found.volume
    cluster.keys = sorted({*cluster.keys, *found.keys})
