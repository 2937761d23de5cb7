"""Renders and checks an article as a person wrote or edited it, by the same rules as a model's."""

import asyncio

from nightdesk.desk.errors import Invalid
from nightdesk.kit.endings import Refused
from nightdesk.lines.article.writing.version import Around, Text, Version, version


async def versioned(text: Text, beside: Around) -> Version:
    """The text as it would be kept, with what the checks found. Raises `Invalid` for `markdown`."""
    try:
        return await asyncio.to_thread(version, text, beside)
    except Refused as refused:
        raise Invalid("markdown", refused.why) from refused
