"""The next topic of a site for whoever makes something of it elsewhere, and topics that a model proposes."""

from dataclasses import dataclass

from nightdesk.desk.errors import NotFound
from nightdesk.desk.sites import Sites
from nightdesk.desk.topics import Topics
from nightdesk.store.tables.feeds import Topic

FOR_GENERATOR = "generator"
BY_MODEL = "llm"
AT_ONCE = 5
"""Topics that a model is asked for where none of its own is left."""


@dataclass(frozen=True)
class Proposals:
    """`NotFound` where a site is not the workspace's."""

    sites: Sites
    topics: Topics

    async def next(self, workspace_id: int, key: int | str, source: str) -> Topic:
        """The best new topic from any source (`auto`) or the one named, taken: nobody else gets it.

        Where none of a model's own is left, it is asked for new ones. Raises `NotFound` where none is left.
        """
        site = await self.sites.get(workspace_id, key)
        try:
            return await self.topics.pick(workspace_id, site.id, used_for=FOR_GENERATOR, source=source)
        except NotFound:
            if source != BY_MODEL:
                raise
        await self.topics.suggest(workspace_id, site.id, AT_ONCE)
        return await self.topics.pick(workspace_id, site.id, used_for=FOR_GENERATOR, source=source)

    async def propose(self, workspace_id: int, key: int | str, count: int) -> list[Topic]:
        """New topics by the site's model, those left out that it has or had."""
        site = await self.sites.get(workspace_id, key)
        return list(await self.topics.suggest(workspace_id, site.id, count))
