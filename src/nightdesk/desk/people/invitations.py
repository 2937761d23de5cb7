"""One-time links: they let a person in, or let one who is locked out choose a new password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nightdesk.desk.people.roles import Actor, Caller, Role
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store

LinkKind = Literal["invitation", "reset"]


@dataclass(frozen=True)
class InvitationShown:
    """An invitation that nobody has accepted yet; `expired` ones open nothing any more."""

    id: int
    email: str
    role: Role
    invited_at: datetime
    expires_at: datetime
    expired: bool


@dataclass(frozen=True)
class LinkShown:
    """What a link is for, to show on its page: to join a workspace, or to choose a new password."""

    kind: LinkKind
    email: str
    workspace_name: str
    role: Role


@dataclass(frozen=True)
class Invitations:
    """Makes, shows, accepts and withdraws links. A token is shown once and kept as a hash."""

    store: Store
    clock: Clock

    async def invite(self, actor: Actor, email: str, role: Role) -> str:
        """The token of a link that is good once, for 7 days; one made before for the address is void.

        Its page is `/invitation?token=…`. Raises `NotAllowed`, `Invalid`, or `Taken` (a member already).
        """
        raise NotImplementedError

    async def waiting(self, actor: Actor) -> list[InvitationShown]:
        """Invitations not accepted yet, the newest first. Raises `NotAllowed` to all but owners."""
        raise NotImplementedError

    async def withdraw(self, actor: Actor, invitation_id: int) -> None:
        """The link opens nothing from now on. Raises `NotAllowed`, `NotFound`."""
        raise NotImplementedError

    async def link(self, token: str) -> LinkShown:
        """What the link is for. Raises `NotFound` where it is used, withdrawn, expired or none of ours."""
        raise NotImplementedError

    async def accept(
        self,
        token: str,
        name: str,
        password: str,
        language: str,
        timezone: str,
        address: str,
        agent: str,
    ) -> str:
        """Joins (by a link of kind `reset`: sets the new password) and signs in; returns the session token.

        Who has a password in this installation already gives that one, and keeps name, language and time
        zone; for a reset those three may be empty. Raises `Invalid` with `field` one of `token`, `name`,
        `password`, `language`, `timezone`; `WrongPassword` and `TooManyGuesses` as `Sessions.sign_in` does.
        """
        raise NotImplementedError

    async def join(self, caller: Caller, token: str) -> str:
        """Accepts as the person signed in; the session goes on in the new workspace under the token returned.

        Raises `Invalid` (`token`) where the link is void or for another address.
        """
        raise NotImplementedError

    async def reset(self, operator: Actor, email: str) -> str:
        """The token of a link by which that member chooses a new password: good once, for 24 hours.

        For the command line alone: whoever has the link has the account. Raises `NotFound`.
        """
        raise NotImplementedError
