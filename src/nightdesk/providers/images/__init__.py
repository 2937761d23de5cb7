"""Image providers: the registry is the list below."""

from collections.abc import Callable, Mapping

from nightdesk.kit.clock import Clock
from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import opener_of
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


def opener(name: str) -> Opener:
    """The opener of that name, ours or that of an installed package's entry point `images.NAME`.

    Raises `NeedsPerson`, naming what there is, for any other name.
    """
    found: Opener = opener_of("images", name, PROVIDERS, "image provider")
    return found


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
