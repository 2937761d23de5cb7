"""Remotion with JPEGs of its usual quality: less work, and a film that is less like what was drawn."""

from pathlib import Path

from bench.remotion.running import made
from nightdesk.providers.renderers.contract import RenderRequest

USUAL = ("--jpeg-quality=80",)
LABEL = "the same, frames as JPEGs of quality 80"
LEAST = 0.0


async def render(request: RenderRequest, folder: Path) -> Path | None:
    """See `bench.render.competing.Competitor`."""
    return await made(request, folder, USUAL)
