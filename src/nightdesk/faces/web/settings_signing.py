"""Settings, signing: the certificate with which the newsroom signs its finished videos (C2PA)."""

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from nightdesk.desk.signing import MOST_BYTES
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.settings_scope import tabs
from nightdesk.faces.web.visit import Visit


async def show(visit: Visit) -> Response:
    return await visit.answer("settings_signing.html", await context(visit))


async def context(visit: Visit) -> dict[str, Any]:
    signing = visit.desk.videos.signing
    facts = {"tabs": tabs(visit), "sites": [], "site": None, "installed": signing.available}
    return facts | {"shown": await signing.shown(visit.workspace)}


async def keep(visit: Visit) -> Response:
    """Takes a chain and a key as files or typed; the key is in no answer."""
    form = await visit.form()
    chain, key = await _given(form, "chain"), await _given(form, "key")
    kept = await visit.desk.videos.signing.keep(visit.workspace, chain, key)
    body = visit.part("settings_signing.html", "signing", await context(visit))
    return visit.fragments(body, visit.toast(f"Kept: videos are signed for {kept.certificate.subject}."))


async def forget(visit: Visit) -> Response:
    """Raises `NotFound`."""
    await visit.desk.videos.signing.forget(visit.workspace)
    body = visit.part("settings_signing.html", "signing", await context(visit))
    return visit.fragments(body, visit.toast("The certificate and its key are forgotten."))


async def _given(form: FormData, name: str) -> bytes:
    sent = form.get(f"{name}_file")
    if isinstance(sent, UploadFile) and sent.filename:
        return await sent.read(MOST_BYTES + 1)
    return str(form.get(name, "")).strip().encode()


ROUTES = (
    page("/settings/signing", show, needs="owner"),
    act("/settings/signing", keep, needs="owner"),
    act("/settings/signing/forget", forget, needs="owner"),
)
