"""What the documents say that a video cites, beside the scenes that say so."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from nightdesk.desk.review.evidence import best
from nightdesk.desk.videos.shelf import Shown
from nightdesk.kit.text import sentences, shorten
from nightdesk.quality.statements import Documents
from nightdesk.store.session import Store
from nightdesk.store.tables.library import Document, Passage

MOST_PASSAGES = 2000
"""Of the cited documents, that are looked through."""

LONGEST = 280


@dataclass(frozen=True)
class Said:
    """What a document says where a scene goes back to it."""

    document: Document
    says: str


@dataclass(frozen=True)
class Cited:
    """The documents that a script cites, and by position what they say beside its scenes."""

    documents: Sequence[Document] = ()
    beside: Mapping[int, Sequence[Said]] = field(default_factory=dict)


@dataclass(frozen=True)
class Citing:
    """Looks up what is cited."""

    store: Store

    async def of(self, shown: Shown) -> Cited:
        """Of documents that are gone, nothing."""
        numbers = [int(one) for one in shown.video.script.get("documents") or []]
        if not numbers:
            return Cited()
        workspace = shown.video.workspace_id
        passages = (
            select(Passage.document_id, Passage.text)
            .where(Passage.workspace_id == workspace, Passage.document_id.in_(numbers))
            .order_by(Passage.document_id, Passage.position)
            .limit(MOST_PASSAGES)
        )
        known = select(Document).where(Document.workspace_id == workspace, Document.id.in_(numbers))
        texts: dict[int, list[str]] = {}
        async with self.store.workspace(workspace) as session:
            documents = {document.id: document for document in await session.scalars(known)}
            for document, text in await session.execute(passages):
                texts.setdefault(document, []).append(text)
        whole = {number: "\n\n".join(found) for number, found in texts.items()}
        library = Documents(whole, shown.video.language or "en")
        beside = await asyncio.to_thread(_beside, shown, documents, library)
        return Cited([documents[number] for number in numbers if number in documents], beside)


def _beside(shown: Shown, documents: Mapping[int, Document], library: Documents) -> dict[int, list[Said]]:
    """For each scene that cites, the sentence of each document that has most of one of its own."""
    found: dict[int, list[Said]] = {}
    for scene in shown.scenes:
        for number in documents if scene.cites else ():
            said = max((best(one, library, number) for one in sentences(scene.says)), key=len, default="")
            if said:
                found.setdefault(scene.position, []).append(Said(documents[number], shorten(said, LONGEST)))
    return found
