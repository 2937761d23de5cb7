"""Finds the article in a page of HTML, in a child process with limits of time and memory."""

import json
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nightdesk.kit.processes import ChildLimits, run
from nightdesk.sources.documents.document import DocumentRefused
from nightdesk.sources.documents.front_matter import date_of

_CHILD = Path(__file__).with_name("extraction.py")
LIMITS = ChildLimits(
    seconds=20.0, cpu_seconds=10, memory=512 << 20, file_size=1 << 20, open_files=64, output=16 << 20
)


@dataclass(frozen=True)
class Page:
    """The article of a page as Markdown, and what the page says of itself."""

    text: str
    title: str | None = None
    author: str | None = None
    published: date | None = None
    image: str | None = None


async def article_of(page: str, named: str, url: str | None, limits: ChildLimits = LIMITS) -> Page:
    """Extracts the article; `named` is what a refusal calls the page.

    Raises DocumentRefused `no_text` where the page holds no article, `too_complex` where the limits are met.
    """
    done = await run(
        [sys.executable, "-I", str(_CHILD), url or ""],
        limits=limits,
        stdin=page.encode("utf-8", "replace"),
    )
    if not done.well:
        taken = f"{limits.cpu_seconds} seconds and {limits.memory >> 20} MB"
        why = f"'{named}' is too complex to be read within {taken}. Save its text and add that."
        raise DocumentRefused("too_complex", why, kept=done.stderr.decode("utf-8", "replace")[-2000:])
    answer = json.loads(done.stdout)
    if not (answer["text"] or "").strip():
        why = f"No article was found in '{named}': it may be drawn by scripts, or be a list of links."
        raise DocumentRefused("no_text", why + " Copy its text into a file and add that.")
    return Page(answer["text"], answer["title"], answer["author"], date_of(answer["date"]), answer["image"])
