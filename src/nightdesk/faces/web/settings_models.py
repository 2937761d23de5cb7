"""Settings, models: which provider does which kind of work, for all sites or for one; with its key, tried."""

import base64
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from nightdesk.desk.choices import ChoiceShown
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.offers import Offer, offers
from nightdesk.desk.rows import Site
from nightdesk.desk.trials import Tried, Wish
from nightdesk.faces.web import media
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import asked_site, lead_to, scope
from nightdesk.faces.web.visit import Visit


@dataclass(frozen=True)
class Work:
    """A kind of work, as the page speaks of it; `which` is what a provider's several are called."""

    kind: str
    title: str
    says: str
    icon: str
    which: str = "Model"


WORKS = (
    Work("text", "Writing", "Groups keywords, plans pieces and writes them.", "pencil"),
    Work("text_fallback", "Writing, when that is away", "Asked where the first does not answer.", "refresh"),
    Work("embeddings", "Comparing phrases", "Finds keywords that mean the same.", "arrows-sort"),
    Work("images", "Pictures", "Makes the pictures that go with a piece.", "photo"),
    Work("speech", "Voices", "Reads the words of a video aloud.", "microphone", "Voice or model"),
    Work("clips", "Moving pictures", "Makes the scenes of a video move.", "movie", "Library or workflow"),
    Work("renderer", "Rendering", "Puts scenes, voice and captions into one video.", "video"),
)
FROM = {"site": "chosen for this site", "workspace": "chosen for all sites", "environment": "as it comes"}


async def show(visit: Visit) -> Response:
    if asked_site(visit) and (there := await lead_to(visit, "/models")):
        return there
    return await visit.answer("settings_models.html", await models_context(visit))


async def models_context(visit: Visit) -> dict[str, Any]:
    return await scope(visit, "", everywhere=True) | {"models": await models(visit, None)}


async def models(visit: Visit, site: Site | None) -> list[dict[str, Any]]:
    """What does each kind of work, for the site or for all."""
    found = await visit.desk.choices.shown(visit.workspace, site.id if site else None)
    above = await visit.desk.choices.shown(visit.workspace) if site else []
    kept = {one.kind: one for one in found}
    inherited = {one.kind: one.chosen for one in above}
    shown = [_shown(work, kept[work.kind], inherited.get(work.kind, ""), site) for work in WORKS]
    more = {"speech": visit.desk.voices.alignment.says}
    return [one | {"more": more.get(one["work"].kind, "")} for one in shown]


def _shown(work: Work, kept: ChoiceShown, inherited: str, site: Site | None) -> dict[str, Any]:
    provider, _, model = kept.chosen.partition(":")
    offered = offers(work.kind)
    here = "site" if site else "workspace"
    return {
        "work": work,
        "site": site,
        "chosen": kept.chosen,
        "named": _named(offered, kept.chosen),
        "chosen_from": FROM[kept.chosen_at],
        "own": kept.chosen_at == here,
        "provider": provider if kept.chosen_at == here else "",
        "model": model if kept.chosen_at == here else "",
        "otherwise": inherited,
        "key": kept.key,
        "key_here": kept.key_at == here,
        "offers": offered,
    }


def _named(offered: list[Offer], chosen: str) -> str:
    """`OpenAI, gpt-5-mini`."""
    provider, _, model = chosen.partition(":")
    name = next((offer.name for offer in offered if offer.provider == provider), provider)
    return f"{name}, {model}" if model else name


async def keep(visit: Visit) -> Response:
    """Keeps a choice with its key."""
    kind, form = _kind(visit), await visit.form()
    site = await _site(visit, form)
    spelled = _spelled(form)
    _complete(kind, form)
    key = str(form.get("key", ""))
    forgotten = await visit.desk.choices.keep(visit.workspace, kind, spelled, key, site.id if site else None)
    shown = next(one for one in await models(visit, site) if one["work"].kind == kind)
    says = f"{shown['work'].title}: {shown['named'] or 'nobody'}. The next batch uses it."
    if forgotten:
        says += " The key of the one before is forgotten."
    return _answer(visit, shown, says)


async def forget(visit: Visit) -> Response:
    """Forgets a key."""
    kind = _kind(visit)
    site = await _site(visit, await visit.form())
    await visit.desk.choices.forget_key(visit.workspace, kind, site.id if site else None)
    shown = next(one for one in await models(visit, site) if one["work"].kind == kind)
    return _answer(visit, shown, "The key is forgotten.")


async def try_it(visit: Visit) -> Response:
    """Makes one real call: of what is typed, or of what is kept."""
    kind, form = _kind(visit), await visit.form()
    site = await _site(visit, form)
    spelled = _spelled(form)
    if spelled:
        _complete(kind, form)
    wish = Wish(spelled, str(form.get("key", "")))
    tried = await visit.desk.trials.one(visit.workspace, kind, site.id if site else None, wish)
    facts = {"tried": tried, "kind": kind, "picture": _picture(tried)}
    return visit.fragments(visit.part("settings_models.html", "tried", facts))


def _picture(tried: Tried) -> str:
    """The picture as an address that holds it, or the empty string."""
    made = tried.answer.picture
    return f"data:{made.mime};base64,{base64.b64encode(made.content).decode()}" if made else ""


def _answer(visit: Visit, shown: dict[str, Any], says: str) -> Response:
    return visit.fragments(visit.part("settings_models.html", "model", {"one": shown}), visit.toast(says))


def _kind(visit: Visit) -> str:
    """Raises `NotFound`."""
    kind = str(visit.path["kind"])
    if kind not in {work.kind for work in WORKS}:
        raise NotFound("kind of work")
    return kind


async def _site(visit: Visit, form: FormData) -> Site | None:
    """The site that the form is about, or None for all. Raises `NotFound`."""
    slug = str(form.get("site", "")).strip()
    return await visit.desk.sites.get(visit.workspace, slug) if slug else None


def _spelled(form: FormData) -> str:
    provider, model = (str(form.get(name, "")).strip() for name in ("provider", "model"))
    return f"{provider}:{model}" if provider and model else provider


def _complete(kind: str, form: FormData) -> None:
    """Raises `Invalid` where a model has to be named and none is."""
    provider, model = (str(form.get(name, "")).strip() for name in ("provider", "model"))
    must = {offer.provider for offer in offers(kind) if offer.model == "must"}
    if provider in must and not model:
        which = next(work.which for work in WORKS if work.kind == kind).lower()
        raise Invalid(f"model-{kind}", f"Say which {which}, by its name there.")


async def heard(visit: Visit) -> Response:
    """The sound of a trial."""
    sound = await visit.desk.trials.heard(visit.workspace, str(visit.path["sha256"]))
    return Response(sound, 200, media.HEADERS, "audio/wav")


async def first(visit: Visit) -> Response:
    return visit.go("/settings/models")


ROUTES = (
    page("/settings", first),
    page("/settings/models", show),
    page("/settings/models/sounds/{sha256}", heard),
    act("/settings/models/{kind}", keep, needs="owner"),
    act("/settings/models/{kind}/forget", forget, needs="owner"),
    act("/settings/models/{kind}/try", try_it, needs="owner"),
)
