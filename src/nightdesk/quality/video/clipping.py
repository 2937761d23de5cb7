"""Whether the sound is louder than samples can say, which is heard as crackling."""

from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check

FULL = -0.1
"""dBFS of the highest sample from which sound counts as clipped; between samples it is 0 dBTP.

AAC rounds what was cut off before it: clipped sound comes out of the decoder above full scale."""


def check(read: Readings) -> Check:
    if read.hearing is None:
        return Check("clipping", "ok", "There is no sound to clip.")
    peak, true_peak = read.hearing.peak, read.hearing.true_peak
    facts = {"peak": _rounded(peak), "true_peak": _rounded(true_peak)}
    if peak >= FULL or true_peak >= 0:
        message = (
            f"The sound is cut off at its loudest ({max(peak, true_peak):+.1f} dB over full scale): "
            "level the narration again, and turn the music down."
        )
        return Check("clipping", "fail", message, facts)
    return Check("clipping", "ok", "The sound is nowhere cut off.", facts)


def _rounded(level: float) -> float | None:
    return None if level == float("-inf") else round(level, 2)
