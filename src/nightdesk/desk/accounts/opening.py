"""Opens publishers: unseals an account's secrets, and keeps those that a platform gives in their place."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

from nightdesk.desk.accounts.renewing import Renewals
from nightdesk.engine.outgoing import Taken
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.sealing import Sealer, place
from nightdesk.publisher import Login, Publisher
from nightdesk.publishers import KINDS
from nightdesk.publishers.registry import Ground
from nightdesk.store.session import Store
from nightdesk.store.tables.publishing import Account


def secrets_place(account: Account) -> str:
    """Where an account's secrets are sealed to: moved to another row they do not open."""
    return place(account.workspace_id, "accounts", account.id, "sealed")


def consent_place(workspace_id: int, number: int) -> str:
    """Where the verifier of a consent is sealed to."""
    return place(workspace_id, "account_consents", number, "sealed")


@dataclass(frozen=True)
class Openings:
    """Publishers for accounts."""

    store: Store
    sealer: Sealer
    clock: Clock
    ground: Ground

    async def of_taken(self, taken: Taken) -> Publisher:
        """The publisher of the account that a publication goes to. Raises as `publisher`."""
        return await self.publisher(taken.account)

    async def publisher(self, account: Account) -> Publisher:
        """Raises `NeedsPerson` where something of the account is missing or wrong."""
        kind = KINDS.get(account.platform)
        if kind is None:
            raise NeedsPerson(f"This desk has no publisher for {account.platform}.")
        secrets = await self.secrets(account)
        renewing = Renewals(self, account)
        return kind.by(account.way).open(
            Login(account.workspace_id, account.name, account.config, secrets, renewing.renew), self.ground
        )

    async def secrets(self, account: Account) -> dict[str, str]:
        """Plain; raises `NeedsPerson`, or `Later` where a key vault is away."""
        if account.sealed is None:
            return {}
        opened = await asyncio.to_thread(self.sealer.open, account.sealed, secrets_place(account))
        return dict(json.loads(opened))

    async def sealed(self, account: Account, secrets: Mapping[str, str]) -> str | None:
        """Under seal, as the account's column keeps it."""
        if not secrets:
            return None
        return await asyncio.to_thread(self.sealer.seal, json.dumps(dict(secrets)), secrets_place(account))
