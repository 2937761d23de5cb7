"""What a scene's claims go back to: the passages that it cites, kept with it, each with its document."""

from typing import Any

from nightdesk.kit.text import shorten
from nightdesk.lines.video.scripting.made import SceneMade, ScriptBrief

LONGEST = 1200
"""Characters of a passage: passages are cut at some 900. A longer one loses its lines."""


def sources_of(scene: SceneMade, brief: ScriptBrief) -> list[dict[str, Any]]:
    """Ready for a JSON column: the passage as it was when the script was written, whatever becomes of its
    document; numbers are those of `cites`."""
    passages = {one.number: one for one in brief.passages}
    documents = {one.number: one for one in brief.documents}
    found = []
    for number in scene.cites:
        passage = passages[number]
        document = documents[passage.document]
        told = {"title": document.title, "url": document.url, "author": document.author}
        found.append(
            {
                "number": number,
                "document": passage.document,
                "passage": _kept(passage.text),
                **told,
                "published": document.published,
            }
        )
    return found


def _kept(text: str) -> str:
    """With its lines, by which a heading is told from the sentence after it."""
    return text.strip() if len(text) <= LONGEST else shorten(text, LONGEST)
