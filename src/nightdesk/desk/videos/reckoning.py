"""What a video would cost, told before it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.desk.clip_makers import Maker, called
from nightdesk.desk.items import site_of
from nightdesk.desk.providers import Providers
from nightdesk.desk.runs import covers, with_margin
from nightdesk.desk.videos.wishes import VideoWish, checked
from nightdesk.lines.video.narration import CHARACTERS_A_CREDIT
from nightdesk.lines.video.renders import SECONDS_A_CREDIT
from nightdesk.lines.video.scripting.custom import from_custom
from nightdesk.lines.video.scripting.made import FEWEST_SCENES, SECONDS_A_SCENE
from nightdesk.lines.video.scripts import CREDITS
from nightdesk.providers.clips.prices import clip_credits
from nightdesk.store import ledger
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Part:
    """What one step takes of one video; `of` tells how much of what that is."""

    stage: str
    of: str
    credits: int


@dataclass(frozen=True)
class Reckoned:
    """The parts of one video; `credits` are of all `count` variants, `left` is what there is of them."""

    parts: Sequence[Part]
    count: int
    left: int

    @property
    def each(self) -> int:
        return sum(part.credits for part in self.parts)

    @property
    def credits(self) -> int:
        return self.each * self.count

    @property
    def needed(self) -> int:
        """What has to be left for it to be asked for."""
        return with_margin(self.credits)

    @property
    def enough(self) -> bool:
        return covers(self.left, self.credits)


@dataclass(frozen=True)
class Reckoning:
    """Reckons by the prices of the providers that the site has chosen, or that the wish names."""

    store: Store
    providers: Providers

    async def makers(self, workspace_id: int, site_id: int) -> tuple[Maker, list[Maker]]:
        """The site's own maker of clips, and the others that are set up. Raises `NotFound`."""
        async with self.store.workspace(workspace_id) as session:
            chosen = await self.providers.chosen(session, await site_of(session, workspace_id, site_id))
        found = self.providers.clip_makers(chosen)
        return Maker(called(found.own), clip_credits(found.own)), found.offered()

    async def reckon(self, workspace_id: int, site_id: int, wish: VideoWish) -> Reckoned:
        """What the wish is expected to take: the scenes of a script of one's own, else those of its length.

        Raises `NotFound`, `Invalid`.
        """
        async with self.store.workspace(workspace_id) as session:
            site = await site_of(session, workspace_id, site_id)
            speech, clips, pictures = [
                await self.providers.price(session, site, kind, asked)
                for kind, asked in (("speech", ""), ("clips", wish.model), ("images", ""))
            ]
            left = (await ledger.balances(session, workspace_id)).wallet
        facts = checked(wish, site)
        own, seconds = facts["custom_script"], facts["target"]
        says = [scene.says for scene in from_custom(own, seconds, facts["language"]).scenes] if own else []
        scenes = len(says) or max(FEWEST_SCENES, round(seconds / SECONDS_A_SCENE))
        spoken = sum(-(-len(text) // CHARACTERS_A_CREDIT) for text in says) or scenes
        parts = (
            Part("Script", "your own" if own else "written and checked", 0 if own else CREDITS),
            Part("Voice", f"{scenes} scenes", spoken * speech),
            Part("Pictures", f"{scenes} scenes", scenes * (clips + pictures)),
            Part("Render", f"{seconds} s", -(-seconds // SECONDS_A_CREDIT)),
        )
        return Reckoned(parts, wish.count, left)
