"""The first start: a one-time token by which the first owner comes in and names the workspace."""

from dataclasses import dataclass

from nightdesk.desk.founding import Founding
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Entrance:
    """Lets the first owner in, once."""

    store: Store
    clock: Clock
    founding: Founding

    async def pending_token(self) -> str | None:
        """A new token for `/start?token=…`, voiding any older one; None once there is an owner."""
        raise NotImplementedError

    async def is_open(self) -> bool:
        """Whether the first workspace still waits for its owner."""
        raise NotImplementedError

    async def begin(
        self,
        token: str,
        email: str,
        name: str,
        password: str,
        workspace_name: str,
        language: str,
        timezone: str,
        address: str,
        agent: str,
    ) -> str:
        """Names the first workspace, makes its owner and signs them in; returns the session token.

        The token works once, also for two at the same time. Raises `Invalid` with `field` one of `token`,
        `email`, `name`, `password`, `workspace_name`, `language`, `timezone`; nothing was changed then.
        """
        raise NotImplementedError
