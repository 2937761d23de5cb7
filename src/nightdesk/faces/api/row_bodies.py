"""What bodies of all kinds share: the site may be named in them too, and parked items by their numbers."""

from typing import Annotated, TypeVar

from pydantic import Field

from nightdesk.desk.inputs import Input, Number

N = TypeVar("N", bound=Input)


class OfSite(Input):
    """Something new; its site is named here or by the parameter."""

    site_id: Number | None = None


class Retry(OfSite):
    """The parked items to try again; all of the site's where none are named."""

    ids: Annotated[list[Number], Field(min_length=1, max_length=1000)] | None = None


def parted(body: OfSite, kind: type[N]) -> N:
    """The body without its site, as the desk takes it."""
    return kind.model_validate(body.model_dump(exclude={"site_id"}, exclude_unset=True))
