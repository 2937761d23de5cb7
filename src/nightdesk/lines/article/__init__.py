"""The article line: from keywords to articles at the review gate."""

from nightdesk.lines.article.clusters import Clusters
from nightdesk.lines.article.content import Content
from nightdesk.lines.article.grouped import Grouped
from nightdesk.lines.article.ideas import Ideas
from nightdesk.lines.article.image_prompts import ImagePrompts
from nightdesk.lines.article.images import Images
from nightdesk.lines.article.review import Review
from nightdesk.lines.article.sections import Sections
from nightdesk.lines.article.tasks import Tasks
from nightdesk.stage import Line

ARTICLE = Line(
    "article",
    (
        Grouped(),
        Clusters(),
        Ideas(),
        Tasks(),
        Sections(),
        Content(),
        ImagePrompts(),
        Images(),
        Review(),
    ),
)
