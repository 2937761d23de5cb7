"""The text providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Callable, Mapping
from typing import cast

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.choice import Choice
from nightdesk.providers.entry_points import brought
from nightdesk.providers.limits import Limits
from nightdesk.providers.text.contract import TextProvider
from nightdesk.providers.text.fallback import FallbackText
from nightdesk.providers.text.limited import LimitedText

Opener = Callable[[Choice, Clock, Guard | None], TextProvider]


def _offline(choice: Choice, clock: Clock, _guard: Guard | None) -> TextProvider:
    from nightdesk.providers.text import offline  # noqa: PLC0415

    return offline.open(choice, clock)


def _model(choice: Choice, clock: Clock, guard: Guard | None) -> TextProvider:
    # Brings pydantic-ai, 0.6 s of CPU that a desk without models need not spend.
    from nightdesk.providers.text import models  # noqa: PLC0415

    return models.open(choice, clock, guard)


PROVIDERS: Mapping[str, Opener] = {
    "offline": _offline,
    "openai": _model,
    "anthropic": _model,
    "google": _model,
    "ollama": _model,
}


def open_text(
    choice: Choice,
    limits: Limits,
    *,
    clock: Clock | None = None,
    guard: Guard | None = None,
    second: Choice | None = None,
) -> TextProvider:
    """The provider that `choice` names, behind the gate of its account, with `second` to fall back to.

    `guard` judges the addresses that calls go to; it allows the servers that the operator named.
    Keep what is opened for as long as the choice stands. Raises `NeedsPerson`, saying what to do, where the
    name is unknown or a model's name, a key or a package is missing.
    """
    clock = clock or SystemClock()
    first = _open(choice, limits, clock, guard)
    if second is None:
        return first
    # The contract's attributes are read only by those who use it, and here they change with each answer.
    return cast(TextProvider, FallbackText(first, _open(second, limits, clock, guard)))


def _open(choice: Choice, limits: Limits, clock: Clock, guard: Guard | None) -> TextProvider:
    opener = PROVIDERS.get(choice.provider)
    if opener is not None:
        opened = opener(choice, clock, guard)
        return opened if choice.provider == "offline" else LimitedText(opened, limits.gate(choice))
    theirs = brought("text")
    if choice.provider in theirs:
        provider: TextProvider = theirs[choice.provider].load()(choice)
        return LimitedText(provider, limits.gate(choice))
    known = ", ".join([*PROVIDERS, *sorted(theirs)])
    raise NeedsPerson(f"There is no text provider `{choice.provider}`. Known are: {known}.")
