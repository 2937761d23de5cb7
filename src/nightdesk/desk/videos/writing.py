"""Writes a script for somebody who asks for one, without a video being made of it."""

from dataclasses import dataclass

from nightdesk.desk.errors import Conflict, Invalid, Unavailable
from nightdesk.desk.providers import Providers
from nightdesk.desk.topics.asking import Asking, open_site
from nightdesk.desk.videos.wishes import VideoWish, checked
from nightdesk.kit.calculating import calculated
from nightdesk.kit.deadlines import Deadline
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.lines.video.scripting.made import ScriptMade
from nightdesk.lines.video.scripting.writing import write_script
from nightdesk.lines.video.scripts import CALLS, CREDITS, Scripts, script_brief
from nightdesk.providers.calls import ListMeter
from nightdesk.store.session import Store
from nightdesk.store.tables.videos import Video


@dataclass(frozen=True)
class Writing:
    """Asks the site's text model as the video line does; booked and charged like a script of it."""

    store: Store
    providers: Providers

    async def write(self, workspace_id: int, site_id: int, wish: VideoWish) -> ScriptMade:
        """A script about the wish's `topic`, from what the site may cite; nothing of it is kept.

        Raises `NotFound`, `Invalid`, `InsufficientCredits`; `Unavailable` where the model is away, `Conflict`
        where a person has to do something.
        """
        site, asking = await open_site(self.store, workspace_id, site_id), Asking(self.store, self.providers)
        facts = checked(wish, site)
        if not wish.topic.strip():
            raise Invalid("topic", "Say what the script is to be about.")
        await asking.check(site, CREDITS)
        video = Video(workspace_id=workspace_id, site_id=site_id, id=0, topic=wish.topic.strip(), **facts)
        async with self.store.workspace(workspace_id) as session:
            chosen = await self.providers.chosen(session, site)
            about = (await Scripts().load(session, site, [video]))[0]
        brief = await calculated(script_brief, video, about, site, video.language)
        meter = ListMeter()
        try:
            async with Deadline(self.providers.means.seconds.script * CALLS):
                made = await write_script(self.providers.text(chosen), brief, meter)
        except (Later, TimeoutError) as ending:
            why = getattr(ending, "why", "The model took too long.")
            raise Unavailable(f"{why} Nothing was charged; try again in a while.") from ending
        except (NeedsPerson, Refused) as ending:
            raise Conflict(f"{ending.why} Nothing was charged.") from ending
        finally:
            await asking.book(site, meter.calls)
        async with asking.charging(site, "script", CREDITS):
            return made
