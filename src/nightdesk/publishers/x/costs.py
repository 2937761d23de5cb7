"""What X charges for posts, and how that is told before one is sent."""

from nightdesk.publisher import Record
from nightdesk.publishers.short_post import has_link

COST, COST_LINK = 0.015, 0.20
"""Dollars of a post, and of one with a link, since 20 April 2026
(https://docs.x.com/x-api/getting-started/pricing)."""


async def tell(text: str, what: str, record: Record) -> None:
    """Writes down what the post with these words costs; `what` is what it is."""
    link = has_link(text)
    dollars = COST_LINK if link else COST
    says = f"X charges about ${dollars:g} for {what}{' with a link' if link else ''}."
    await record.step("cost", says, dollars=dollars)
