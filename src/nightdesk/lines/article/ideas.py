"""Stage 2: plans the pieces that answer a cluster."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.lines.article.asking import ask
from nightdesk.lines.article.names import alone, titles_taken
from nightdesk.lines.article.rendering.page import one_line
from nightdesk.lines.asking import site_brief
from nightdesk.providers.text.questions import ClustersToPlan, ClusterToPlan, IdeasPlanned, PlannedIdea
from nightdesk.quality.words import content_words, words
from nightdesk.stage import Bench, Policy, Saved, Stage
from nightdesk.store.tables.planner import Cluster, Idea, Keyword
from nightdesk.store.tables.tenancy import Site

CREDITS = 2
"""For one cluster (CONTRACT, Credits)."""
USUAL, MOST = 3, 10
MOST_KEYWORDS = 40
MOST_TAKEN = 200
FALLBACK_KEYWORDS = 3


@dataclass(frozen=True)
class Material:
    """The clusters' keywords, most searched first, and titles on their matter that exist already."""

    keywords: dict[int, list[str]]
    taken: list[str]


class Ideas(Stage[Cluster]):
    """Each cluster becomes a few ideas, of which none bears the title of another idea of the site."""

    number, name, title = 2, "ideas", "Clusters → Ideas"
    policy = Policy(batch_size=1, timeout=300.0)
    table, waits, counted = Cluster, "new", "clusters_processed"
    fields = ("clusters_processed", "ideas_created")

    def pending(self, site: Site) -> Select[Cluster]:
        planned = exists().where(Idea.workspace_id == Cluster.workspace_id, Idea.cluster_id == Cluster.id)
        return super().pending(site).where(~planned)

    def next_items(self, site: Site, size: int, batches: int = 1) -> Select[Cluster]:
        """The most searched first: a run that is told to plan few plans those that most people ask for."""
        return self.pending(site).order_by(Cluster.volume.desc(), Cluster.id).limit(size * batches)

    def estimate(self, items: Sequence[Cluster]) -> int:
        return CREDITS * len(items)

    def credits_each(self) -> Decimal:
        return Decimal(CREDITS)

    async def load(self, session: AsyncSession, site: Site, items: Sequence[Cluster]) -> Material:
        return Material(
            await _keywords(session, site, [cluster.id for cluster in items]),
            await _titles_near(session, site, [cluster.name for cluster in items]),
        )

    async def work(
        self, items: Sequence[Cluster], material: Material, bench: Bench
    ) -> dict[int, list[PlannedIdea]]:
        asked = ClustersToPlan(
            site=site_brief(bench.site),
            clusters=[
                ClusterToPlan(
                    number=number,
                    name=cluster.name,
                    description=cluster.description,
                    keywords=material.keywords.get(cluster.id, []),
                    volume=cluster.volume,
                )
                for number, cluster in enumerate(items, start=1)
            ],
            ideas_per_cluster=wanted(bench.settings),
            taken=material.taken,
        )
        answer = await ask(bench, "ideas", asked, IdeasPlanned)
        found = by_cluster(answer.ideas, asked)
        return {cluster.id: found[number] for number, cluster in enumerate(items, start=1)}

    async def save(
        self,
        session: AsyncSession,
        site: Site,
        items: Sequence[Cluster],
        made: Mapping[int, Sequence[PlannedIdea]],
    ) -> Saved:
        await alone(session, site)
        taken = await titles_taken(session, site, [idea.title for ideas in made.values() for idea in ideas])
        rows: list[dict[str, Any]] = []
        refused: dict[int, str] = {}
        lines: list[str] = []
        for cluster in items:
            planned = made[cluster.id]
            new = [idea for idea in planned if idea.title.casefold() not in taken]
            taken.update(idea.title.casefold() for idea in new)
            rows += [row(site, cluster, idea) for idea in new]
            if not new:
                refused[cluster.id] = nothing_new(cluster, len(planned))
                continue
            cluster.status = "mapped"
            lines.append(f"Planned {len(new)} for {cluster.name}: {'; '.join(idea.title for idea in new)}.")
        if rows:
            await session.execute(insert(Idea), rows)
        done = len(items) - len(refused)
        return Saved({"clusters_processed": done, "ideas_created": len(rows)}, refused, lines=lines)


def wanted(settings: Mapping[str, Any]) -> int:
    """How many ideas a cluster gets: the run's setting `ideas_per_cluster`, usually 3."""
    return min(max(int(settings.get("ideas_per_cluster", USUAL)), 1), MOST)


def by_cluster(ideas: Iterable[PlannedIdea], asked: ClustersToPlan) -> dict[int, list[PlannedIdea]]:
    """The ideas that can be used, by the number of their cluster, no more than were asked for.

    Dropped are ideas for clusters that were not asked about (where one was, all are for that one) and those
    with a title that comes twice or is taken. Keywords that the cluster does not have are left out.
    """
    found: dict[int, list[PlannedIdea]] = {cluster.number: [] for cluster in asked.clusters}
    known = {
        cluster.number: {word.casefold(): word for word in cluster.keywords} for cluster in asked.clusters
    }
    only = asked.clusters[0].number if len(asked.clusters) == 1 else None
    seen = {title.casefold() for title in asked.taken}
    for idea in ideas:
        number = only or idea.cluster
        title = one_line(idea.title)
        if title.casefold() in seen or len(found.get(number, ())) >= asked.ideas_per_cluster:
            continue
        if number not in found or not title:
            continue
        seen.add(title.casefold())
        own = known[number]
        keywords = dict.fromkeys(own[w.casefold()] for w in idea.keywords if w.casefold() in own)
        chosen = list(keywords) or list(own.values())[:FALLBACK_KEYWORDS]
        found[number].append(idea.model_copy(update={"title": title, "keywords": chosen}))
    return found


def row(site: Site, cluster: Cluster, idea: PlannedIdea) -> dict[str, Any]:
    """The idea as it is stored."""
    return {
        "workspace_id": site.workspace_id,
        "site_id": site.id,
        "cluster_id": cluster.id,
        **idea.model_dump(exclude={"cluster"}),
    }


def nothing_new(cluster: Cluster, planned: int) -> str:
    """Why a cluster got no idea, for the person who looks at it."""
    if planned:
        return f"All {planned} ideas for “{cluster.name}” bear titles that the site has already: try again."
    return (
        f"No usable idea was given for “{cluster.name}”: try again, or edit the cluster's name or keywords."
    )


async def _keywords(session: AsyncSession, site: Site, clusters: Sequence[int]) -> dict[int, list[str]]:
    rank = func.row_number().over(
        partition_by=Keyword.cluster_id, order_by=(Keyword.volume.desc(), Keyword.id)
    )
    ranked = (
        select(Keyword.cluster_id, Keyword.phrase, rank.label("rank"))
        .where(
            Keyword.workspace_id == site.workspace_id,
            Keyword.site_id == site.id,
            Keyword.cluster_id.in_(clusters),
            ~Keyword.disabled,
        )
        .subquery()
    )
    query = select(ranked.c.cluster_id, ranked.c.phrase).where(ranked.c.rank <= MOST_KEYWORDS)
    found: dict[int, list[str]] = defaultdict(list)
    for cluster, phrase in await session.execute(query.order_by(ranked.c.cluster_id, ranked.c.rank)):
        found[cluster].append(phrase)
    return dict(found)


async def _titles_near(session: AsyncSession, site: Site, names: Sequence[str]) -> list[str]:
    """Titles of the site's ideas that share a word with one of the names, newest first."""
    said = {word for name in names for word in words(name) if content_words(word)}
    if not said:
        return []
    query = (
        select(Idea.title)
        .where(
            Idea.workspace_id == site.workspace_id,
            Idea.site_id == site.id,
            or_(*(Idea.title.icontains(word, autoescape=True) for word in sorted(said))),
        )
        .order_by(Idea.id.desc())
        .limit(MOST_TAKEN)
    )
    return list(await session.scalars(query))
