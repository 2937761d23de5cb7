"""Adds the line to a post that leads to the other form of its idea, and touches nothing else of it."""

import html

from nightdesk.kit.endings import Refused
from nightdesk.kit.points import reach
from nightdesk.publishers.wordpress.posts import SHOWN, Post
from nightdesk.publishers.wordpress.site import Site, declined

BLOCK = "<!-- /wp:html -->"
"""The end of the block that we have laid out."""


async def lead_on(site: Site, number: str, title: str, url: str) -> bool:
    """See `LeadsOn`. What a person has made of the post meanwhile stays: the line goes behind it."""
    if not (number.isascii() and number.isdecimal()):
        raise Refused(f"“{number}” is no post of WordPress.")
    route, asked = f"wp/v2/posts/{number}", {"context": "edit", "_fields": SHOWN}
    said = await site.get(route, f"Looks at post {number}.", params=asked)
    post = Post.out_of(said.value) if said.well else None
    if post is None:
        raise declined(said, f"Post {number} could not be read")
    if post.status != "publish" or not post.raw:
        raise Refused(f"Post {number} is not published any more, so nothing was added to it.")
    if any(address in post.raw for address in (url, html.escape(url))):
        return False
    line = f'<p><a href="{html.escape(url)}">▶ {html.escape(title)}</a></p>\n'
    text, end, rest = post.raw.rpartition(BLOCK)
    changed = f"{text}{line}{end}{rest}" if end else f"{post.raw}\n{line}"
    reach("wordpress.leading.before")
    about = f"Has post {number} lead to its other form."
    said = await site.ask("POST", route, about, params={"_fields": SHOWN}, json={"content": changed})
    reach("wordpress.leading.after")
    if not said.well:
        raise declined(said, f"Post {number} could not be changed")
    return True
