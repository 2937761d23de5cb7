"""Proposes topics from what the site's clusters and keywords ask, most searched first."""

from itertools import chain, zip_longest

from nightdesk.providers.text.offline.ideas import plan_ideas
from nightdesk.providers.text.questions import ClustersToPlan, PlannedIdea
from nightdesk.providers.text.topic_questions import ProposedTopic, TopicsProposed, TopicsToPropose

_OF_EACH = 4


def propose_topics(asked: TopicsToPropose) -> TopicsProposed:
    """One topic of each cluster in turn until there are enough; none where there is nothing to go by."""
    clusters = [
        cluster.model_copy(update={"number": number}) for number, cluster in enumerate(asked.clusters)
    ]
    plan = ClustersToPlan(site=asked.site, clusters=clusters, ideas_per_cluster=_OF_EACH, taken=asked.said)
    planned: dict[int, list[PlannedIdea]] = {}
    for idea in plan_ideas(plan).ideas:
        planned.setdefault(idea.cluster, []).append(idea)
    in_turn = [idea for idea in chain.from_iterable(zip_longest(*planned.values())) if idea is not None]
    topics = [ProposedTopic(title=idea.title, summary=idea.angle[:400]) for idea in in_turn[: asked.count]]
    return TopicsProposed(topics=topics)
