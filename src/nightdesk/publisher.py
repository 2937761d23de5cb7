"""The contract between the engine and the publishers: how a piece goes out to an account, once.

The engine owns states, retries, leases and evidence; a publisher knows one platform. For each publication the
engine calls `prepare`, which may be repeated and shows nobody anything, then writes down that it commits, and
calls `commit`, which makes the piece public. What a failure means follows from the step it struck:

- `prepare` may end with `Later` at any time: nothing is public yet, so it is simply done again.
- `commit` raises `Later` only where the platform certainly has not taken the piece (never connected, or 429),
  `Refused` where its answer proves that it did not and will not, `NeedsPerson` where it asks for a new log-in
  before it takes anything, and `Unclear` for everything else. Whatever it raises besides is as `Unclear`.
- After `Unclear` the engine asks `look_up`, and believes it only where it says that the piece is live, or
  where the platform's token can be used once only (`repeats = "token"`); else a person decides.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from nightdesk.kit.endings import Ending, NeedsPerson

Platform = str
"""A platform by its name in the registry of publishers, which alone says what platforms there are."""

Repeats = Literal["repeatable", "token", "blind"]
"""What calling `commit` twice does: nothing further; nothing further with the same token; a second post."""

Role = Literal["video", "cover", "captions", "picture", "featured"]

Token = Mapping[str, Any]
"""What a platform gave for one use (a session's address, a container, a draft's number): fit for JSON."""


Reading = Callable[[int, int | None], AsyncIterator[bytes]]
"""Parts of a file from one byte to before another, or its end. Raises `Later`, `Refused`, `NeedsPerson`."""


class Unclear(Ending):
    """The platform may have taken the piece or not; it must not be sent again unseen.

    `phase` is how far it came: `sent` where the request went out whole or in part, `answered` where an answer
    came that does not say.
    """

    def __init__(self, why: str, phase: Literal["sent", "answered"] = "sent") -> None:
        super().__init__(why)
        self.phase = phase


@dataclass(frozen=True)
class Medium:
    """A file of a piece: what it is for, its kind, how its bytes are read, words for who cannot see it.

    `name` is made by us (`cover.jpg`); `asset` is its SHA-256, by which the text of an article names it.
    """

    role: Role
    name: str
    mime: str
    asset: str
    size: int
    read: Reading
    alt: str = ""
    seconds: float | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Piece:
    """What goes out: an article (`html`) or a video, as it was approved.

    `key` is ours and the same at every try: it marks the piece on a platform that can carry a mark. In `html`
    a picture's address is `asset:SHA-256`. `synthetic` is whether machines made it, `label` what it has to
    say of that where people see it. `options` are the account's for its site, and the publication's own
    (`privacy`, `category`, `made_for_kids`, `first_comment` …).
    """

    kind: Literal["article", "video"]
    key: str
    title: str
    text: str
    """Without marks: of an article its summary, of a video its description."""
    html: str = ""
    slug: str = ""
    tags: tuple[str, ...] = ()
    language: str = "en"
    media: tuple[Medium, ...] = ()
    synthetic: bool = True
    label: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def of_role(self, role: Role) -> Medium | None:
        """The first of its media in that role."""
        return next((medium for medium in self.media if medium.role == role), None)


@dataclass(frozen=True)
class Live:
    """It is public: the platform's number for it, and where people find it."""

    remote_id: str
    url: str = ""


@dataclass(frozen=True)
class Coming:
    """The platform has it and works on it: it is looked up again after so many seconds."""

    seconds: float = 15.0
    says: str = ""


@dataclass(frozen=True)
class Absent:
    """The platform shows nothing of it. With a token for one use that proves that it is not out."""

    says: str = ""


@dataclass(frozen=True)
class Unknown:
    """The platform could not be asked, or its answer does not settle it."""

    says: str = ""


Found = Live | Coming | Absent | Unknown


@dataclass(frozen=True)
class Standing:
    """What an account's look said: its name there, until when its log-in holds, what it may do today.

    `left_today` is how many pieces the platform takes today, where it tells; `warnings` are for people.
    """

    name: str
    expires_at: datetime | None = None
    left_today: int | None = None
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Renewed:
    """New secrets that a platform gave for old ones; the old ones may be void from then on."""

    secrets: Mapping[str, str]
    expires_at: datetime | None = None


class Unrenewed(NeedsPerson):
    """The platform declines to renew the log-in by the secrets that it was shown."""


Asking = Callable[[Mapping[str, str]], Awaitable[Renewed]]
"""Asks the platform for new secrets, by those that are kept. Raises `Unrenewed`, `NeedsPerson`, `Later`."""

Renewing = Callable[[Mapping[str, str], Asking], Awaitable[Mapping[str, str]]]
"""Gives secrets that are newer than those given, which did not do: see `Login`."""


@dataclass(frozen=True)
class Login:
    """An account of a workspace as a publisher sees it. `secrets` are plain here, and never logged.

    `renew` is called with the secrets that were used, and with what asks the platform. One caller at a time
    asks, of all processes; where another has renewed meanwhile, its secrets come back and nobody is asked.
    What is new is kept before it comes back. Raises `NeedsPerson` where the platform has declined twice to
    renew the same secrets, `Later` the first time.
    """

    workspace_id: int
    name: str
    config: Mapping[str, Any]
    secrets: Mapping[str, str]
    renew: Renewing


class Record(Protocol):
    """Where a publisher writes down what it does, each line in a transaction of its own."""

    async def step(self, what: str, says: str, **data: Any) -> None:
        """One request, answer or decision; no secrets. `what` is one word (`request`, `answer`)."""

    async def token(self, token: Token) -> None:
        """Keeps what the platform gave for one use, before it is used. Raises where the piece is not ours any
        more: then nothing further may be sent."""


class Publisher(Protocol):
    """One platform's adapter, opened for one account."""

    @property
    def platform(self) -> Platform:
        """Which one."""

    @property
    def repeats(self) -> Repeats:
        """What a second `commit` would do."""

    def faults(self, piece: Piece) -> list[str]:
        """What the platform would not take of it, in words for people; looked at before the first byte."""

    async def look(self) -> Standing:
        """Asks who we are there. Raises `NeedsPerson` where the log-in does not hold, `Later`."""

    async def prepare(self, piece: Piece, token: Token | None, record: Record) -> Token | None:
        """Brings all there that can be brought without anybody seeing it, and gives what `commit` needs.

        `token` is what an earlier try kept. Raises `Later`, `NeedsPerson`, `Refused`.
        """

    async def commit(self, piece: Piece, token: Token | None, record: Record) -> Live | Coming:
        """Makes it public. Raises `Unclear`, `Later` (certainly not taken), `Refused`, `NeedsPerson`."""

    async def look_up(self, piece: Piece, token: Token | None, record: Record) -> Found:
        """Whether it is there. Raises nothing: what went wrong is `Unknown`."""

    async def aclose(self) -> None:
        """Lets go of its connections."""


Opened = Callable[[Login], Publisher]
"""Opens a publisher for an account. Raises `NeedsPerson` where a setting of it is missing or wrong."""
