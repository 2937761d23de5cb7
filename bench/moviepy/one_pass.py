"""MoviePy 2 in one pass with our encoder settings."""

from pathlib import Path

from bench.moviepy.running import made
from nightdesk.providers.renderers.contract import RenderRequest

LABEL = "MoviePy 2 in one pass, preset veryfast"
LEAST = 5.0


async def render(request: RenderRequest, folder: Path) -> Path | None:
    """See `bench.render.competing.Competitor`."""
    return await made(1, request, folder)
