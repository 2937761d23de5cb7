"""Loudness is measured as the recommendations' own signals want it, and reached without a peak too many."""

import numpy as np
import pytest

from nightdesk.media.sound.levelling import CEILING, TARGET, levelled, limited
from nightdesk.media.sound.loudness import SILENT, loudness, true_peak
from nightdesk.media.sound.waves import Sound, from_wav, resampled, silence, to_wav
from nightdesk.providers.speech.espeak_reader import EspeakReader

RATES = (16_000, 22_050, 24_000, 44_100, 48_000)


def tone(
    decibels: float, seconds: float, rate: int = 48_000, hertz: float = 1000.0, phase: float = 0.0
) -> Sound:
    at = np.arange(round(seconds * rate)) / rate
    samples = 10 ** (decibels / 20) * np.sin(2 * np.pi * hertz * at + phase)
    return Sound(samples.astype(np.float32), rate)


def in_a_row(*sounds: Sound) -> Sound:
    return Sound(np.concatenate([sound.samples for sound in sounds]), sounds[0].rate)


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_on_one_channel_is_three_below_its_level_at_any_rate(rate: int) -> None:
    # BS.1770-5: 997 Hz at 0 dBFS on one channel reads -3.01.
    assert loudness(tone(-23, 5, rate, 997)) == pytest.approx(-26.01, abs=0.06)


@pytest.mark.parametrize(
    "levels",
    [
        # EBU Tech 3341, cases 1 to 5, in mono: three less than in stereo.
        ((-23, 20),),
        ((-33, 20),),
        ((-36, 10), (-23, 60), (-36, 10)),
        ((-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)),
        ((-26, 20), (-20, 20.1), (-26, 20)),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 5"],
)
def test_the_signals_of_ebu_3341_read_as_they_should(levels: tuple[tuple[float, float], ...]) -> None:
    sound = in_a_row(*(tone(level, seconds, 16_000) for level, seconds in levels))
    expected = -33.0 if levels == ((-33, 20),) else -23.0
    assert loudness(sound) == pytest.approx(expected - 3.01, abs=0.1)


@pytest.mark.parametrize(("fraction", "phase"), [(4, 0), (4, 45), (6, 60), (8, 67.5)])
def test_a_peak_between_two_samples_is_seen(fraction: int, phase: float) -> None:
    # EBU Tech 3341, cases 15 to 18: -6 dBTP within +0.2 and -0.4.
    sound = tone(-6, 1, 48_000, 48_000 / fraction, np.radians(phase))
    ends = np.hanning(480)
    sound.samples[:240] *= ends[:240]
    sound.samples[-240:] *= ends[240:]
    assert -6.4 <= true_peak(sound) <= -5.8


def test_silence_has_no_loudness_and_stays_silence() -> None:
    quiet = silence(2, 24_000)
    assert loudness(quiet) == true_peak(quiet) == SILENT
    assert not levelled(quiet).samples.any()
    assert loudness(silence(0, 24_000)) == SILENT
    assert len(levelled(silence(0, 24_000)).samples) == 0


@pytest.mark.parametrize(
    ("voice", "gain"), [("en-us", 1.0), ("de+f3", 0.02), ("en+m7", 1.9)], ids=["plain", "faint", "overdriven"]
)
async def test_a_narration_reaches_the_target_and_no_peak_passes_the_ceiling(voice: str, gain: float) -> None:
    reader = EspeakReader(children=1)
    piece = await reader.read(["Compost", "wants", "air,", "water", "and", "patience."], voice)
    await reader.aclose()
    samples = np.frombuffer(piece.pcm, "<i2").astype(np.float32) / 32768 * np.float32(gain)
    found = from_wav(to_wav(levelled(Sound(samples, piece.rate))))
    print(f"\n{voice}: {loudness(found):.2f} LUFS, {true_peak(found):.2f} dBTP")
    assert loudness(found) == pytest.approx(TARGET, abs=1)
    assert true_peak(found) <= CEILING
    assert len(found.samples) == len(samples)


def test_a_short_word_is_brought_to_the_target_too() -> None:
    found = levelled(tone(-40, 0.2, 24_000))
    assert loudness(found) == pytest.approx(TARGET, abs=1)


def test_clicks_stay_below_the_ceiling_though_they_miss_the_target() -> None:
    samples = np.zeros(24_000, np.float32)
    samples[::4000] = 0.01
    found = levelled(Sound(samples, 24_000))
    assert true_peak(found) <= CEILING


def test_a_limiter_leaves_alone_what_is_far_from_the_peak() -> None:
    sound = tone(-20, 2, 24_000)
    sound.samples[24_000] = 1.5
    calmed = limited(sound)
    assert true_peak(calmed) <= CEILING
    far = np.abs(np.arange(48_000) - 24_000) > 0.02 * 24_000
    assert np.array_equal(calmed.samples[far], sound.samples[far])


@pytest.mark.parametrize(("there", "back"), [(48_000, 22_050), (22_050, 48_000), (16_000, 24_000)])
def test_sound_keeps_its_length_loudness_and_shape_at_another_rate(there: int, back: int) -> None:
    sound = tone(-12, 1.5, back, 440)
    sound.samples[:] *= np.hanning(len(sound.samples))
    again = resampled(resampled(sound, there), back)
    assert resampled(sound, there).seconds == pytest.approx(sound.seconds, abs=1e-4)
    assert np.abs(again.samples[: len(sound.samples)] - sound.samples).max() < 0.001
