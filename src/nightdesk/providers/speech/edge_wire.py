"""The way to Edge's read-aloud service: a WebSocket for each text, a deadline, capped answers."""

import asyncio
import json
import ssl
import uuid
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, SecurityError

from nightdesk.kit.endings import Ending, Later, NeedsPerson, Refused
from nightdesk.kit.http.failures import FetchRefused
from nightdesk.kit.points import reach
from nightdesk.providers.choice import Choice
from nightdesk.providers.http_errors import asked_wait, ending_of_status, told
from nightdesk.providers.speech.edge_entry import INSTALL, Entry, entry
from nightdesk.providers.speech.edge_messages import Heard, NotUnderstood, request, settings
from nightdesk.providers.speech.opening import Surroundings
from nightdesk.providers.wire import checked_address

WHO = "the service of Edge's voices"
LARGEST = 8 << 20
"""Bytes of an answer: twenty minutes at 48 kbit a second."""

_SKEW = 150.0
"""Seconds; the token holds for five minutes."""

_TOO_BIG = 1009


class _Straight(connect):
    """Follows no redirect: the address that was judged is the one that is asked."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


class EdgeWire:
    """Asks the service; remembers by how much this machine's clock is wrong."""

    def __init__(self, choice: Choice, around: Surroundings) -> None:
        self._own = checked_address(choice.base_url) if choice.base_url else None
        self._choice, self._around = choice, around
        self._gate = around.limits.gate(choice)
        self._skew = timedelta()

    async def read(self, text: str, voice: str, language: str, pace: float) -> Heard:
        """What the service makes of a text, whole, once it is our turn. Raises as `Speech.speak`."""
        now = self._around.clock.now() + self._skew
        door = Entry(self._own, {}) if self._own else entry(now)
        at = now.isoformat().replace("+00:00", "Z")
        question = (settings(at), request(uuid.uuid4().hex, at, text, voice, language, pace))
        async with self._gate:
            try:
                async with asyncio.timeout(self._choice.timeout):
                    return await self._heard(door, question)
            except InvalidStatus as refused:
                raise self._refusal(refused) from None
            except FetchRefused as blocked:
                raise NeedsPerson(f"{WHO} was not asked. {blocked.why}") from None
            except TimeoutError:
                raise Later(f"{WHO} did not answer within {self._choice.timeout:g} s.") from None
            except (InvalidHandshake, ConnectionClosed, OSError, EOFError) as broken:
                raise _ending_of(broken) from None

    async def _heard(self, door: Entry, question: tuple[str, str]) -> Heard:
        reach("speech.call.connect")
        url = httpx2.URL(door.address.replace("ws", "http", 1) if door.address[:2] == "ws" else door.address)
        secure = url.scheme == "https"
        where: dict[str, object] = {}
        if self._around.guard:
            judged = self._around.guard.inspect(url)
            port = judged.port or (443 if secure else 80)
            where = {"host": (await self._around.guard.addresses(judged.host, port))[0], "port": port}
        number = url.copy_add_param("ConnectionId", uuid.uuid4().hex)
        spelled = str(number.copy_with(scheme="wss" if secure else "ws"))
        async with _Straight(
            spelled,
            additional_headers={k: v for k, v in door.headers.items() if k != "Sec-WebSocket-Version"},
            proxy=None,
            compression=None,
            max_size=1 << 20,
            close_timeout=0.2,
            **where,  # type: ignore[arg-type]
        ) as connection:
            for message in question:
                await connection.send(message)
            reach("speech.call.sent")
            heard = await _listened(connection)
        reach("speech.call.received")
        return heard

    def _refusal(self, refused: InvalidStatus) -> Ending:
        answer = refused.response
        if answer.status_code == 403:
            return self._forbidden(dict(answer.headers.raw_items()))
        if answer.status_code < 300:
            return Refused(f"bad media: a web page came from {WHO}", kept=_text(answer.body)[:4000])
        try:
            code, said = told(json.loads(answer.body or b""))
        except ValueError:
            code, said = "", _text(answer.body)
        wait = asked_wait(dict(answer.headers.raw_items()), self._around.clock.now())
        return ending_of_status(answer.status_code, WHO, code=code, said=said, wait=wait)

    def _forbidden(self, headers: Mapping[str, str]) -> Ending:
        """A token of another hour is refused, as is one that the service has given up."""
        named = {name.lower(): value for name, value in headers.items()}
        now = self._around.clock.now() + self._skew
        try:
            off = (parsedate_to_datetime(named.get("date", "")) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            off = 0.0
        if abs(off) > _SKEW:
            self._skew += timedelta(seconds=off)
            return Later(
                f"This machine's clock is {abs(off):.0f} s off that of {WHO}: asked again by theirs."
            )
        return NeedsPerson(
            f"{WHO} did not let this machine in (HTTP 403). It is unofficial and changes: say `{INSTALL}`, "
            "or choose another voice."
        )


async def _listened(connection: ClientConnection) -> Heard:
    heard = Heard()
    try:
        async for message in connection:
            heard.take(message)
            if len(heard.mp3) > LARGEST:
                raise Refused(f"bad media: {WHO} answered with more than {LARGEST:,} bytes")
            if heard.ended:
                break
    except NotUnderstood as wrong:
        raise Refused(f"bad media: {WHO} sent {wrong}") from None
    if not heard.ended:
        raise Later(f"The answer of {WHO} was cut short.")
    if not heard.mp3:
        raise Refused(f"bad media: there is no sound in the answer of {WHO}")
    return heard


def _ending_of(broken: Exception) -> Ending:
    cause: BaseException | None = broken
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NeedsPerson(
                f"The certificate of {WHO} is not valid ({cause.verify_message}): correct the base URL, the "
                "certificate or this machine's clock."
            )
        if isinstance(cause, SecurityError):
            return Refused(f"bad media: {WHO} answered with something that is too large")
        cause = cause.__cause__ or cause.__context__
    if isinstance(broken, ConnectionClosed):
        if broken.sent is not None and broken.sent.code == _TOO_BIG:
            return Refused(f"bad media: {WHO} answered with a message that is too large")
        # What it will not read, a voice that it has not among them (RFC 6455 §7.4.1: 1007, 1008).
        if broken.rcvd is not None and broken.rcvd.code in (1007, 1008):
            return Refused(f"{WHO} refused the voice or the text. It said: {broken.rcvd.reason[:300]}")
    return Later(f"{WHO} could not be reached, or its answer broke off. It said: {str(broken)[:200]}")


def _text(body: bytes | bytearray | None) -> str:
    return bytes(body or b"").decode("utf-8", "replace")
