"""Who asks, and what each role may do: an owner all, an editor the work, a viewer nothing but look."""

import logging
from dataclasses import dataclass
from typing import Literal

from nightdesk.desk.errors import DeskError

_log = logging.getLogger(__name__)

Role = Literal["owner", "editor", "viewer"]
Theme = Literal["system", "light", "dark"]

ROLES: tuple[Role, ...] = ("viewer", "editor", "owner")
"""From the least to the most."""


@dataclass(frozen=True)
class Caller:
    """The person who is signed in, in the workspace of the session, with the role held there now."""

    workspace_id: int
    person_id: int
    session_id: int
    name: str
    email: str
    role: Role
    timezone: str
    language: str
    theme: Theme
    address: str = ""
    """From where the session was opened."""
    second_factor: bool = False
    """Whether a code was given for this session."""
    held: bool = False
    """Whether the workspace wants a second factor of this role, and there is none yet."""


@dataclass(frozen=True)
class Operator:
    """Whoever has the command line of this machine: may do in that workspace what an owner may."""

    workspace_id: int
    person_id: None = None
    name: str = "the operator"
    role: Role = "owner"
    address: str = ""


@dataclass(frozen=True)
class Client:
    """A program with a key of the workspace, by the key's name: may do what an owner may."""

    workspace_id: int
    name: str
    person_id: None = None
    role: Role = "owner"
    address: str = ""


@dataclass(frozen=True)
class ByRule:
    """What happens by a rule that an owner signed; that owner answers for it, and `name` says so."""

    workspace_id: int
    name: str
    person_id: int | None
    role: Role = "owner"
    address: str = ""


@dataclass(frozen=True)
class Newcomer:
    """Somebody just let in, who has no session yet."""

    person_id: int
    name: str
    address: str


@dataclass(frozen=True)
class Holder(Newcomer):
    """Somebody who is asked for a code, at the sign-in or within a session."""

    workspace_id: int
    email: str

    @classmethod
    def of(cls, caller: Caller) -> "Holder":
        return cls(caller.person_id, caller.name, caller.address, caller.workspace_id, caller.email)


@dataclass(frozen=True)
class Agent:
    """A program that works as the person who made its key: may do what that person may there now."""

    workspace_id: int
    person_id: int
    name: str
    role: Role
    address: str = ""


Actor = Caller | Operator | Client | ByRule | Agent


class NotAllowed(DeskError):
    """The role does not reach so far; nothing was changed."""

    def __init__(self, needed: Role) -> None:
        self.needed = needed
        super().__init__(f"This needs the role {needed}; an owner can give it on the people page.")


class SecondFactorWanted(NotAllowed):
    """The workspace wants a second factor of its owners and editors before they do anything else."""

    def __init__(self, needed: Role) -> None:
        self.needed = needed
        DeskError.__init__(
            self,
            "This workspace asks its owners and editors for a second factor. Set yours up first, on your "
            "account page; nothing was changed.",
        )


def allows(role: Role, needed: Role) -> bool:
    """Whether `role` may do what needs `needed`."""
    return ROLES.index(role) >= ROLES.index(needed)


def require(actor: Actor, needed: Role) -> None:
    """Raises `NotAllowed` or `SecondFactorWanted`, which is logged."""
    if needed != "viewer" and isinstance(actor, Caller) and actor.held:
        whose = {"workspace": actor.workspace_id, "person": actor.person_id}
        _log.warning("refused without a second factor", extra={"action": "second_factor_wanted", **whose})
        raise SecondFactorWanted(needed)
    if not allows(actor.role, needed):
        facts = {"workspace": actor.workspace_id, "person": actor.person_id, "needed": needed}
        _log.warning("refused for the role", extra={"action": "role_refused", **facts})
        raise NotAllowed(needed)
