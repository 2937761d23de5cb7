"""Tools that approve and publish: for people, unless a site's owner let tools do it in a person's name."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from nightdesk.desk.errors import Invalid
from nightdesk.desk.publishing import Wish
from nightdesk.faces.tools.tool import Asked, Call, Number, Told, Tool
from nightdesk.faces.tools.working import DecidedTold, decided

Kind = Literal["article", "video"]
BY_LEAVE = (
    "Only where an owner let tools do it for the site, and in the name of the person whose key this is."
)


class ApproveAsked(Asked):
    """`revision` is the one that was read: what was changed since is not approved."""

    kind: Kind
    id: Number
    revision: Annotated[int, Field(ge=1, le=2**31)]
    note: Annotated[str, Field(max_length=2000)] = ""


class PublishAsked(Asked):
    """To the accounts named of those that the site is linked to, or to all of them; at once without `at`."""

    kind: Kind
    id: Number
    accounts: Annotated[list[Number], Field(max_length=50, default_factory=list)]
    at: datetime | None = None


class PublicationTold(Told):
    id: int
    account_id: int
    state: str
    new: bool
    at: datetime
    moved: str


class PublishTold(Told):
    publications: list[PublicationTold]


async def approve(call: Call, asked: ApproveAsked) -> DecidedTold:
    await _check(call, asked.kind, asked.id)
    return await decided(call, asked.kind, asked.id, "approve", asked.revision, asked.note)


async def publish(call: Call, asked: PublishAsked) -> PublishTold:
    site_id = await _check(call, asked.kind, asked.id)
    # The owner's leave is for a site: where its pieces go, people have said by its links.
    linked = {one.id for one in await call.desk.accounts.listed(call.workspace, site_id)}
    if foreign := [number for number in asked.accounts if number not in linked]:
        raise Invalid("accounts", f"The site of the piece is not linked to account {foreign[0]}.")
    which = {"content_id": asked.id} if asked.kind == "article" else {"video_id": asked.id}
    wish = Wish(**which, accounts=tuple(asked.accounts), at=asked.at)  # type: ignore[arg-type]
    found = await call.desk.publishing.publish(call.by, wish)
    return PublishTold(publications=[PublicationTold.model_validate(one) for one in found])


async def _check(call: Call, kind: Kind, number: int) -> int:
    """The piece's site. Raises `NotFound`, and where it is not for tools."""
    if kind == "article":
        site_id = (await call.desk.review.contents.piece(call.workspace, number)).content.site_id
    else:
        site_id = (await call.desk.videos.shelf.show(call.workspace, number)).video.site_id
    await call.desk.tool_rights.check(call.by, site_id)
    return site_id


TOOLS = (
    Tool(
        "approve",
        "Approve a piece",
        "Approves an article or a video at the review gate. " + BY_LEAVE,
        ApproveAsked,
        DecidedTold,
        approve,
        needs="editor",
        changes=True,
        final=True,
    ),
    Tool(
        "publish",
        "Publish a piece",
        "Has an approved piece go out, once for each account; `moved` says why later than asked. " + BY_LEAVE,
        PublishAsked,
        PublishTold,
        publish,
        needs="editor",
        changes=True,
        final=True,
    ),
)
