"""Rehearses nights: a scratch desk, a clock that jumps, fake platforms, and a person who helps."""

from nightdesk.rehearsing.plan import Plan
from nightdesk.rehearsing.rehearse import rehearse

__all__ = ["Plan", "rehearse"]
