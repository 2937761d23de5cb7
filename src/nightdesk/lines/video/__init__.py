"""The video line: from a topic to a narrated, captioned video at the review gate."""

from nightdesk.lines.video.captions import Captions
from nightdesk.lines.video.checks import Checks
from nightdesk.lines.video.clips import Clips
from nightdesk.lines.video.gathering import Gathering
from nightdesk.lines.video.narration import Narration
from nightdesk.lines.video.renders import Renders
from nightdesk.lines.video.review import Review
from nightdesk.lines.video.scripts import Scripts
from nightdesk.lines.video.telling import tell_parked
from nightdesk.lines.video.thumbnails import Thumbnails
from nightdesk.lines.video.topics import Topics
from nightdesk.stage import Line

VIDEO = Line(
    "video",
    (
        Topics(),
        Gathering(),
        Scripts(),
        Narration(),
        Captions(),
        Clips(),
        Renders(),
        Checks(),
        Thumbnails(),
        Review(),
    ),
    parked=tell_parked,
)
