"""Categories and tags of a site: found by their names, and added where they lack."""

import html
from collections.abc import Sequence
from typing import Literal

from nightdesk.kit.endings import Later, Refused
from nightdesk.publisher import Record
from nightdesk.publishers.wordpress.site import Site, complaint, declined

Kind = Literal["categories", "tags"]
LONGEST = 200
"""Characters of a name: the width of the column in WordPress's database."""


async def numbers(site: Site, kind: Kind, wished: Sequence[str], record: Record) -> list[int]:
    """The numbers of the terms with these names, or numbers, in their order, each once.

    WordPress takes a post with the number of a category that is not there and says nothing, so each number is
    looked up. Raises `Later`, `NeedsPerson`, `Refused`.
    """
    found = [await _number(site, kind, name, record) for name in wished]
    return list(dict.fromkeys(found))


async def _number(site: Site, kind: Kind, name: str, record: Record) -> int:
    if kind == "categories" and name.isdigit():
        return await _known(site, name, record)
    # Names lie there with their `&`, `<` and `>` written out.
    asked = {"search": html.escape(name, quote=False), "per_page": "100", "_fields": "id,name,slug"}
    said = await site.get(f"wp/v2/{kind}", f"Looks for “{name}” among its {kind}.", record, params=asked)
    if not said.well:
        raise declined(said, f"Its {kind} could not be read")
    for row in said.rows():
        same = html.unescape(str(row.get("name", ""))).casefold() == name.casefold()
        if same and isinstance(row.get("id"), int):
            return int(row["id"])
    return await _added(site, kind, name, record)


async def _known(site: Site, number: str, record: Record) -> int:
    said = await site.get(f"wp/v2/categories/{number}", f"Looks for category {number}.", record)
    if said.status == 404:
        raise Refused(f"The site has no category with the number {number}; name one that it has.")
    if not said.well:
        raise declined(said, f"Category {number} could not be read")
    return int(number)


async def _added(site: Site, kind: Kind, name: str, record: Record) -> int:
    one = "category" if kind == "categories" else "tag"
    said = await site.ask("POST", f"wp/v2/{kind}", f"Adds the {one} “{name}”.", record, json={"name": name})
    # Another may have added it meanwhile, or its name differs only in what the database takes for the same.
    there = said.at("code") == "term_exists"
    if number := said.number("data", "term_id") if there else said.number("id"):
        return number
    if said.status == 403:
        raise Refused(
            f"The site has no {one} “{name}”, and the user may not add one. Add it in WordPress, or name "
            "another, and publish again."
        )
    if not said.well:
        raise declined(said, f"The {one} “{name}” could not be added")
    raise Later(f"The {one} “{name}” could not be added: {complaint(said)}")


def named(wished: object) -> list[str]:
    """Names out of an option: a list of them, or one text with commas between."""
    some = wished.split(",") if isinstance(wished, str) else wished
    if isinstance(some, int):
        some = [some]
    if not isinstance(some, Sequence):
        return []
    names = (" ".join(str(name).split()).lstrip("#")[:LONGEST] for name in some)
    return list(dict.fromkeys(name for name in names if name))
