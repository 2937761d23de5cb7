"""What a clip takes, told without opening its provider, so that a run's estimate knows it."""

from collections.abc import Mapping

from nightdesk.providers.choice import Choice

_MADE_OF_NOTHING = ("motion", "stock")
_USUAL: Mapping[str, int] = {"comfyui": 2, "ltx": 2}


def clip_credits(choice: Choice) -> int:
    """Credits that one clip by that choice is expected to take, nought to 4.

    One where nothing is known, for what other packages bring. The clip itself says what it took.
    """
    if choice.provider in _MADE_OF_NOTHING:
        return 0
    return min(max(int(choice.options.get("credits", _USUAL.get(choice.provider, 1))), 1), 4)
