"""Sessions: signing in and out, who a session's token belongs to, and the list that a person may end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from nightdesk.desk.errors import DeskError
from nightdesk.desk.people.roles import Caller, Role
from nightdesk.kit.clock import Clock
from nightdesk.store.session import Store

IDLE = timedelta(days=14)
"""A session ends when nothing was asked in it for so long."""

LONGEST = timedelta(days=60)
"""A session ends so long after it was opened, however busy; also the cookie's longest life."""


class WrongPassword(DeskError):
    """The e-mail address or the password is wrong."""

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong. Nothing was changed; try again.")


class TooManyGuesses(DeskError):
    """No guess at this account, or from this address, is checked before `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            "Too many attempts for now; this one was not checked. Sessions that are open stay open. "
            "Try again in a few minutes."
        )


@dataclass(frozen=True)
class SessionShown:
    """A session as its owner sees it; `here` is the one that asks."""

    id: int
    workspace_id: int
    made_at: datetime
    seen_at: datetime
    address: str
    agent: str
    here: bool


@dataclass(frozen=True)
class WorkspaceShown:
    """A workspace that the caller belongs to; `here` is the one of the session."""

    id: int
    name: str
    role: Role
    here: bool


@dataclass(frozen=True)
class Sessions:
    """Opens, finds and ends sessions. A token is 32 characters of base 62, given once and kept as a hash."""

    store: Store
    clock: Clock

    async def sign_in(self, email: str, password: str, address: str, agent: str) -> str:
        """A new session's token; the session that the browser had before is for the face to end.

        The same sentence and the same time whether the address is unknown or the password wrong. Raises
        `WrongPassword`, `TooManyGuesses`.
        """
        raise NotImplementedError

    async def caller_of(self, token: str) -> Caller | None:
        """Whose session this is, or None where it has ended; anything that is no token costs no look-up."""
        raise NotImplementedError

    async def sign_out(self, token: str) -> None:
        """Ends the session; harmless where it has ended already."""
        raise NotImplementedError

    async def of(self, caller: Caller) -> list[SessionShown]:
        """The caller's sessions in all workspaces, the one seen last first."""
        raise NotImplementedError

    async def end(self, caller: Caller, session_id: int) -> None:
        """Ends one of the caller's own sessions. Raises `NotFound`."""
        raise NotImplementedError

    async def end_others(self, caller: Caller) -> int:
        """Ends all the caller's sessions but this one; returns how many."""
        raise NotImplementedError

    async def change_password(self, caller: Caller, old: str, new: str) -> str:
        """Sets the password, ends all other sessions and renews this one: returns its new token.

        Raises `WrongPassword`, `TooManyGuesses`, or `Invalid` (`new`).
        """
        raise NotImplementedError

    async def workspaces(self, caller: Caller) -> list[WorkspaceShown]:
        """The workspaces that the caller belongs to, by name."""
        raise NotImplementedError

    async def enter(self, caller: Caller, workspace_id: int) -> str:
        """Goes over to another workspace under the new token returned. Raises `NotFound`."""
        raise NotImplementedError
