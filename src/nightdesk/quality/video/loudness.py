"""Whether the sound is as loud as platforms play it: −14 LUFS ±1, and no peak above −1 dB."""

from nightdesk.quality.video.readings import Readings
from nightdesk.quality.video.report import Check

WANTED, NEAR, FAR = -14.0, 1.0, 4.0
"""LUFS, and LU to either side: told beyond the one, stopped beyond the other."""

HIGHEST = -1.0
"""dBTP: what an encoder for streaming may still add without clipping (EBU R 128 s2)."""

_ROUNDING = 0.05
"""What the last digit of the measurement may hide."""


def check(read: Readings) -> Check:
    if read.hearing is None:
        return Check("loudness", "ok", "There is no sound to measure.")
    lufs, peak = read.hearing.loudness, read.hearing.true_peak
    facts = {"lufs": _rounded(lufs), "true_peak": _rounded(peak)}
    off = abs(lufs - WANTED)
    if off > FAR:
        return Check("loudness", "fail", f"{_said(lufs)}: level the sound again.", facts)
    if off > NEAR + _ROUNDING:
        return Check("loudness", "warn", f"{_said(lufs)}: level the sound again.", facts)
    if peak > HIGHEST + _ROUNDING:
        message = f"Its loudest peak is {peak:.1f} dB, above {HIGHEST:g}: limit the sound a little lower."
        return Check("loudness", "warn", message, facts)
    return Check("loudness", "ok", f"It is {lufs:.1f} LUFS loud, its highest peak {peak:.1f} dB.", facts)


def _said(lufs: float) -> str:
    how = "louder" if lufs > WANTED else "softer"
    return f"It is {lufs:.1f} LUFS, {how} than the {WANTED:g} ± {NEAR:g} that platforms play"


def _rounded(level: float) -> float | None:
    return None if level == float("-inf") else round(level, 2)
