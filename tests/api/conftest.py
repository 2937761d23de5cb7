"""The fixtures of `api_house` for the tests of this folder."""

from api.api_house import address, alice, app, bob, house, nobody, settings, tenant_of

__all__ = ["address", "alice", "app", "bob", "house", "nobody", "settings", "tenant_of"]
