"""How the posts of a site did: WordPress itself counts their comments, and nobody's looks."""

from collections import Counter
from collections.abc import Mapping, Sequence

from nightdesk.publishers.results import Measured, counted
from nightdesk.publishers.wordpress.site import Site, declined

A_PAGE = 100
"""The most rows that WordPress gives in one answer."""


async def measured(site: Site, remote_ids: Sequence[str]) -> Mapping[str, Measured]:
    """The comments that are shown under each post that is there. Raises `Later`, `NeedsPerson`, `Refused`."""
    asked = {
        "include": ",".join(one for one in remote_ids if one.isascii() and one.isdecimal()),
        "per_page": str(A_PAGE),
        "_fields": "id",
    }
    if not asked["include"]:
        return {}
    said = await site.get("wp/v2/posts", "Asks which posts are there.", params=asked)
    if not said.well:
        raise declined(said, "WordPress does not tell which posts are there")
    there = [str(row["id"]) for row in said.rows() if str(row.get("id")) in remote_ids]
    comments = await _comments(site, there) if there else {}
    return {one: Measured(comments=comments.get(one, 0)) for one in there}


async def _comments(site: Site, posts: Sequence[str]) -> Mapping[str, int]:
    """How many each has. One answer tells all of them, unless there are more comments than fit into it."""
    params = {"post": ",".join(posts), "per_page": str(A_PAGE), "_fields": "id,post"}
    said = await site.get("wp/v2/comments", "Asks for the comments of posts.", params=params)
    if not said.well:
        raise declined(said, "WordPress does not tell the comments")
    total = counted(said.headers.get("x-wp-total", "")) or 0
    if total <= A_PAGE:
        return Counter(str(row.get("post")) for row in said.rows())
    if len(posts) == 1:
        return {posts[0]: total}
    found: dict[str, int] = {}
    for post in posts:
        found |= await _comments(site, [post])
    return found
