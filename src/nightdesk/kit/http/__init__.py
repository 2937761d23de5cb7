"""Outgoing HTTP that cannot be led to a private address, however the address is spelled."""
