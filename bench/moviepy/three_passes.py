"""MoviePy 2 as popular makers use it: scenes, then captions, then music and mark, each encoded anew."""

from pathlib import Path

from bench.moviepy.running import made
from nightdesk.providers.renderers.contract import RenderRequest

LABEL = "MoviePy 2 in three passes, preset medium"
LEAST = 15.0


async def render(request: RenderRequest, folder: Path) -> Path | None:
    """See `bench.render.competing.Competitor`."""
    return await made(3, request, folder)
