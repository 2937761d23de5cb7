"""Image providers are found in the registry, or in packages that somebody else installed."""

import sys
from pathlib import Path

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import open_images, opener, picture_credits
from nightdesk.providers.images.cards import CardMaker
from nightdesk.providers.images.contract import PictureRequest

MODULE = """
from nightdesk.providers.images.contract import Picture

class Crayons:
    label, credits = "crayons", 1
    async def make(self, request, meter):
        return Picture(b"scribble", "image/png", request.width, request.height)

def open_crayons(choice, fetch, clock):
    return Crayons()
"""


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package `crayons` that brings a provider of its own, and one of the name of ours."""
    about = tmp_path / "crayons-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: crayons\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[nightdesk.providers]\nimages.crayons = crayons:open_crayons\nimages.cards = crayons:open_crayons\n"
    )
    (tmp_path / "crayons.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "crayons", raising=False)


@pytest.mark.usefixtures("installed")
async def test_a_provider_of_another_package_is_found_by_its_entry_point() -> None:
    provider = open_images(Choice("crayons"), no_fetch, SystemClock())
    picture = await provider.make(PictureRequest("a bin", "Compost"), ListMeter())
    assert picture.content == b"scribble"


@pytest.mark.usefixtures("installed")
def test_a_name_of_ours_cannot_be_taken_over() -> None:
    assert isinstance(open_images(Choice("cards"), no_fetch, SystemClock()), CardMaker)


@pytest.mark.usefixtures("installed")
def test_an_unknown_name_is_answered_with_all_there_is() -> None:
    with pytest.raises(NeedsPerson, match="cards, openai, runware, comfyui, crayons"):
        opener("chalk")


def test_what_a_picture_takes_is_told_without_a_key() -> None:
    spelled = ("cards", "openai", "openai:gpt-image-1-mini", "runware:runware:100@1", "runware:bfl:2@1")
    assert [picture_credits(Choice.parse(one)) for one in spelled] == [1, 3, 2, 1, 4]
    assert picture_credits(Choice("crayons")) == 1


def test_a_base_url_that_is_none_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="base URL"):
        open_images(Choice("openai", base_url="localhost:8080"), no_fetch, SystemClock())
