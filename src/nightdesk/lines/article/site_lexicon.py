"""The lexicon by which a site's keywords are read: its language's, with what the site added."""

import json
from functools import lru_cache

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.lines.article.grouping import Lexicon, lexicon_for
from nightdesk.store.tables.tenancy import Site


def site_lexicon(site: Site) -> Lexicon:
    """The lexicon of a site. Raises `NeedsPerson` where what the site added cannot be read."""
    try:
        return _lexicon(site.language, json.dumps(site.lexicon, sort_keys=True))
    except Refused as fault:
        raise NeedsPerson(f"{fault.why[:1].upper()}{fault.why[1:]}. Correct it on the site's page.") from None


# Reading a lexicon takes longer than grouping a block of keywords by it.
@lru_cache(maxsize=64)
def _lexicon(language: str, added: str) -> Lexicon:
    more = json.loads(added)
    return lexicon_for(language).extended(more) if more else lexicon_for(language)
