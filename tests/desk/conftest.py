"""The whole house and its tenants, as the tests of the API have them."""

from api.api_house import alice, app, bob, house, settings, tenant_of

__all__ = ["alice", "app", "bob", "house", "settings", "tenant_of"]
