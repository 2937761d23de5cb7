"""Speech providers are found in the registry, or in packages that somebody else installed."""

import sys
from pathlib import Path

import pytest

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.espeak import Espeak
from nightdesk.providers.speech.opening import Surroundings

MODULE = """
class Parrot:
    label, credits = "parrot", 1

def open_parrot(choice, around):
    return Parrot()
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package `parrots` that brings a provider of its own, and one of the name of ours."""
    about = tmp_path / "parrots-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: parrots\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[nightdesk.providers]\nspeech.parrot = parrots:open_parrot\nspeech.espeak = parrots:open_parrot\n"
    )
    (tmp_path / "parrots.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "parrots", raising=False)


@pytest.mark.usefixtures("installed")
def test_a_provider_of_another_package_is_found_by_its_entry_point() -> None:
    assert open_speech(Choice("parrot"), Surroundings()).label == "parrot"


@pytest.mark.usefixtures("installed")
def test_a_name_of_ours_cannot_be_taken_over() -> None:
    assert isinstance(open_speech(Choice("espeak"), Surroundings()), Espeak)


@pytest.mark.usefixtures("installed")
def test_an_unknown_name_is_answered_with_all_there_is() -> None:
    with pytest.raises(NeedsPerson, match="espeak, piper, kokoro, elevenlabs, openai, edge, parrot"):
        open_speech(Choice("crow"), Surroundings())
