"""Groups keywords by what is searched for and how it is meant, without a model, and prepares them for one."""

from nightdesk.lines.article.grouping.blocks import blocks
from nightdesk.lines.article.grouping.existing import match_existing, slot_keys
from nightdesk.lines.article.grouping.groups import group
from nightdesk.lines.article.grouping.intents import Wanted, classify_intent
from nightdesk.lines.article.grouping.lexicon import Lexicon, Modifier, lexicon_for
from nightdesk.lines.article.grouping.partition import check_partition, repair_partition
from nightdesk.lines.article.grouping.phrases import Group, Phrase

__all__ = [
    "Group",
    "Lexicon",
    "Modifier",
    "Phrase",
    "Wanted",
    "blocks",
    "check_partition",
    "classify_intent",
    "group",
    "lexicon_for",
    "match_existing",
    "repair_partition",
    "slot_keys",
]
