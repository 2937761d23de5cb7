"""Asks a site's text provider a question of the desk's: what it cost is booked, its credits are charged."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import resources
from typing import Any, Generic
from uuid import uuid4

from pydantic import BaseModel, ValidationError
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, InsufficientCredits, Unavailable
from nightdesk.desk.items import site_of
from nightdesk.desk.providers import Providers
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.text import clean
from nightdesk.providers.calls import Call, ListMeter
from nightdesk.providers.text.contract import A, Question
from nightdesk.providers.text.questions import SiteBrief
from nightdesk.store import ledger
from nightdesk.store.session import Store
from nightdesk.store.tables.runs import ProviderCall
from nightdesk.store.tables.tenancy import Site

LONGEST_INSTRUCTIONS = 20_000
_SHIPPED = resources.files("nightdesk.desk.topics") / "prompts"


@dataclass(frozen=True)
class Asked(Generic[A]):
    """What was answered, and how what is made of it is labelled."""

    answer: A
    label: str


@dataclass(frozen=True)
class Asking:
    """Asks; each question of a site by the provider that is chosen for it."""

    store: Store
    providers: Providers

    async def ask(
        self, site: Site, name: str, data: BaseModel, answer: type[A], *, max_tokens: int = 4096
    ) -> Asked[A]:
        """The answer, its texts fit to be stored.

        Raises `Unavailable` where the provider is away, and `Conflict` where a person has to do something.
        """
        async with self.store.workspace(site.workspace_id) as session:
            chosen = await self.providers.chosen(session, site)
        meter = ListMeter()
        question = Question(name, _instructions(name, site), data, answer, max_tokens)
        try:
            provider = self.providers.text(chosen)
            given = await provider.ask(question, meter)
            fit = answer.model_validate(_cleaned(given.model_dump(warnings=False)))
        except Later as ending:
            raise Unavailable(f"{ending.why} Nothing was changed; try again in a while.") from ending
        except (NeedsPerson, Refused) as ending:
            raise Conflict(f"{ending.why} Nothing was changed.") from ending
        except ValidationError as error:
            raise Conflict("The model's answer cannot be used. Nothing was changed; try again.") from error
        finally:
            await self.book(site, meter.calls)
        return Asked(fit, provider.label)

    async def check(self, site: Site, credits: int) -> None:
        """Raises `InsufficientCredits` where the workspace has fewer."""
        async with self.store.workspace(site.workspace_id) as session:
            left = (await ledger.balances(session, site.workspace_id)).wallet
        if left < credits:
            raise InsufficientCredits(credits, left)

    @asynccontextmanager
    async def charging(self, site: Site, what: str, credits: int) -> AsyncIterator[AsyncSession]:
        """One transaction in which what was answered is kept and its credits are charged, or neither.

        Raises `InsufficientCredits`.
        """
        key = f"{what}:{uuid4()}"
        async with self.store.workspace(site.workspace_id) as session:
            yield session
            await charge(session, site.workspace_id, key, credits)

    async def book(self, site: Site, calls: Sequence[Call]) -> None:
        """Writes down what was asked of a provider, whatever came of it."""
        at = self.providers.clock.now()
        of = {"workspace_id": site.workspace_id, "site_id": site.id, "at": at}
        if calls:
            async with self.store.workspace(site.workspace_id) as session:
                await session.execute(insert(ProviderCall), [vars(call) | of for call in calls])


async def charge(session: AsyncSession, workspace_id: int, key: str, credits: int) -> None:
    """Charges credits within the transaction. Raises `InsufficientCredits`."""
    try:
        await ledger.hold(session, workspace_id, key, credits, None, None)
    except ledger.NotEnoughCredits as error:
        raise InsufficientCredits(error.needed, error.available) from error
    await ledger.settle(session, workspace_id, key, credits, credits, None, None)


async def open_site(store: Store, workspace_id: int, site_id: int) -> Site:
    """The site, detached. Raises `NotFound`."""
    async with store.workspace(workspace_id) as session:
        return await site_of(session, workspace_id, site_id)


def brief_of(site: Site) -> SiteBrief:
    """What a question says of the site."""
    return SiteBrief(
        name=site.name,
        subject=site.subject,
        audience=site.audience,
        language=site.language,
        voice=site.voice,
    )


def _instructions(name: str, site: Site) -> str:
    own = str(site.prompts.get(name) or "").strip()
    return own[:LONGEST_INSTRUCTIONS] or (_SHIPPED / f"{name}.md").read_text("utf-8").strip()


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {name: _cleaned(one) for name, one in value.items()}
    return value
