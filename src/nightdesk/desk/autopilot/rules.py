"""Rules that an owner signs: what of a site goes out by itself, and after how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.autopilot.letting import rules_in_force
from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.people import Actor, Caller, NotAllowed, Operator, require
from nightdesk.desk.people.book import note
from nightdesk.desk.sites import Sites
from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store
from nightdesk.store.tables.autopilot import TrustRule
from nightdesk.store.tables.tenancy import Site

Kind = Literal["article", "video"]
KINDS: tuple[Kind, ...] = ("article", "video")
SHORTEST, LONGEST = 5, 2 * 24 * 60
"""Minutes in which a person can stop what a rule is about to let through."""


@dataclass(frozen=True)
class Rules:
    """Signs and withdraws; both stand in the book of who did what."""

    store: Store
    clock: Clock
    sites: Sites

    async def sign(self, by: Actor, key: int | str, kind: Kind, hold: int) -> TrustRule:
        """A rule from now on, in the place of one that there was. A key cannot sign: it is nobody.

        Raises `NotFound`, `Invalid`, `NotAllowed`; `Conflict` where the site wants two people for a piece.
        """
        require(by, "owner")
        if not isinstance(by, Caller | Operator):
            raise NotAllowed("owner")
        if kind not in KINDS:
            raise Invalid("kind", f"One of {', '.join(KINDS)}.")
        if not SHORTEST <= hold <= LONGEST:
            raise Invalid("hold_minutes", f"From {SHORTEST} minutes to {LONGEST // 60} hours.")
        site = await self.sites.get(by.workspace_id, key)
        if site.two_people:
            raise Conflict(
                f"Pieces of {site.name} are approved by two people, and a rule is none of them. Change "
                "that first."
            )
        try:
            async with self.store.workspace(by.workspace_id) as session:
                await self._withdraw(session, by, site, kind, "replaced by another")
                rule = TrustRule(
                    workspace_id=site.workspace_id,
                    site_id=site.id,
                    kind=kind,
                    hold=hold,
                    words=sentence(site, kind, hold),
                    person_id=by.person_id,
                    who=by.name,
                    signed_at=self.clock.now(),
                )
                session.add(rule)
                await session.flush()
                about = f"{site.name}: {rule.words}"
                await note(session, by.workspace_id, by, "rule_signed", self.clock.now(), about)
                points.reach("autopilot.rule.written")
        except IntegrityError as error:
            raise Conflict("Somebody signed such a rule in this moment; look at it first.") from error
        points.reach("autopilot.rule.signed")
        return rule

    async def withdraw(self, by: Actor, key: int | str, kind: Kind) -> None:
        """Nothing of that kind goes out by itself any more; what waits for it waits for a person.

        Raises `NotFound`, `NotAllowed`.
        """
        require(by, "owner")
        site = await self.sites.get(by.workspace_id, key)
        async with self.store.workspace(by.workspace_id) as session:
            if not await self._withdraw(session, by, site, kind, "withdrawn"):
                raise NotFound("rule")

    async def listed(self, workspace_id: int, key: int | str) -> Sequence[TrustRule]:
        """The site's rules, the newest first; those that were withdrawn too. Raises `NotFound`."""
        site = await self.sites.get(workspace_id, key)
        mine = (TrustRule.workspace_id == workspace_id, TrustRule.site_id == site.id)
        async with self.store.workspace(workspace_id) as session:
            found = await session.scalars(select(TrustRule).where(*mine).order_by(TrustRule.id.desc()))
            return found.all()

    async def in_force(self, workspace_id: int, key: int | str) -> dict[str, TrustRule]:
        """Those that hold now, by their kind. Raises `NotFound`."""
        site = await self.sites.get(workspace_id, key)
        async with self.store.workspace(workspace_id) as session:
            return {rule.kind: rule for rule in await rules_in_force(session, site)}

    async def _withdraw(self, session: AsyncSession, by: Actor, site: Site, kind: str, how: str) -> bool:
        query = select(TrustRule).where(
            TrustRule.workspace_id == site.workspace_id,
            TrustRule.site_id == site.id,
            TrustRule.kind == kind,
            TrustRule.withdrawn_at.is_(None),
        )
        rule = await session.scalar(query.with_for_update())
        if rule is None:
            return False
        rule.withdrawn_at, rule.withdrawn_by = self.clock.now(), by.name
        about = f"{site.name}: {rule.words} Signed by {rule.who}; {how}."
        await note(session, by.workspace_id, by, "rule_withdrawn", self.clock.now(), about)
        await session.flush()
        return True


def sentence(site: Site, kind: str, hold: int) -> str:
    """What is signed."""
    hours, minutes = divmod(hold, 60)
    parts = [f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in ((hours, "hour"), (minutes, "minute")) if n]
    return (
        f"{kind.capitalize()}s of {site.name} that pass all checks go out by themselves, unless somebody "
        f"stops them within {' '.join(parts)} at the gate."
    )
