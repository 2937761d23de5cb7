"""Whether an upload that was begun earlier says of a piece what it has to say by now."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from nightdesk.publisher import Record

ANEW = (
    "What is sent with it was changed since its upload was begun. Nothing can have become public of that "
    "upload, so it is left, and another one is begun with what holds now."
)
KEPT = (
    "What is sent with it was changed since its upload was begun. That upload may be public already, so it "
    "stays as it was begun; where it is out, change it on the platform."
)


def fingerprint(facts: Mapping[str, Any]) -> str:
    """SHA-256 of what a platform is told of a piece beside its bytes: its words, its options, its flag."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


async def outdated(before: object, now: str, record: Record, *, maybe_out: bool) -> bool:
    """Whether an upload is to be left for another, since what was told at its beginning is not so any more.

    `before` is its fingerprint; one that has none is as it is. `maybe_out` is whether what makes it public
    may have been sent: then it is never left, for another would be a second post. The story says either.
    """
    if not before or before == now:
        return False
    await record.step("decision", KEPT if maybe_out else ANEW)
    return not maybe_out
