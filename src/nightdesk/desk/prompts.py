"""The instructions that a text provider gets at each stage of a site: read, changed, put back, tried."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Conflict, Invalid, NotFound
from nightdesk.desk.items import site_of
from nightdesk.desk.offers import keyless
from nightdesk.desk.prompt_answers import told
from nightdesk.desk.providers import Providers
from nightdesk.desk.trial_calls import Answer
from nightdesk.desk.trials import Trial, Trials, Tried
from nightdesk.kit.endings import Ending
from nightdesk.lines.article import ARTICLE
from nightdesk.lines.asking import LONGEST_INSTRUCTIONS, instructions
from nightdesk.lines.video import VIDEO
from nightdesk.providers.calls import ListMeter
from nightdesk.stage import Stage
from nightdesk.store.session import Store
from nightdesk.store.tables.tenancy import Site
from nightdesk.store.tables.videos import Video

PATIENCE = 50.0
"""Seconds that a trial may take: a page that waits for it gives up after a minute."""

LINES = {line.name: line for line in (ARTICLE, VIDEO)}
ITEMS = {"clusters": 12}
"""On how many items a stage is tried; on one, where nothing is said."""


@dataclass(frozen=True)
class Prompt:
    """The instructions of one stage, as the question is called that goes with them."""

    name: str
    stage: str
    title: str
    says: str
    lacks: str
    """What to do where the site has nothing to try it on."""

    line: str = "article"


NO_VIDEO = "The site has no video to try this on: ask for one in the studio, on a topic, first."
PROMPTS = (
    Prompt(
        "groups",
        "clusters",
        "Grouping keywords",
        "Stage 1: which search phrases belong together, and what a cluster is called.",
        "The site has no keyword to try this on: import some first.",
    ),
    Prompt(
        "ideas",
        "ideas",
        "Planning pieces",
        "Stage 2: which pieces answer a cluster, for whom and in which shape.",
        "The site has no cluster to try this on: one run of its line makes some from the keywords.",
    ),
    Prompt(
        "article",
        "content",
        "Writing",
        "Stage 4: how a piece is written from the plan and the site's documents.",
        "The site has no planned piece to try this on: one run of its line plans some.",
    ),
    Prompt(
        "section",
        "sections",
        "Writing a section again",
        "Stage 4: how a section is written anew after an editor's note.",
        "No section of the site was asked for anew yet: a piece's page at the review gate does that.",
    ),
    Prompt(
        "image_prompts",
        "image_prompts",
        "Choosing pictures",
        "Stage 5: what is to be seen in the pictures of a piece.",
        "The site has no written piece to try this on: one run of its line writes some.",
    ),
    Prompt(
        "script_outline",
        "scripts",
        "Outlining a video",
        "Stage 2: the opening line and the beats of a video, before a word of it is written.",
        NO_VIDEO,
        "video",
    ),
    Prompt(
        "script",
        "scripts",
        "Writing a video’s script",
        "Stage 2: what is said in each scene and what is seen in it, from the site’s documents.",
        NO_VIDEO,
        "video",
    ),
    Prompt(
        "script_judge",
        "scripts",
        "Judging a script",
        "Stage 2: how a script is read before it is voiced, and what sends it back to be written again.",
        NO_VIDEO,
        "video",
    ),
)


@dataclass(frozen=True)
class PromptShown:
    """Instructions as they hold for a site; `own` where they are not the shipped ones."""

    prompt: Prompt
    text: str
    shipped: str
    own: bool


@dataclass(frozen=True)
class Prompts:
    """Instructions of sites. Raises `NotFound` for a site or a prompt that there is not."""

    store: Store
    providers: Providers
    trials: Trials

    async def shown(self, workspace_id: int, site_id: int) -> list[PromptShown]:
        """All of them, line by line and in the order of each."""
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
        return [_shown(prompt, site) for prompt in PROMPTS]

    async def keep(self, workspace_id: int, site_id: int, name: str, text: str) -> PromptShown:
        """Keeps the site's own text; an empty one, or the shipped one, puts the shipped one back.

        Raises `Invalid` where it is too long.
        """
        prompt, text = _prompt(name), _checked(text)
        async with self.store.workspace(workspace_id) as session:
            await site_of(session, workspace_id, site_id)
            site = await session.get_one(Site, (workspace_id, site_id), with_for_update={"key_share": True})
            others = {one: own for one, own in site.prompts.items() if one != name}
            ours = text and text != _shipped(prompt)
            site.prompts = others | ({name: text} if ours else {})
            return _shown(prompt, site)

    async def try_out(self, workspace_id: int, site_id: int, name: str, text: str) -> Tried:
        """Has the stage do its work with that text on what the site has, and keeps nothing but what it cost.

        Raises `Conflict` where the site has nothing to try it on, and `Invalid`.
        """
        prompt, text = _prompt(name), _checked(text)
        stage = next(stage for stage in LINES[prompt.line].stages if stage.name == prompt.stage)
        meter, clock = ListMeter(), self.providers.clock
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            items = await _items(session, site, stage)
            if not items:
                raise Conflict(prompt.lacks)
            material = await stage.load(session, site, items)
            chosen = (await self.providers.chosen(session, site)).text.spelled
            session.expunge_all()
            site.prompts = {**site.prompts, name: text}
        began = clock.monotonic()
        try:
            async with self.store.workspace(workspace_id) as session:
                bench = await self.providers.make_bench(session, site, {"ideas_per_cluster": 2}, meter)
            async with asyncio.timeout(PATIENCE):
                made = await stage.work(items, material, bench)
            ok, answer = True, told(stage.name, made)
        except Ending as ending:
            ok, answer = False, Answer(ending.why)
        except TimeoutError:
            ok, answer = False, Answer(f"No answer came within {PATIENCE:.0f} s; a run waits longer.")
        seconds = clock.monotonic() - began
        await self.trials.book(workspace_id, site_id, meter.calls)
        usd = sum((one.usd or Decimal(0) for one in meter.calls), Decimal(0))
        priced = all(one.usd is not None for one in meter.calls) or keyless("text", chosen)
        return Tried(Trial("text", chosen, ok, answer.says, seconds, usd), answer, priced)


def _prompt(name: str) -> Prompt:
    for prompt in PROMPTS:
        if prompt.name == name:
            return prompt
    raise NotFound("prompt")


def _checked(text: str) -> str:
    """Raises `Invalid`."""
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST_INSTRUCTIONS:
        raise Invalid("text", f"Instructions have at most {LONGEST_INSTRUCTIONS:,} characters.")
    return text


def _shipped(prompt: Prompt) -> str:
    return _holding(prompt, Site(prompts={}))


def _holding(prompt: Prompt, site: Site) -> str:
    return instructions(prompt.line, prompt.name, site.prompts)


def _shown(prompt: Prompt, site: Site) -> PromptShown:
    shipped, text = _shipped(prompt), _holding(prompt, site)
    return PromptShown(prompt, text, shipped, own=text != shipped)


async def _items(session: AsyncSession, site: Site, stage: Stage[Any]) -> Sequence[Any]:
    """The newest items of the kind that the stage works on, whatever their state.

    Of videos none whose words a person wrote, and none that waits for its topic: nobody is asked for those.
    """
    table = stage.table
    query = (
        select(table)
        .where(table.workspace_id == site.workspace_id, table.site_id == site.id)
        .order_by(table.id.desc())
        .limit(ITEMS.get(stage.name, 1))
    )
    if table is Video:
        query = query.where(Video.custom_script == "", Video.topic != "")
    return list(await session.scalars(query))
