"""Where programs call a hook: judged by its signature alone, before anything else here reads the request."""

from dataclasses import asdict, dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from nightdesk.desk.errors import DeskError
from nightdesk.desk.webhooks import LARGEST_BODY, Hooks, NotBelieved
from nightdesk.faces.api.intake import CLOSE, Overflow, read
from nightdesk.faces.api.limits import address_of, held_back
from nightdesk.faces.api.problems import Problem, of_desk, problem
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.pace import Pace
from nightdesk.kit.signatures import Given

PREFIX = "/api/v1/hooks/"


@dataclass(frozen=True)
class CalledHooks:
    """Pure ASGI, outside the identity: a call shows no key, but a signature over its body."""

    app: ASGIApp
    hooks: Hooks
    pace: Pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        answer = await self._answer(scope, receive)
        if answer is not None:
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Problem | JSONResponse | None:
        if scope["method"] != "POST":
            return problem(405, "A hook is called by POST.", headers={"Allow": "POST"})
        if too_many := held_back(self.pace, scope, f"hook {address_of(scope)}"):
            return too_many
        try:
            body = await read(receive, LARGEST_BODY)
        except Overflow:
            return problem(413, f"A hook takes at most {LARGEST_BODY >> 10} KiB.", headers=CLOSE)
        if body is None:
            return None
        token = scope["path"][len(PREFIX) :]
        try:
            done = await self.hooks.call(token, given(Headers(scope=scope), body))
        except NotBelieved as error:
            return problem(401, str(error), code="not_believed")
        except DeskError as error:
            return of_desk(error)
        except (Later, NeedsPerson) as ending:
            return problem(503, ending.why, code="unavailable", headers={"Retry-After": "5"})
        return JSONResponse(asdict(done))


def given(headers: Headers, body: bytes) -> Given:
    """What of a request is signed, or says how it is."""
    return Given(
        headers.getlist("nightdesk-timestamp"),
        headers.getlist("nightdesk-signature"),
        headers.getlist("content-type"),
        body,
    )
