"""Pictures of a piece: their words, another try with another prompt, an upload in their place."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.review.inputs import ImageChanges, NewImage
from nightdesk.desk.review.uploads import MOST_BYTES
from nightdesk.desk.rows import Image
from nightdesk.faces.web.piece import back_to
from nightdesk.faces.web.piece_decide import revision_of
from nightdesk.faces.web.review_asked import BIGGEST, looked_at, number_of
from nightdesk.faces.web.routes import act, page
from nightdesk.faces.web.visit import Visit

T = TypeVar("T", bound=BaseModel)
LINE = "article"
ONLY_PICTURES = {"most": {str(stage): 0 for stage in range(1, 6)}}
"""Wishes of a run that does nothing but make the pictures that wait."""

SAYS = {
    "prompt": "Say in 10 to 1,500 characters what the picture shows.",
    "alt": "Describe it in 3 to 200 characters, for those who do not see it.",
    "caption": "A caption has 200 characters at most.",
    "heading": "A heading has 300 characters at most.",
}


async def show(visit: Visit) -> Response:
    """The dialog with all that can be done to a picture."""
    image = await _image(visit)
    facts = await _facts(visit) | {
        "image": image,
        "earlier": await visit.desk.review.revisions.earlier_pictures(visit.workspace, image),
    }
    return visit.fragments(visit.part("piece_picture.html", "picture", facts))


async def show_new(visit: Visit) -> Response:
    content = await visit.desk.review.contents.get(visit.workspace, number_of(visit))
    headings = [one["text"] for one in content.headings if one["level"] == 2]
    facts = await _facts(visit) | {"headings": headings}
    return visit.fragments(visit.part("piece_picture.html", "new_picture", facts))


async def add(visit: Visit) -> Response:
    form = await visit.form()
    content = await visit.desk.review.contents.get(visit.workspace, number_of(visit))
    heading = str(form.get("heading", ""))
    kind = "in_article" if heading else "featured"
    given = {name: str(form.get(name, "")) for name in ("prompt", "alt", "caption")}
    new = _read(NewImage, given | {"heading": heading, "kind": kind, "content_id": content.id})
    await visit.desk.review.images.create(visit.workspace, content.site_id, new, visit.caller)
    return await _back(visit)


async def describe(visit: Visit) -> Response:
    image, form = await _image(visit), await visit.form()
    given = {name: str(form.get(name, "")) for name in ("alt", "caption")}
    await visit.desk.review.images.change(visit.workspace, image.id, _read(ImageChanges, given), visit.caller)
    return await _back(visit)


async def again(visit: Visit) -> Response:
    image, form = await _image(visit), await visit.form()
    changes = _read(ImageChanges, {"prompt": str(form.get("prompt", ""))})
    if changes.prompt == image.prompt:
        raise Invalid("prompt", "Say it in other words: the same ones give much the same picture.")
    await visit.desk.review.images.change(visit.workspace, image.id, changes, visit.caller)
    return await _back(visit)


async def replace(visit: Visit) -> Response:
    image, form = await _image(visit), await visit.form()
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Invalid("file", "Choose a PNG, JPEG or WebP picture.")
    content = await sent.read(MOST_BYTES + 1)
    await visit.desk.review.images.replace(visit.workspace, image.id, content, visit.caller)
    return await _back(visit)


async def put_back(visit: Visit) -> Response:
    image, form = await _image(visit), await visit.form()
    revision = revision_of(str(form.get("revision", "")))
    if revision is None:
        raise NotFound("earlier picture")
    await visit.desk.review.images.put_back(visit.workspace, image.id, revision, visit.caller)
    return await _back(visit)


async def remove(visit: Visit) -> Response:
    image = await _image(visit)
    await visit.desk.review.images.delete(visit.workspace, image.id, visit.caller)
    return await _back(visit)


async def make(visit: Visit) -> Response:
    """Starts a run of the site that makes what pictures wait, and nothing else."""
    content = await visit.desk.review.contents.get(visit.workspace, number_of(visit))
    await visit.desk.runs.run_now(visit.workspace, content.site_id, LINE, ONLY_PICTURES)
    return visit.fragments(visit.toast("A run makes it now; this page says when it is done.", kind="info"))


async def _image(visit: Visit) -> Image:
    """The picture that the address names, if it is one of the article's. Raises `NotFound`."""
    number = int(visit.path["image"])
    if not 1 <= number <= BIGGEST:
        raise NotFound("picture")
    image = await visit.desk.review.images.get(visit.workspace, number)
    if image.content_id != number_of(visit):
        raise NotFound("picture")
    return image


async def _facts(visit: Visit) -> dict[str, Any]:
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    return {"base": f"/review/{number_of(visit)}", "looked": looked, "most_mb": MOST_BYTES // 2**20}


async def _back(visit: Visit) -> Response:
    """To the article as it is now, which tells what was done."""
    number = number_of(visit)
    (newest, *_) = await visit.desk.review.revisions.listed(visit.workspace, number)
    looked = looked_at(visit, await visit.desk.sites.listed(visit.workspace))
    return visit.go(back_to(number, looked, changed=str(newest.number)))


def _read(kind: type[T], given: dict[str, Any]) -> T:
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise Invalid(field, SAYS.get(field, "This cannot be taken.")) from error


_AT = "/review/{number:int}/pictures"
_ONE = _AT + "/{image:int}"
ROUTES = (
    page(f"{_AT}/new", show_new, needs="editor"),
    act(f"{_AT}/new", add),
    act(f"{_AT}/make", make),
    page(_ONE, show, needs="editor"),
    act(f"{_ONE}/describe", describe),
    act(f"{_ONE}/again", again),
    act(f"{_ONE}/replace", replace),
    act(f"{_ONE}/put-back", put_back),
    act(f"{_ONE}/remove", remove),
)
