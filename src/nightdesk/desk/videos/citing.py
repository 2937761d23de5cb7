"""What a video's scenes go back to: the passages that their script was written from, beside what they say."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from nightdesk.desk.review.evidence import best
from nightdesk.desk.videos.shelf import Shown
from nightdesk.kit.text import sentences, shorten
from nightdesk.quality.statements import Documents
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.videos import Scene

LONGEST = 280


@dataclass(frozen=True)
class Said:
    """What a document says where a scene goes back to it; `edited`: the scene's words were changed since."""

    document: int
    title: str
    url: str
    says: str
    edited: bool = False


@dataclass(frozen=True)
class Cited:
    """The documents that a script cites, those that are still there, and by position what its scenes go back
    to, whether or not it is still there."""

    documents: Sequence[Document] = ()
    beside: Mapping[int, Sequence[Said]] = field(default_factory=dict)


@dataclass(frozen=True)
class Citing:
    """Looks up what is cited."""

    store: Store

    async def of(self, shown: Shown) -> Cited:
        numbers = [int(one) for one in shown.video.script.get("documents") or []]
        beside = await asyncio.to_thread(_beside, shown.scenes, shown.video.language or "en")
        if not numbers:
            return Cited((), beside)
        workspace = shown.video.workspace_id
        known = select(Document).where(Document.workspace_id == workspace, Document.id.in_(numbers))
        async with self.store.workspace(workspace) as session:
            documents = {document.id: document for document in await session.scalars(known)}
        return Cited([documents[number] for number in numbers if number in documents], beside)


def _beside(scenes: Sequence[Scene], language: str) -> dict[int, list[Said]]:
    found = {scene.position: [_said(scene, one, language) for one in scene.sources] for scene in scenes}
    return {position: said for position, said in found.items() if said}


def _said(scene: Scene, source: Mapping[str, Any], language: str) -> Said:
    """Of a passage the sentence that has most of one of the scene's own; all of them where none has much."""
    number, passage = int(source["document"]), str(source["passage"])
    library = Documents({number: passage}, language)
    says = max((best(one, library, number) for one in sentences(scene.says)), key=len, default="")
    says = says or " ".join(one.sentence for one in library.statements(number)) or passage.lstrip("# ")
    edited = bool(source.get("edited"))
    return Said(number, str(source["title"]), str(source["url"]), shorten(says, LONGEST), edited)
