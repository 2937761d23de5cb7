"""One visit of a page: who asks, of which desk, and the ways in which a page answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from nightdesk.desk import Desk
from nightdesk.desk.people import Caller, Role, allows
from nightdesk.faces.web import navigation, times
from nightdesk.faces.web.rendering import Templates


@dataclass(frozen=True)
class Undo:
    """How what a toast tells of is taken back: a POST to `path`."""

    path: str
    label: str = "Undo"


@dataclass(frozen=True)
class Visit:
    """What an endpoint is given instead of a bare request."""

    request: Request
    desk: Desk
    templates: Templates
    guest: Caller | None
    """Who asks, on pages that are open to anybody; elsewhere use `caller`."""
    after: int
    """The last event that everything read from now on has in it; the live stream goes on from there."""

    @classmethod
    def of(cls, request: Request) -> "Visit":
        state = request.app.state
        desk: Desk = state.desk
        return cls(request, desk, state.templates, request.state.caller, desk.live.upto)

    @property
    def caller(self) -> Caller:
        assert self.guest is not None, "the route is open to anybody: use `guest`"
        return self.guest

    @property
    def workspace(self) -> int:
        return self.caller.workspace_id

    @property
    def path(self) -> Mapping[str, Any]:
        """The parts of the address that the route names."""
        return self.request.path_params

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def address(self) -> str:
        """From where the request came, for the list of sessions and the count of guesses."""
        return self.request.client.host if self.request.client else ""

    @property
    def agent(self) -> str:
        return self.request.headers.get("user-agent", "")[:300]

    @property
    def by_htmx(self) -> bool:
        return self.request.headers.get("hx-request") == "true"

    @property
    def block(self) -> str | None:
        """The id of the element that asks for itself again, which is the name of its block."""
        target = self.request.headers.get("hx-target", "") if self.by_htmx else ""
        return target.rpartition("#")[2] or None

    def may(self, role: Role) -> bool:
        """Whether the one who asks has at least that role."""
        return self.guest is not None and allows(self.guest.role, role)

    async def form(self) -> FormData:
        return await self.request.form(max_files=20, max_fields=5000)

    async def answer(
        self,
        template: str,
        context: Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        block: str | None = None,
    ) -> Response:
        """The page; for htmx the block named like the element that asks, or the `block` given, alone."""
        facts = self._facts() | dict(context or {})
        wanted = block or self.block
        if self.by_htmx and wanted and self.templates.has(template, wanted):
            return HTMLResponse(self.templates.block(template, wanted, facts), status)
        if self.guest is not None:
            places = self.request.app.state.places
            facts["shell"] = await navigation.shell(
                self.desk, self.guest, self.request.url.path, places, self.after
            )
        return HTMLResponse(self.templates.page(template, facts), status)

    def part(self, template: str, block: str, context: Mapping[str, Any] | None = None) -> str:
        """One block as text, to be put together with others or with a toast."""
        return self.templates.block(template, block, self._facts() | dict(context or {}))

    def toast(self, says: str, *, kind: str = "success", undo: Undo | None = None) -> str:
        """A toast as text: goes to the corner of the page, wherever else in an answer it stands."""
        return self.templates.block(
            "toast.html", "toast", {"says": says, "kind": kind, "undo": undo, "field": "", "lead": None}
        )

    def fragments(self, *parts: str, status: int = 200) -> Response:
        """An answer to htmx made of blocks and toasts."""
        return HTMLResponse("\n".join(parts), status)

    def go(self, path: str) -> Response:
        """Sends the browser on to a page of ours, after a form or from htmx."""
        if self.by_htmx:
            return Response(status_code=204, headers={"HX-Redirect": path})
        return RedirectResponse(path, 303)

    def _facts(self) -> dict[str, Any]:
        zone = times.zone_of(self.guest.timezone if self.guest else "UTC")
        return {
            "caller": self.guest,
            "may_edit": self.may("editor"),
            "may_own": self.may("owner"),
            "zone": zone,
            "path": self.request.url.path,
            "request_id": self.request.state.request_id,
        }


def local(path: str) -> str:
    """The path if it is one of ours, else the first page: signing in leads nowhere else."""
    fine = (
        path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isprintable()
        and "\\" not in path
    )
    return path if fine and len(path) <= 1000 else "/"
