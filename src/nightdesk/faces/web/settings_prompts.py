"""Settings, prompts: what the text provider is told at each stage; changed, put back, tried without a run."""

from typing import Any

from starlette.responses import Response

from nightdesk.desk.rows import Site
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import lead_to, scope
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    there = await lead_to(visit, "/prompts")
    return there or await visit.answer("settings_prompts.html", await scope(visit, ""))


async def prompts(visit: Visit, site: Site) -> dict[str, Any]:
    """What is told at each stage, and whether the chosen provider reads it."""
    chosen = {one.kind: one.chosen for one in await visit.desk.choices.shown(visit.workspace, site.id)}
    return {
        "prompts": await visit.desk.prompts.shown(visit.workspace, site.id),
        "reads": chosen["text"] != "offline",
    }


async def keep(visit: Visit) -> Response:
    form = await visit.form()
    site = await _site(visit, str(form.get("site", "")))
    name, text = str(visit.path["name"]), str(form.get("text", ""))
    kept = await visit.desk.prompts.keep(visit.workspace, site.id, name, text)
    says = f"{kept.prompt.title}: your own text is kept." if kept.own else f"{kept.prompt.title}: as shipped."
    part = visit.part("settings_prompts.html", "prompt", {"one": kept, "site": site})
    return visit.fragments(part, visit.toast(f"{says} The next batch goes by it."))


async def reset(visit: Visit) -> Response:
    """Puts the shipped text back."""
    site = await _site(visit, str((await visit.form()).get("site", "")))
    kept = await visit.desk.prompts.keep(visit.workspace, site.id, str(visit.path["name"]), "")
    part = visit.part("settings_prompts.html", "prompt", {"one": kept, "site": site})
    return visit.fragments(part, visit.toast(f"{kept.prompt.title}: the shipped text is back."))


async def try_out(visit: Visit) -> Response:
    """Has the stage do its work with what is typed, and keeps nothing of it."""
    form = await visit.form()
    site = await _site(visit, str(form.get("site", "")))
    name = str(visit.path["name"])
    tried = await visit.desk.prompts.try_out(visit.workspace, site.id, name, str(form.get("text", "")))
    return visit.fragments(visit.part("settings_prompts.html", "tried", {"tried": tried, "name": name}))


async def _site(visit: Visit, slug: str) -> Site:
    """Raises `NotFound`."""
    return await visit.desk.sites.get(visit.workspace, slug)


ROUTES = (
    page("/settings/prompts", show),
    act("/settings/prompts/{name}", keep),
    act("/settings/prompts/{name}/reset", reset),
    act("/settings/prompts/{name}/try", try_out),
)
