"""Plans articles for clusters: the forms of the keywords decide which structures are written, and on what."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.providers.text.offline.intents import intent_of, structure_of
from nightdesk.providers.text.offline.naming import as_thing
from nightdesk.providers.text.offline.outlines import outline
from nightdesk.providers.text.offline.phrases import is_deed, is_plural, lower_first, plural
from nightdesk.providers.text.offline.titles import Titles, sides
from nightdesk.providers.text.offline.words import overlap, stems
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
_ORDER: tuple[Structure, ...] = ("guide", "faq", "how_to", "list", "review")
_MOST_KEYWORDS = 8
_ANGLES: dict[Structure, str] = {
    "guide": "Explains {topic} by what is measured, so that “{lead}” needs no second search.",
    "comparison": "Sets both sides of “{lead}” against each other by the same criteria: which suits whom.",
    "list": "Goes through {topic} entry by entry, each with a fact that can be checked.",
    "how_to": "Gives whoever searches “{lead}” the steps in order, with quantities, times and usual faults.",
    "review": "Judges {topic} by criteria a buyer can check, for the search “{lead}”; tests no product.",
    "faq": "Answers “{lead}” and the questions asked around it, each in sentences that can stand alone.",
}


@dataclass(frozen=True)
class _Draft:
    structure: Structure
    lead: str
    keywords: tuple[str, ...]


def plan_ideas(asked: ClustersToPlan) -> IdeasPlanned:
    """As many ideas for each cluster as asked, no two of a cluster with the same structure and lead."""
    titles = Titles(asked.taken)
    ideas = [
        _idea(cluster, draft, titles)
        for cluster in asked.clusters
        for draft in _drafts(cluster, asked.ideas_per_cluster)
    ]
    return IdeasPlanned(ideas=ideas)


def _idea(cluster: ClusterToPlan, draft: _Draft, titles: Titles) -> PlannedIdea:
    topic = _topic(cluster, draft.lead)
    known = frozenset(word for word in cluster.name.split() if word[1:] != word[1:].lower())
    angle = _ANGLES[draft.structure].format(topic=lower_first(topic) or f"“{draft.lead}”", lead=draft.lead)
    return PlannedIdea(
        cluster=cluster.number,
        title=titles.title(draft.structure, draft.lead, topic, known),
        angle=angle[:600],
        keywords=list(draft.keywords),
        intent=intent_of(draft.lead),
        structure=draft.structure,
        outline=outline(draft.structure, draft.lead, topic, draft.keywords),
        words=min(_LONGEST, _WORDS[draft.structure] + _PER_KEYWORD * len(draft.keywords)),
    )


def _topic(cluster: ClusterToPlan, lead: str) -> str:
    """What an idea is on: the thing its lead names, else the cluster's; empty where neither names one."""
    seen = frozenset(word.casefold() for text in (cluster.name, *cluster.keywords) for word in text.split())
    named = (as_thing(phrase) for phrase in (lead, cluster.name, *cluster.keywords) if not sides(phrase))
    return plural(next((name for name in named if name), ""), seen)


def _drafts(cluster: ClusterToPlan, wanted: int) -> list[_Draft]:
    keywords = cluster.keywords or [cluster.name]
    by_form: dict[Structure, list[str]] = defaultdict(list)
    plain: list[str] = []
    for keyword in keywords:
        structure = structure_of(keyword)
        (by_form[structure] if structure else plain).append(keyword)
    weight = {s: sum(1 / (1 + keywords.index(k)) for k in found) for s, found in by_form.items()}
    chosen = sorted(by_form, key=lambda structure: -weight[structure])[:wanted]
    chosen += [s for s in _fallbacks(cluster, keywords) if s not in chosen][: wanted - len(chosen)]
    drafts = [_draft(s, by_form.get(s, []), plain, keywords) for s in chosen]
    return drafts + _second_round(drafts, by_form, keywords, wanted - len(drafts))


def _fallbacks(cluster: ClusterToPlan, keywords: Sequence[str]) -> tuple[Structure, ...]:
    """Structures for keywords whose form asks for none: only what is bought is reviewed."""
    topic = _topic(cluster, keywords[0])
    bought = is_plural(topic) and any(intent_of(keyword) != "informational" for keyword in keywords)
    if bought:
        return ("guide", "review", "faq", "list", "how_to")
    return _ORDER if is_deed(topic) else ("guide", "faq", "list", "how_to", "review")


def _draft(structure: Structure, own: Sequence[str], plain: Sequence[str], keywords: Sequence[str]) -> _Draft:
    """Keywords of the form first, then those of no form, then what is nearest to the lead."""
    lead = own[0] if own else plain[0] if plain else keywords[0]
    rest = sorted(keywords, key=lambda k: -overlap(stems(k), stems(lead)))
    ordered = dict.fromkeys(
        (lead, *own, *plain[:2], *(k for k in rest if structure_of(k) in {None, structure}))
    )
    return _Draft(structure, lead, tuple(ordered)[:_MOST_KEYWORDS])


def _second_round(
    drafts: Sequence[_Draft], by_form: dict[Structure, list[str]], keywords: Sequence[str], wanted: int
) -> list[_Draft]:
    """More ideas than structures: the next phrases of each form lead one more."""
    leads = {draft.lead for draft in drafts}
    spare = [k for k in keywords if k not in leads] or list(keywords)
    more = []
    for n in range(max(wanted, 0)):
        lead = spare[n % len(spare)]
        structure = structure_of(lead) or _ORDER[n % len(_ORDER)]
        more.append(
            _draft(structure, [lead, *(k for k in by_form.get(structure, []) if k != lead)], [], keywords)
        )
    return more
