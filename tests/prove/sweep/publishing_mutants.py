"""Senders with a fault planted in them: a proof that lets one of these pass proves nothing."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sweep.mutants import MUTANTS, Mutant
from sweep.planting import Bite, replace

from nightdesk.engine.outgoing import claims, sending, settling
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.publisher import Token, Unclear
from nightdesk.store.tables.publishing import Publication


def not_written_before(bite: Bite) -> None:
    """Its story says that it may be public from here on, and its state does not."""

    async def committing(self: settling.Settling, taken: claims.Taken, token: Token | None) -> bool:
        bite()
        async with self.store.workspace(taken.publication.workspace_id) as session:
            row = await claims.ours(session, taken)
            session.add(claims.step(row.workspace_id, row.id, self.clock.now(), "commits", "Said, not done."))
        return True

    replace(settling.Settling, "committing", committing)


def sent_again_after_a_loss(bite: Bite) -> None:
    found = str(claims._LAPSED)
    again = found.replace("else 'ambiguous' end", "else 'queued' end")
    assert again != found
    lapsed = claims.lapsed

    async def telling(session: AsyncSession, now: Any) -> int:
        count = await lapsed(session, now)
        for _ in range(count):
            bite()
        return count

    replace(claims, "_LAPSED", text(again))
    replace(claims, "lapsed", telling)


def tried_again_after_a_reset(bite: Bite) -> None:
    async def unclear(self: settling.Settling, taken: claims.Taken, ending: Unclear) -> None:
        bite()
        await self.unsent(taken, Later(ending.why, 1.0))

    replace(settling.Settling, "unclear", unclear)


def no_fence(bite: Bite) -> None:
    async def anybodys(session: AsyncSession, taken: claims.Taken) -> Publication:
        of_it = (taken.publication.workspace_id, taken.publication.id)
        row = await session.get_one(Publication, of_it, with_for_update=True, populate_existing=True)
        if row.fence != taken.fence:
            bite()
        return row

    for module in (claims, sending, settling):
        replace(module, "ours", anybodys)


def lease_never_renewed(bite: Bite) -> None:
    async def silent(session: AsyncSession, taken: claims.Taken) -> None:
        bite()

    replace(sending, "renew", silent)


def given_up_at_the_first_try(bite: Bite) -> None:
    async def unsent(
        self: settling.Settling, taken: claims.Taken, ending: Later | Refused | NeedsPerson
    ) -> None:
        async with self._settled(taken) as (row, _):
            bite()
            self._put(row, "cancelled", "later", ending.why)

    replace(settling.Settling, "unsent", unsent)


PUBLISHING_MUTANTS = {
    "no write-ahead before publishing": Mutant(not_written_before),
    "what was being committed is queued again": Mutant(sent_again_after_a_loss),
    "tried again after a reset": Mutant(tried_again_after_a_reset),
    "no fence where it is settled": Mutant(no_fence),
    "a sender's lease is never renewed": Mutant(lease_never_renewed),
    "given up at the first try": Mutant(given_up_at_the_first_try),
}
MUTANTS.update(PUBLISHING_MUTANTS)
