"""Accounts on platforms: connected, looked at, linked to sites, paused and removed."""

from nightdesk.desk.accounts.accounts import Accounts, AccountShown, Linked
from nightdesk.desk.accounts.connecting import BACK, Begun, Connecting, Finished, NotConnected
from nightdesk.desk.accounts.inputs import AccountChanges, NewAccount
from nightdesk.desk.accounts.looking import Looks
from nightdesk.desk.accounts.opening import Openings, consent_place, secrets_place
from nightdesk.desk.accounts.watching import Watch

__all__ = [
    "BACK",
    "AccountChanges",
    "AccountShown",
    "Accounts",
    "Begun",
    "Connecting",
    "Finished",
    "Linked",
    "Looks",
    "NewAccount",
    "NotConnected",
    "Openings",
    "Watch",
    "consent_place",
    "secrets_place",
]
