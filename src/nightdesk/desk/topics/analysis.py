"""What makes a document work, read once by the site's text provider, and told as a style for a script."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from nightdesk.desk.errors import NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.paging import Order, Page, Paging, orders, page_of
from nightdesk.desk.topics.asking import Asking, charge, open_site
from nightdesk.providers.text.topic_questions import DocumentAnalysed, DocumentToAnalyse
from nightdesk.store.tables.feeds import Analysis
from nightdesk.store.tables.library import Document
from nightdesk.store.tables.tenancy import Site

CREDITS = 1
"""Of one analysis; of a document that was analysed before, none."""

LOOKED_AT = 12_000
"""Characters of a document: what moves readers is at its beginning, and a call has its price."""

_HOOKS = {
    "question": "a question",
    "figure": "a figure",
    "promise": "a promise of what the reader gets",
    "claim": "a claim",
    "story": "a moment from a story",
    "address": "a word to the reader",
}
_TRIGGERS = {
    "curiosity": "something left open that makes one curious",
    "urgency": "a reason to act now",
    "scarcity": "something there is little of",
    "authority": "what research or those who know say",
    "social_proof": "what many others do",
    "contrast": "two things set against each other",
    "usefulness": "something that can be done at once",
    "identity": "a word to those whom it concerns",
}


@dataclass(frozen=True)
class Analysed:
    """A document with what was found in it."""

    analysis: Analysis
    title: str
    url: str

    @property
    def found(self) -> DocumentAnalysed:
        return DocumentAnalysed.model_validate(self.analysis.found)


@dataclass(frozen=True)
class Analyses:
    """Analyses of documents; `NotFound` where one is not the workspace's."""

    asking: Asking
    orders = orders(Order("newest", Analysis.id, Analysis.id))

    async def analyze(self, workspace_id: int, number: int) -> Analysed:
        """The document's analysis, made at the first call.

        Raises `NotFound`, `InsufficientCredits`, and `Unavailable` and `Conflict` as `Asking.ask`.
        """
        store = self.asking.store
        async with store.workspace(workspace_id) as session:
            document = await session.get(Document, (workspace_id, number))
            if document is None:
                raise NotFound("document")
            query = select(Analysis).where(
                Analysis.workspace_id == workspace_id, Analysis.document_id == number
            )
            there = (await session.scalars(query)).one_or_none()
        site = await _site(self.asking, document)
        if there is not None:
            return Analysed(there, document.title, document.url)
        await self.asking.check(site, CREDITS)
        data = DocumentToAnalyse(
            title=document.title, text=document.text[:LOOKED_AT], language=document.language or site.language
        )
        asked = await self.asking.ask(site, "analysis", data, DocumentAnalysed, max_tokens=2048)
        return await self._kept(site, document, asked.answer, asked.label)

    async def page(self, workspace_id: int, site_id: int | None, paging: Paging) -> Page[Analysed]:
        """One page of the analyses of a site, or of all."""
        async with self.asking.store.workspace(workspace_id) as session:
            query = select(Analysis).where(Analysis.workspace_id == workspace_id)
            if site_id is not None:
                await site_of(session, workspace_id, site_id)
                query = query.where(Analysis.site_id == site_id)
            else:
                live = select(Site.id).where(Site.workspace_id == workspace_id, Site.archived_at.is_(None))
                query = query.where(Analysis.site_id.in_(live))
            found, following = await page_of(session, query, paging)
            of = select(Document.id, Document.title, Document.url).where(
                Document.workspace_id == workspace_id, Document.id.in_([one.document_id for one in found])
            )
            named = {number: (title, url) for number, title, url in await session.execute(of)}
            return Page([Analysed(one, *named[one.document_id]) for one in found], following)

    async def _kept(self, site: Site, document: Document, found: DocumentAnalysed, label: str) -> Analysed:
        values: dict[str, Any] = {
            "workspace_id": site.workspace_id,
            "site_id": site.id,
            "document_id": document.id,
            "found": found.model_dump(mode="json"),
            "provider": label,
            "made_at": self.asking.providers.clock.now(),
        }
        async with self.asking.store.workspace(site.workspace_id) as session:
            new = insert(Analysis).values(values).on_conflict_do_nothing().returning(Analysis.id)
            if await session.scalar(new) is not None:
                await charge(session, site.workspace_id, f"analysis:{uuid4()}", CREDITS)
            query = select(Analysis).where(
                Analysis.workspace_id == site.workspace_id, Analysis.document_id == document.id
            )
            return Analysed((await session.scalars(query)).one(), document.title, document.url)


def style_of(found: DocumentAnalysed) -> str:
    """The analysis as a style that a script can be written in: what it does, nothing of what it says.

    Only our own words and counted numbers are in it: what a document or model said has no authority over how
    another piece is written.
    """
    length = max(round(found.pacing.words_a_sentence), 4)
    says = [
        f"Open with {_HOOKS[found.hook.kind]}.",
        f"Keep a {found.pacing.pace} pace: sentences of about {length} words, none over "
        f"{max(min(found.pacing.longest, 60), length)}.",
    ]
    if found.emotions:
        says.append(f"Stir {' and '.join(one.name for one in found.emotions[:2])}.")
    if found.triggers:
        says.append(f"Use {'; '.join(_TRIGGERS[name] for name in found.triggers[:3])}.")
    return " ".join(says)


async def _site(asking: Asking, document: Document) -> Site:
    try:
        return await open_site(asking.store, document.workspace_id, document.site_id)
    except NotFound:
        raise NotFound("document") from None
