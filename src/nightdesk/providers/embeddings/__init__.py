"""The embedding providers by name, the keyless one first; each is imported when it is chosen."""

from collections.abc import Callable, Mapping

from nightdesk.kit.clock import Clock, SystemClock
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.choice import Choice
from nightdesk.providers.embeddings.contract import EmbeddingProvider
from nightdesk.providers.entry_points import brought
from nightdesk.providers.limits import Gate, Limits

Opener = Callable[[Choice, Gate, Clock, Guard | None], EmbeddingProvider]


# Each brings numpy and more, which a process that embeds nothing need not import.
def _lexical(_choice: Choice, _gate: Gate, clock: Clock, _guard: Guard | None) -> EmbeddingProvider:
    from nightdesk.providers.embeddings.lexical import LexicalEmbeddings  # noqa: PLC0415

    return LexicalEmbeddings(clock)


def _openai(choice: Choice, gate: Gate, clock: Clock, guard: Guard | None) -> EmbeddingProvider:
    from nightdesk.providers.embeddings import openai  # noqa: PLC0415

    return openai.open(choice, gate, clock, guard)


PROVIDERS: Mapping[str, Opener] = {
    "lexical": _lexical,
    "openai": _openai,
    "ollama": _openai,
}


def open_embeddings(
    choice: Choice, limits: Limits, *, clock: Clock | None = None, guard: Guard | None = None
) -> EmbeddingProvider:
    """The provider that `choice` names; its calls pass the gate of its account.

    `guard` judges the addresses that calls go to; it allows the servers that the operator named.
    Keep what is opened for as long as the choice stands. Raises `NeedsPerson`, saying what to do, where the
    name is unknown or a model's name or a key is missing.
    """
    gate = limits.gate(choice)
    opener = PROVIDERS.get(choice.provider)
    if opener is not None:
        return opener(choice, gate, clock or SystemClock(), guard)
    theirs = brought("embeddings")
    if choice.provider in theirs:
        provider: EmbeddingProvider = theirs[choice.provider].load()(choice)
        return provider
    known = ", ".join([*PROVIDERS, *sorted(theirs)])
    raise NeedsPerson(f"There is no embedding provider `{choice.provider}`. Known are: {known}.")
