"""Nightdesk: a newsroom's night desk in software."""

__version__ = "0.1.0"
