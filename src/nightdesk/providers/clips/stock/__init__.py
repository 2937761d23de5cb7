"""Clip provider `stock`: footage that others filmed, from Pexels or Pixabay, credited in the clip's note."""

from dataclasses import replace

from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchLater, FetchRefused
from nightdesk.providers.calls import Meter
from nightdesk.providers.choice import Choice
from nightdesk.providers.clips.contract import Clip, ClipRequest
from nightdesk.providers.clips.footage import looked_at
from nightdesk.providers.clips.opening import ClipSurroundings
from nightdesk.providers.clips.stock.allowance import Allowance
from nightdesk.providers.clips.stock.choosing import choices_of
from nightdesk.providers.clips.stock.library import File, Found, Library, credit
from nightdesk.providers.clips.stock.pexels import Pexels
from nightdesk.providers.clips.stock.pixabay import Pixabay
from nightdesk.providers.clips.stock.words import searches
from nightdesk.providers.services.complaints import LONGEST_WAIT, waited
from nightdesk.providers.services.wire import Answer, Wire

LIBRARIES: dict[str, Library] = {library.name: library for library in (Pexels(), Pixabay())}
LARGEST_PAGE = 4_000_000

KEPT_SECONDS = 24 * 3600.0
"""Pixabay asks that searches be kept for a day."""

_KEPT = 64


class Stock:
    """Finds footage in one library by a scene's prompt."""

    credits = 0
    scarce: str | None = None

    def __init__(self, choice: Choice, library: Library, around: ClipSurroundings) -> None:
        self.label = f"{choice.provider}:{library.name}"
        self._library, self._around = library, around
        self._clock: Clock = around.clock
        key = choice.api_key.get_secret_value() if choice.api_key else ""
        self._key = {library.key_field: key} if library.key_field else {}
        self._wire = Wire(
            "stock",
            library.who,
            choice,
            library.home,
            around.clock,
            kind="clip",
            headers={library.key_header: key} if library.key_header else {},
            largest=LARGEST_PAGE,
            guard=around.guard,
            gate=around.limits.gate(choice),
        )
        self._allowance = Allowance(library.who, around.clock)
        self._searched: dict[tuple[str, ...], tuple[float, list[Found]]] = {}

    async def make(self, request: ClipRequest, meter: Meter) -> Clip:
        """A clip that the video does not have yet, nor one of the last, unless there is no other.

        Raises `Refused` where the library has nothing for the prompt or the file is bad media.
        """
        with self._wire.call(meter, self._library.name) as receipt:
            async with self._wire.turn(receipt):
                found, file = await self._chosen(request)
                content = await self._fetched(file)
            await looked_at(content, self._around.ffmpeg)
            receipt.note = found.source
        return Clip(content, "still", credit(found, self._library), found.source, self.label)

    async def free(self) -> None:
        """Holds no models."""

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._wire.aclose()

    async def _chosen(self, request: ClipRequest) -> tuple[Found, File]:
        tried = searches(request.prompt)
        for fresh, words in ((fresh, words) for fresh in (True, False) for words in tried):
            for found, file in choices_of(await self._search(words, request), request, fresh=fresh):
                if await request.take(found.source, fresh=fresh):
                    return found, file
        said = tried[0] if tried else request.prompt[:80]
        raise Refused(
            f"nothing found: {self._library.who} has no fitting clip for {said!r}; change the prompt"
        )

    async def _search(self, words: str, request: ClipRequest) -> list[Found]:
        query = self._library.query(words, request)
        known = tuple(sorted(query.values()))
        now = self._clock.monotonic()
        if known in self._searched and now - self._searched[known][0] < KEPT_SECONDS:
            return self._searched[known][1]
        self._allowance.check()
        answer = await self._wire.send("GET", self._library.path, query={**query, **self._key})
        reset = self._allowance.note(answer.headers)
        if not 200 <= answer.status < 300:
            raise self._complained(answer, reset)
        found = self._library.found(answer)
        while len(self._searched) >= _KEPT:
            del self._searched[next(iter(self._searched))]
        self._searched[known] = (now, found)
        return found

    def _complained(self, answer: Answer, reset: float | None) -> Exception:
        if answer.status == 400 and b"API key" in answer.body:
            return NeedsPerson(f"{self._library.who} did not accept the key: {_where(self._library)}")
        ending = self._wire.complained(answer)
        if answer.status == 429 and isinstance(ending, Later) and ending.seconds is None:
            seconds = None if reset is None else waited({"retry-after": f"{reset:.0f}"}, self._clock.now())
            return Later(ending.why, seconds)
        return ending

    async def _fetched(self, file: File) -> bytes:
        """The file, past the guard: its address is the library's word."""
        try:
            return await self._around.fetch(file.url)
        except FetchLater as late:
            raise Later(late.why, None if late.seconds is None else min(late.seconds, LONGEST_WAIT)) from late
        except FetchRefused as refused:
            if refused.code == "too_large":
                raise Refused(f"bad media: {refused.why}") from refused
            if refused.code.startswith("http_"):
                self._searched.clear()
                raise Later(f"the clip's address had lapsed: {refused.why}") from refused
            raise


def _where(library: Library) -> str:
    return f"get a free one at {library.sign_up} and set NIGHTDESK_CLIPS_API_KEY or enter it in the settings"


def open_stock(choice: Choice, around: ClipSurroundings) -> Stock:
    """Spelled `stock:pexels` or `stock:pixabay`; both need a key, which is free."""
    library = LIBRARIES.get(choice.model.lower() or "pexels")
    if library is None:
        raise NeedsPerson(f"There is no stock library `{choice.model}`. Known are: {', '.join(LIBRARIES)}.")
    if choice.api_key is None and choice.base_url is None:
        raise NeedsPerson(f"{library.who} needs a key: {_where(library)}.")
    return Stock(replace(choice, concurrency=min(choice.concurrency, 4)), library, around)
