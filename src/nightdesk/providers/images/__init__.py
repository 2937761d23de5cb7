"""Image providers: the registry is the list below."""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import comfyui, openai, runware
from nightdesk.providers.images.cards import open_cards
from nightdesk.providers.images.comfyui import open_comfyui
from nightdesk.providers.images.contract import ImageProvider
from nightdesk.providers.images.openai import open_openai
from nightdesk.providers.images.opening import Fetch, Opener
from nightdesk.providers.images.runware import open_runware

PROVIDERS: Mapping[str, Opener] = {
    "cards": open_cards,
    "openai": open_openai,
    "runware": open_runware,
    "comfyui": open_comfyui,
}

_CREDITS: Mapping[str, Callable[[Choice], int]] = {
    "openai": openai.credits,
    "runware": runware.credits,
    "comfyui": comfyui.credits,
}

ENTRY_POINTS = "nightdesk.providers"


def opener(name: str) -> Opener:
    """The opener of that name, ours or that of an installed package's entry point `images.NAME`.

    Raises `NeedsPerson`, naming what there is, for any other name.
    """
    if name in PROVIDERS:
        return PROVIDERS[name]
    for found in entry_points(group=ENTRY_POINTS, name=f"images.{name}"):
        loaded: Opener = found.load()
        return loaded
    others = [point.name.removeprefix("images.") for point in entry_points(group=ENTRY_POINTS)]
    names = ", ".join([*PROVIDERS, *(other for other in others if other not in PROVIDERS)])
    raise NeedsPerson(f"there is no image provider {name!r}: set NIGHTDESK_IMAGES to one of {names}")


def open_images(choice: Choice, fetch: Fetch, clock: Clock) -> ImageProvider:
    """The chosen provider. Raises `NeedsPerson` where it is unknown or a setting of it is missing."""
    return opener(choice.provider)(choice, fetch, clock)


def picture_credits(choice: Choice) -> int:
    """What one picture by that choice is expected to take, told without opening it.

    One, the least, where nothing is known: `cards`, and what other packages bring. The provider itself says
    what it took.
    """
    told = _CREDITS.get(choice.provider)
    return told(choice) if told else 1
