"""Image provider `openai`: OpenAI's Images API and every server that speaks it.

Parameters by model family as documented for `POST /images/generations` (openai-python 3.52): GPT image
models always answer in base64 and take `output_format`; others want `response_format`.
"""

import asyncio

from pydantic import BaseModel

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.images.decoding import decoded
from nightdesk.providers.images.opening import Fetch
from nightdesk.providers.images.pictures_in import from_address, from_base64
from nightdesk.providers.images.prices import Tokens, credits_for, dollars
from nightdesk.providers.services.complaints import kept
from nightdesk.providers.services.wire import Answer, Wire

HOME = "https://api.openai.com/v1"
DEFAULT_MODEL = "gpt-image-2.5-flare"

_GPT = ("gpt-image", "chatgpt-image")
_FREE_SIZES = ("gpt-image-2",)
_GPT_SIZES = ((1024, 1024), (1536, 1024), (1024, 1536))
_DALLE_SIZES = {
    "dall-e-3": ((1024, 1024), (1792, 1024), (1024, 1792)),
    "dall-e-2": ((1024, 1024),),
}
_LONGEST_PROMPT = {"dall-e-2": 1000, "dall-e-3": 4000}


class _Image(BaseModel):
    b64_json: str | None = None
    url: str | None = None


class _Images(BaseModel):
    data: list[_Image]
    usage: Tokens | None = None


class OpenAIImages:
    """Paints by an OpenAI-compatible server. Options: `quality`, `moderation`, `style`, `size`, `credits`."""

    def __init__(self, choice: Choice, fetch: Fetch, clock: Clock) -> None:
        self.model = choice.model or DEFAULT_MODEL
        self.label = f"{choice.provider}:{self.model}"
        self.credits = credits(choice)
        self._options, self._fetch = choice.options, fetch
        self._wire = Wire("openai", "the OpenAI-compatible image service", choice, HOME, clock)

    async def make(self, request: PictureRequest, meter: Meter) -> Picture:
        """The painted prompt, cropped and scaled to the size asked for, marked as synthetic."""
        with self._wire.call(meter, self.model) as receipt:
            async with self._wire.turn(receipt):
                answer = await self._wire.asked("POST", "/images/generations", self._body(request))
                images = answer.read_as(_Images, self._wire.who)
                if images.usage is not None:
                    receipt.input_tokens = images.usage.input_tokens
                    receipt.output_tokens = images.usage.output_tokens
                receipt.usd = dollars(images.usage, self.model, self._wire.base_url)
                content = await self._content(images, answer)
            return await asyncio.to_thread(decoded, content, (request.width, request.height), True)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()

    async def _content(self, images: _Images, answer: Answer) -> bytes:
        for image in images.data:
            if image.b64_json:
                return from_base64(image.b64_json)
            if image.url:
                return await from_address(image.url, self._wire, self._fetch)
        raise Refused("bad media: there is no picture in the answer", kept(answer.body))

    def _body(self, request: PictureRequest) -> dict[str, object]:
        prompt = request.prompt[: _LONGEST_PROMPT.get(self.model, 32000)]
        size = str(self._options.get("size") or sized(self.model, request.width, request.height))
        body: dict[str, object] = {"model": self.model, "prompt": prompt, "n": 1, "size": size}
        if self.model.startswith(_GPT):
            body["output_format"] = "jpeg"
        else:
            body["response_format"] = "b64_json"
        body.update(
            {
                name: self._options[name]
                for name in ("quality", "moderation", "style")
                if name in self._options
            }
        )
        return body


def sized(model: str, width: int, height: int) -> str:
    """The size to ask `model` for: the one wanted where it is free, else the offered one nearest in shape."""
    if model.startswith(_FREE_SIZES):
        return f"{-(-width // 16) * 16}x{-(-height // 16) * 16}"
    offered = _GPT_SIZES if model.startswith(_GPT) else _DALLE_SIZES.get(model, ((width, height),))
    best = min(offered, key=lambda size: abs(size[0] / size[1] - width / height))
    return f"{best[0]}x{best[1]}"


def credits(choice: Choice) -> int:
    """Credits for one picture."""
    return credits_for(choice.model or DEFAULT_MODEL, 2, choice.options)


def open_openai(choice: Choice, fetch: Fetch, clock: Clock) -> OpenAIImages:
    """OpenAI itself needs a key; a server of one's own, set by its base URL, may do without."""
    if choice.api_key is None and choice.base_url is None:
        raise NeedsPerson("OpenAI's image service needs a key: set NIGHTDESK_IMAGES_API_KEY or use cards")
    return OpenAIImages(choice, fetch, clock)
