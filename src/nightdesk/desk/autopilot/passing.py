"""What keeps a piece from going out by itself: everything that a person would be asked about."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.costs import costs_of, costs_of_videos
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video
from nightdesk.store.tables.writer import Content, Image

UNTRUSTED = "What wrote it is never published without a person."


def failed_checks(piece: Content | Video) -> list[str]:
    """What its own checks found that is serious; empty where it passed them all."""
    reports = [report for report in piece.checks.values() if isinstance(report, Mapping)]
    found = [
        str(one["message"])
        for report in reports
        for one in report.get("findings", ())
        if one.get("severity") == "serious"
    ]
    if isinstance(piece, Video):
        of_file = piece.checks.get("video")
        if not of_file:
            return [*found, "Its file was not checked."]
        found += [str(one["message"]) for one in of_file.get("checks", ()) if one.get("status") == "fail"]
    return found


async def keeps_back(session: AsyncSession, site: Site, piece: Content | Video) -> list[str]:
    """Why a piece does not go out by itself, in sentences; empty where it passes all checks."""
    found = failed_checks(piece)
    if not piece.may_publish_itself and not found:
        found.append(UNTRUSTED)
    if isinstance(piece, Content) and await _lacks_picture(session, piece):
        found.append("One of its pictures could not be made.")
    cost = await _cost(session, piece)
    if site.piece_budget and cost > site.piece_budget:
        found.append(f"It took {cost:,.0f} credits; {site.piece_budget:,} are allowed for a piece.")
    return found


async def _lacks_picture(session: AsyncSession, content: Content) -> bool:
    missing = select(Image.id).where(
        Image.workspace_id == content.workspace_id, Image.content_id == content.id, Image.asset.is_(None)
    )
    return await session.scalar(missing.limit(1)) is not None


async def _cost(session: AsyncSession, piece: Content | Video) -> Decimal:
    of = costs_of if isinstance(piece, Content) else costs_of_videos
    return (await of(session, piece.workspace_id, [piece.id])).get(piece.id, (Decimal(0), Decimal(0)))[0]
