"""Decides on a video at the gate, and steers it on its way: cancelled, tried again, deleted."""

from starlette.responses import Response

from nightdesk.desk.errors import Invalid
from nightdesk.desk.videos import Decision
from nightdesk.faces.web.piece_decide import DECISIONS, revision_of
from nightdesk.faces.web.review_asked import number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.video_answers import done, read_at, said, sheet
from nightdesk.faces.web.visit import Undo, Visit


async def decide(visit: Visit) -> Response:
    """Refused where the video is at another revision than the one that was read."""
    form, number = await visit.form(), number_of(visit)
    decision: Decision | None = DECISIONS.get(said(form, "decision"))
    if decision is None:
        raise Invalid("decision", "Choose what is to be done with the video.")
    await visit.desk.videos.decisions.decide(
        visit.workspace,
        number,
        decision,
        note=said(form, "note"),
        revision=read_at(form),
        by=visit.caller,
    )
    return visit.go(f"/videos/{number}?decided={decision}")


async def note_form(visit: Visit) -> Response:
    """The dialog in which is said why a video is sent back or rejected, at the revision that was read."""
    shown = await visit.desk.videos.shelf.show(visit.workspace, number_of(visit))
    asked = {
        "video": shown.video,
        "base": f"/videos/{shown.video.id}",
        "decision": "reject" if visit.query.get("decision") == "reject" else "send_back",
        "revision": revision_of(visit.query.get("revision", "")) or shown.video.revision,
    }
    return sheet(visit, "note", asked)


async def reopen(visit: Visit) -> Response:
    """Takes the last decision back."""
    number = number_of(visit)
    await visit.desk.videos.decisions.decide(visit.workspace, number, "reopen", by=visit.caller)
    return visit.go(f"/videos/{number}?decided=reopen")


async def cancel(visit: Visit) -> Response:
    number = number_of(visit)
    await visit.desk.videos.steering.cancel(visit.workspace, number)
    undo = Undo(f"/videos/{number}/retry", "Go on after all")
    return done(visit, "The video is cancelled. What was made of it is kept.", undo=undo)


async def retry(visit: Visit) -> Response:
    changed = await visit.desk.videos.steering.retry(visit.workspace, number_of(visit))
    return done(visit, "It goes on where it stood.", changed)


async def delete(visit: Visit) -> Response:
    number = number_of(visit)
    shown = await visit.desk.videos.shelf.show(visit.workspace, number)
    sites = await visit.desk.sites.listed(visit.workspace)
    await visit.desk.videos.steering.delete(visit.workspace, number)
    slug = next(site.slug for site in sites if site.id == shown.video.site_id)
    return visit.go(f"/sites/{slug}/studio")


_AT = "/videos/{number:int}"
ROUTES = (
    page(f"{_AT}/note", note_form, needs="editor"),
    act(f"{_AT}/decide", decide),
    act(f"{_AT}/reopen", reopen),
    act(f"{_AT}/cancel", cancel),
    act(f"{_AT}/retry", retry),
    act(f"{_AT}/delete", delete),
)
