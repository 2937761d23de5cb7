"""Imports and prepares all that a worker would at its first batches, so that a forked one begins at once."""

import importlib

from sqlalchemy.orm import configure_mappers

from nightdesk.lines.article.grouping import Phrase, group
from nightdesk.lines.article.site_lexicon import site_lexicon
from nightdesk.store.tables.tenancy import Site

LAZY = (
    "openai",
    "pydantic_ai.models.openai",
    "pydantic_ai.providers.openai_compatible",
    "PIL.Image",
    "PIL.JpegImagePlugin",
    "PIL.ImageDraw",
    "PIL.ImageFont",
    "cv2",
    "nightdesk.providers.renderers.ffmpeg",
    "numpy",
)
"""What the house imports only when it is needed."""


def warm() -> None:
    for module in LAZY:
        importlib.import_module(module)
    configure_mappers()
    site = Site(workspace_id=1, id=1, slug="warm", name="Warm", language="en", lexicon={})
    group([Phrase(phrase, 1) for phrase in ("warm lamp", "cold lamp")], site_lexicon(site))
