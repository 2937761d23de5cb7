"""Starts MoviePy in the environment that `make bench` puts it into."""

from pathlib import Path

from bench.render.children import finished
from bench.render.order import written
from nightdesk.providers.renderers.contract import RenderRequest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / ".bench" / "bin" / "python"
SCRIPT = Path(__file__).with_name("film.py")


async def made(passes: int, request: RenderRequest, folder: Path) -> Path | None:
    """The film in one pass or in three; None where MoviePy is not installed."""
    if not PYTHON.exists():
        return None
    order = written(request, folder)
    # -P: no folder of ours shadows a package of that environment.
    await finished([str(PYTHON), "-P", str(SCRIPT), str(order), str(passes)], folder)
    return folder / "film.mp4"
