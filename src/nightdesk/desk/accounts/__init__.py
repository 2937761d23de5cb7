"""Accounts on platforms: connected, looked at, linked to sites, paused and removed."""

from nightdesk.desk.accounts.accounts import Accounts, AccountShown, Linked
from nightdesk.desk.accounts.inputs import AccountChanges, NewAccount
from nightdesk.desk.accounts.opening import Openings, consent_place, secrets_place

__all__ = [
    "AccountChanges",
    "AccountShown",
    "Accounts",
    "Linked",
    "NewAccount",
    "Openings",
    "consent_place",
    "secrets_place",
]
