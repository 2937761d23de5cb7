"""Remotion as the desk starts it: what was drawn comes to the encoder as well as its JPEGs can."""

from pathlib import Path

from bench.remotion.running import made
from nightdesk.providers.renderers.contract import RenderRequest

LABEL = "Remotion 4, two frames at a time, preset veryfast"
LEAST = 5.0


async def render(request: RenderRequest, folder: Path) -> Path | None:
    """See `bench.render.competing.Competitor`."""
    return await made(request, folder)
