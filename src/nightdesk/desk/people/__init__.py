"""People and keys: who may come in, as whom, and what they may do.

Faces import from here. `desk.people` has members and keys, `desk.invitations` one-time links,
`desk.sessions` signing in and out, `desk.entrance` the first start.
"""

from dataclasses import dataclass

from nightdesk.desk.people.book import ChangeShown, DeedShown
from nightdesk.desk.people.codes import AppSilenced, CodeUsed, WrongCode
from nightdesk.desk.people.doorkeeper import Doorkeeper, WrongPassword
from nightdesk.desk.people.entrance import Entrance
from nightdesk.desk.people.guesses import TooManyGuesses
from nightdesk.desk.people.invitations import Invitations, InvitationShown, LinkShown
from nightdesk.desk.people.keys import Keys, KeyShown, NewKey
from nightdesk.desk.people.passwords import Passwords
from nightdesk.desk.people.persons import MemberShown, Persons
from nightdesk.desk.people.roles import (
    ROLES,
    Actor,
    Agent,
    ByRule,
    Caller,
    Client,
    NotAllowed,
    Operator,
    Role,
    SecondFactorWanted,
    Theme,
    allows,
    require,
)
from nightdesk.desk.people.second_factor import Confirmed, FactorShown, SetUp
from nightdesk.desk.people.second_factor_rules import SecondFactors
from nightdesk.desk.people.sessions import Sessions, SessionShown, WorkspaceShown
from nightdesk.desk.people.sign_ins import SignInOver
from nightdesk.desk.people.tokens import (
    CODE_WITHIN,
    COOKIE,
    IDLE,
    LONGEST,
    SIGN_IN_COOKIE,
    CodeWanted,
    cookie_name,
)


@dataclass(frozen=True)
class People(Keys, Persons):
    """The members of a workspace and its API keys."""


__all__ = [
    "CODE_WITHIN",
    "COOKIE",
    "IDLE",
    "LONGEST",
    "ROLES",
    "SIGN_IN_COOKIE",
    "Actor",
    "Agent",
    "AppSilenced",
    "ByRule",
    "Caller",
    "ChangeShown",
    "Client",
    "CodeUsed",
    "CodeWanted",
    "Confirmed",
    "DeedShown",
    "Doorkeeper",
    "Entrance",
    "FactorShown",
    "InvitationShown",
    "Invitations",
    "KeyShown",
    "Keys",
    "LinkShown",
    "MemberShown",
    "NewKey",
    "NotAllowed",
    "Operator",
    "Passwords",
    "People",
    "Persons",
    "Role",
    "SecondFactorWanted",
    "SecondFactors",
    "SessionShown",
    "Sessions",
    "SetUp",
    "SignInOver",
    "Theme",
    "TooManyGuesses",
    "WorkspaceShown",
    "WrongCode",
    "WrongPassword",
    "allows",
    "cookie_name",
    "require",
]
