"""Comments of an account under its own reels."""

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.publisher import Record, Unclear
from nightdesk.publishers.instagram.graph import PERMISSION, Graph, complaint, transient

RIGHT = "instagram_manage_comments"
"""https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-media/comments
(of 21 January 2025), which names no longest comment."""


async def write(graph: Graph, post: str, text: str, record: Record) -> None:
    """Raises `Unclear` where it may be there; `Later`, `NeedsPerson`, `Refused` where it is not."""
    about, form = "Writes the first comment.", {"message": text}
    said = await graph.ask("POST", f"{post}/comments", about, record, public=True, form=form)
    if said.well and said.at("error") is None and said.at("id"):
        return
    says = f"Instagram did not say that it took it: {complaint(said)}"
    if said.well or transient(said) or 300 <= said.status < 400:
        raise Unclear(says, "answered")
    if said.at("error", "code") in PERMISSION:
        raise NeedsPerson(
            f"{says} That takes the right {RIGHT}: let the account ask for it (`comments`), then connect it "
            "again."
        )
    raise Refused(says)
