"""Whether the video shows what the site's last videos showed already."""

from collections.abc import Mapping, Sequence

from nightdesk.quality.video.report import Check
from nightdesk.quality.video.signatures import NOTHING, known

MOST, TOLD = 0.5, 0.2
"""The share of its seconds seen in one earlier video that stops it, and that is told."""


def check(signature: Sequence[int], past: Mapping[str, Sequence[int]]) -> Check:
    telling = sum(mark != NOTHING for mark in signature)
    if not telling or not past:
        return Check("repetition", "ok", "There is nothing that it could repeat.", {"compared": len(past)})
    shares = {name: float(known(signature, marks).sum()) / telling for name, marks in past.items()}
    worst = max(shares, key=lambda name: shares[name])
    share = shares[worst]
    facts = {"compared": len(past), "share": round(share, 3), "of": worst}
    if share <= TOLD:
        return Check("repetition", "ok", "Its pictures are new to the site.", facts)
    message = f"{share:.0%} of it was shown in “{worst}” already: make new pictures or choose other clips."
    return Check("repetition", "fail" if share > MOST else "warn", message, facts)
