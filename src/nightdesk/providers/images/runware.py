"""Image provider `runware`: Runware's task API over HTTP (https://runware.ai/docs, "imageInference").

A request is a JSON array of tasks; an answer holds `data`, `errors` or both, matched by `taskUUID`.
"""

import asyncio
from decimal import Decimal
from uuid import uuid4

from pydantic import BaseModel

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images.contract import Picture, PictureRequest
from nightdesk.providers.images.decoding import decoded
from nightdesk.providers.images.opening import Fetch
from nightdesk.providers.images.pictures_in import from_address, from_base64
from nightdesk.providers.images.prices import credits_for
from nightdesk.providers.services.complaints import kept
from nightdesk.providers.services.wire import Answer, Wire

HOME = "https://api.runware.ai/v1"
DEFAULT_MODEL = "runware:101@1"

_STEP, _LEAST, _MOST = 64, 128, 2048
_PROMPT_LENGTHS = (2, 3000)
_PASSED_ON = (
    "steps",
    "CFGScale",
    "scheduler",
    "negativePrompt",
    "acceleration",
    "lora",
    "safety",
    "providerSettings",
)


class _Done(BaseModel):
    taskUUID: str  # noqa: N815
    imageBase64Data: str | None = None  # noqa: N815
    imageDataURI: str | None = None  # noqa: N815
    imageURL: str | None = None  # noqa: N815
    NSFWContent: bool = False
    cost: Decimal | None = None


class _Tasks(BaseModel):
    data: list[_Done] = []
    errors: list[dict[str, object]] = []


class Runware:
    """Paints through Runware. Options: `credits`, and what a task may hold (`steps`, `CFGScale`, ...)."""

    def __init__(self, choice: Choice, fetch: Fetch, clock: Clock) -> None:
        self.model = choice.model or DEFAULT_MODEL
        self.label = f"{choice.provider}:{self.model}"
        self.credits = credits(choice)
        self._options, self._fetch = choice.options, fetch
        self._wire = Wire("runware", "Runware", choice, HOME, clock)

    async def make(self, request: PictureRequest, meter: Meter) -> Picture:
        """The painted prompt, cropped and scaled to the size asked for, marked as synthetic."""
        with self._wire.call(meter, self.model) as receipt:
            async with self._wire.turn(receipt):
                task = self._task(request)
                answer = await self._wire.asked("POST", self._wire.base_url, [task])
                done = self._done(answer, str(task["taskUUID"]))
                receipt.usd = done.cost
                if done.NSFWContent:
                    raise Refused("Runware flagged the picture as unsafe: change the prompt")
                content = await self._content(done, answer)
            return await asyncio.to_thread(decoded, content, (request.width, request.height), True)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()

    def _task(self, request: PictureRequest) -> dict[str, object]:
        shortest, longest = _PROMPT_LENGTHS
        return {
            **{name: self._options[name] for name in _PASSED_ON if name in self._options},
            "taskType": "imageInference",
            "taskUUID": str(uuid4()),
            "model": self.model,
            "positivePrompt": request.prompt[:longest].ljust(shortest),
            "width": _stepped(request.width),
            "height": _stepped(request.height),
            "seed": max(request.seed, 1),
            "numberResults": 1,
            "outputType": "base64Data",
            "outputFormat": "JPG",
            "includeCost": True,
        }

    def _done(self, answer: Answer, task: str) -> _Done:
        tasks = answer.read_as(_Tasks, self._wire.who)
        if tasks.errors:
            raise self._wire.complained(answer)
        for done in tasks.data:
            if done.taskUUID == task:
                return done
        raise Refused("bad media: the answer is for another task", kept(answer.body))

    async def _content(self, done: _Done, answer: Answer) -> bytes:
        if done.imageBase64Data:
            return from_base64(done.imageBase64Data)
        address = done.imageDataURI or done.imageURL
        if address:
            return await from_address(address, self._wire, self._fetch)
        raise Refused("bad media: there is no picture in the answer", kept(answer.body))


def _stepped(side: int) -> int:
    """The next side that Runware takes: a multiple of 64 from 128 to 2048."""
    return min(max(-(-side // _STEP) * _STEP, _LEAST), _MOST)


def credits(choice: Choice) -> int:
    """Credits for one picture."""
    return credits_for(choice.model or DEFAULT_MODEL, 2, choice.options)


def open_runware(choice: Choice, fetch: Fetch, clock: Clock) -> Runware:
    """Runware needs a key; a stand-in for it, set by its base URL, may do without."""
    if choice.api_key is None and choice.base_url is None:
        raise NeedsPerson("Runware needs a key: set NIGHTDESK_IMAGES_API_KEY or use cards")
    return Runware(choice, fetch, clock)
