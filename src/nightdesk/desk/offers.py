"""What can be chosen for each kind of work: the providers, what each of them needs, and its known models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Literal

from nightdesk.providers.clips.comfyui.naming import workflows
from nightdesk.providers.entry_points import brought

ModelNeed = Literal["none", "may", "must"]

_NOT_TEXT = ("audio", "image", "realtime", "transcribe", "tts", "embedding", "live", "whisper", "robotics")


@dataclass(frozen=True)
class Model:
    """A model by its name there, with what its tokens cost where that is known."""

    name: str
    price: str


@dataclass(frozen=True)
class Offer:
    """A provider that can be chosen. `missing`: how to install what it needs, where that is not there."""

    provider: str
    name: str
    says: str
    key: bool
    model: ModelNeed
    starts: tuple[str, ...] = ()
    """How the names of its models begin in the price list."""
    package: str = ""
    extra: str = ""
    """Of the package `nightdesk`, where it is not called as the provider is."""
    models: Sequence[Model] = ()
    missing: str = ""


_TEXT = (
    Offer(
        "offline",
        "Offline",
        "Compiles pieces from the site's own documents, on this machine, for nothing. Needs no account.",
        False,
        "none",
    ),
    Offer("openai", "OpenAI", "Models of OpenAI.", True, "must", ("gpt-", "o3", "o4")),
    Offer("anthropic", "Anthropic", "Models of Anthropic.", True, "must", ("claude-",), "anthropic"),
    Offer("google", "Google", "Models of Google.", True, "must", ("gemini-",), "google.genai"),
    Offer("ollama", "Ollama", "Models on this machine, at Ollama's usual address.", False, "must"),
)
_EMBEDDINGS = (
    Offer(
        "lexical", "Lexical", "Compares phrases by their words, on this machine, for nothing.", False, "none"
    ),
    Offer(
        "openai",
        "OpenAI",
        "Compares by meaning, with a model of OpenAI.",
        True,
        "must",
        ("text-embedding-3",),
    ),
    Offer("ollama", "Ollama", "Compares by meaning, with a model on this machine.", False, "must"),
)
_IMAGES = (
    Offer(
        "cards",
        "Cards",
        "Sets titles as cards in the site's colours, on this machine, for nothing.",
        False,
        "none",
    ),
    Offer("openai", "OpenAI", "Pictures by a model of OpenAI.", True, "may", ("gpt-image", "chatgpt-image")),
    Offer("runware", "Runware", "Pictures by any of the models that Runware runs.", True, "may"),
)
_SPEECH = (
    Offer(
        "espeak",
        "eSpeak NG",
        "A plain voice in a hundred languages, on this machine, for nothing.",
        False,
        "may",
    ),
    Offer(
        "piper",
        "Piper",
        "Natural voices, on this machine, for nothing, once `nightdesk voices install` has fetched one.",
        False,
        "may",
        package="onnxruntime",
        extra="voices",
    ),
    Offer(
        "kokoro",
        "Kokoro",
        "The most natural voices that run on this machine, for nothing, once "
        "`nightdesk voices install kokoro` has fetched them.",
        False,
        "may",
        package="onnxruntime",
        extra="voices",
    ),
    Offer("elevenlabs", "ElevenLabs", "Voices of ElevenLabs, which time each word.", True, "may"),
    Offer(
        "openai",
        "OpenAI",
        "Voices of OpenAI, or of a server that speaks as it does.",
        True,
        "may",
        ("tts-", "gpt-4o-mini-tts"),
    ),
    Offer(
        "edge",
        "Microsoft Edge",
        "The read-aloud voices of the browser Edge, for nothing. Unofficial: Microsoft offers them to its "
        "browser alone, and they may stop at any time.",
        False,
        "may",
        package="edge_tts",
        extra="edge",
    ),
)
_CLIPS = (
    Offer(
        "motion",
        "Motion",
        "Moves a camera over each scene's picture, on this machine, for nothing.",
        False,
        "none",
    ),
    Offer(
        "stock",
        "Stock footage",
        "Footage that others filmed and give away, by what a scene shows. The key it needs is free.",
        True,
        "must",
        models=(Model("pexels", "free"), Model("pixabay", "free")),
    ),
    Offer(
        "comfyui",
        "ComfyUI",
        "Films with a workflow file of this machine, on the ComfyUI server that its operator named.",
        False,
        "must",
        models=tuple(Model(name, "") for name in workflows(None)),
    ),
)
_RENDERER = (
    Offer("ffmpeg", "ffmpeg", "Renders on this machine, scene by scene, for nothing.", False, "none"),
    Offer(
        "remotion",
        "Remotion",
        "Has the Remotion project that this desk's operator named draw the video; the model is a composition "
        "of it, Nightdesk where none is named.",
        False,
        "may",
    ),
)
_OFFERS: Mapping[str, Sequence[Offer]] = {
    "text": _TEXT,
    "text_fallback": _TEXT,
    "embeddings": _EMBEDDINGS,
    "images": _IMAGES,
    "speech": _SPEECH,
    "clips": _CLIPS,
    "renderer": _RENDERER,
}
"""ComfyUI is not among the makers of pictures: there its workflow is any file of the machine, and those are
named by the operator alone."""

_PRICED = {"openai": "openai", "anthropic": "anthropic", "google": "google"}
"""The names that genai-prices has for them."""


def offers(kind: str) -> list[Offer]:
    """What may be chosen for the kind, the keyless one first; what other packages bring comes last."""
    found = [_complete(kind, offer) for offer in _OFFERS[kind]]
    theirs = sorted(brought(kind.removesuffix("_fallback")))
    return found + [
        Offer(name, name, "Brought by an installed package.", True, "may")
        for name in theirs
        if name not in {offer.provider for offer in found}
    ]


def keyless(kind: str, provider: str) -> bool:
    """Whether it works on this machine and costs nothing."""
    return any(offer.provider == provider and not offer.key for offer in _OFFERS[kind])


@cache
def _complete(kind: str, offer: Offer) -> Offer:
    missing = ""
    if offer.package and not _installed(offer.package):
        missing = f"pip install 'nightdesk[{offer.extra or offer.provider}]'"
    fits: Callable[[str], bool] = _writes if kind.startswith("text") else lambda _: True
    return replace(offer, models=offer.models or tuple(_models(offer, fits)), missing=missing)


def _installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def _writes(model: str) -> bool:
    return not any(piece in model for piece in _NOT_TEXT)


def _models(offer: Offer, fits: Callable[[str], bool]) -> list[Model]:
    """The provider's models in the price list that ships with genai-prices, the newest names first."""
    from genai_prices.data_snapshot import get_snapshot  # noqa: PLC0415 (0.2 s that most pages need not spend)

    if not offer.starts or offer.provider not in _PRICED:
        return []
    found = next(one for one in get_snapshot().providers if one.id == _PRICED[offer.provider])
    names = [
        one for one in found.models if one.id.startswith(offer.starts) and fits(one.id) and not one.deprecated
    ]
    return [Model(one.id, _price(one.prices)) for one in sorted(names, key=lambda one: one.id, reverse=True)]


def _price(prices: object) -> str:
    """`$0.25 in, $2 out` for a million tokens, where the list has plain prices."""
    into, out = (_plain(getattr(prices, name, None)) for name in ("input_mtok", "output_mtok"))
    if into and out:
        return f"{into} in, {out} out for a million tokens"
    return f"{into} for a million tokens" if into else ""


def _plain(price: object) -> str:
    try:
        return f"${float(str(price)):,g}"
    except ValueError:
        return ""
