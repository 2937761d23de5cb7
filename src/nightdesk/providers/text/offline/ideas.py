"""Plans articles for clusters: the forms of the keywords decide which structures are written, and on what."""

from nightdesk.providers.text.offline.intents import intent_of
from nightdesk.providers.text.offline.leads import Lead, leads
from nightdesk.providers.text.offline.naming import as_thing
from nightdesk.providers.text.offline.outlines import outline
from nightdesk.providers.text.offline.phrases import lower_first, plural
from nightdesk.providers.text.offline.titles import Titles, sides
from nightdesk.providers.text.questions import (
    ClustersToPlan,
    ClusterToPlan,
    IdeasPlanned,
    PlannedIdea,
    Structure,
)

_WORDS: dict[Structure, int] = {
    "guide": 1150, "comparison": 950, "list": 1050, "how_to": 950, "review": 1000, "faq": 850,
}  # fmt: skip
_PER_KEYWORD, _LONGEST = 25, 1400
_MANY_QUESTIONS = 3
_ANGLES: dict[Structure, str] = {
    "guide": "Explains {topic} by what is measured, so that “{lead}” needs no second search.",
    "comparison": "Sets both sides of “{lead}” against each other by the same criteria: which suits whom.",
    "list": "Goes through {topic} entry by entry, each with a fact that can be checked.",
    "how_to": "Gives whoever searches “{lead}” the steps in order, with quantities, times and usual faults.",
    "review": "Judges {topic} by criteria a buyer can check, for the search “{lead}”; tests no product.",
    "faq": "Answers “{lead}” and the questions asked around it, each in sentences that can stand alone.",
}


def plan_ideas(asked: ClustersToPlan) -> IdeasPlanned:
    """As many ideas for each cluster as asked, no two of a cluster with the same structure and lead."""
    titles = Titles(asked.taken)
    ideas = [
        _idea(cluster, lead, titles)
        for cluster in asked.clusters
        for lead in leads(cluster.keywords or [cluster.name], asked.ideas_per_cluster)
    ]
    return IdeasPlanned(ideas=ideas)


def _idea(cluster: ClusterToPlan, lead: Lead, titles: Titles) -> PlannedIdea:
    topic = _topic(cluster, lead)
    known = frozenset(word for word in cluster.name.split() if word[1:] != word[1:].lower())
    # A title that is one of many questions would hide that the others are answered too.
    phrase = cluster.name if topic and _asks_many(lead) else lead.phrase
    angle = _ANGLES[lead.structure].format(topic=lower_first(topic) or f"“{lead.phrase}”", lead=lead.phrase)
    return PlannedIdea(
        cluster=cluster.number,
        title=titles.title(lead.structure, phrase, topic, known),
        angle=angle[:600],
        keywords=list(lead.keywords),
        intent=intent_of(lead.phrase),
        structure=lead.structure,
        outline=outline(lead.structure, lead.phrase, topic, lead.keywords),
        words=min(_LONGEST, _WORDS[lead.structure] + _PER_KEYWORD * len(lead.keywords)),
    )


def _topic(cluster: ClusterToPlan, lead: Lead) -> str:
    """What an idea is on: the thing its lead names, else the cluster's; empty where neither names one."""
    seen = frozenset(word.casefold() for text in (cluster.name, *cluster.keywords) for word in text.split())
    phrases = (cluster.name, lead.phrase) if _asks_many(lead) else (lead.phrase, cluster.name)
    named = (as_thing(phrase) for phrase in (*phrases, *cluster.keywords) if not sides(phrase))
    return plural(next((name for name in named if name), ""), seen)


def _asks_many(lead: Lead) -> bool:
    return lead.structure == "faq" and lead.asked >= _MANY_QUESTIONS
