"""The review gate: articles and their pictures, as a person reads, edits and decides on them."""

from dataclasses import dataclass

from nightdesk.desk.review.contents import Contents
from nightdesk.desk.review.decisions import Decisions
from nightdesk.desk.review.evidence import Sources
from nightdesk.desk.review.film_queue import FilmQueue
from nightdesk.desk.review.images import Images
from nightdesk.desk.review.pictures import Pictures
from nightdesk.desk.review.queue import Queue
from nightdesk.desk.review.revisions import Revisions
from nightdesk.desk.review.sections import Sections
from nightdesk.engine.control import Control
from nightdesk.kit.clock import Clock
from nightdesk.store.files import Files
from nightdesk.store.session import Store


@dataclass(frozen=True)
class Review:
    """What waits (articles in `queue`, videos in `films`), the articles with their revisions and sections,
    what is decided, and the pictures."""

    queue: Queue
    films: FilmQueue
    contents: Contents
    sources: Sources
    decisions: Decisions
    images: Images
    pictures: Pictures
    revisions: Revisions
    sections: Sections

    @classmethod
    def over(cls, store: Store, control: Control, files: Files, clock: Clock) -> "Review":
        contents = Contents(store, control, clock)
        return cls(
            Queue(store),
            FilmQueue(store),
            contents,
            Sources(store),
            Decisions(contents, clock),
            Images(store, control, files, clock),
            Pictures(store, files),
            Revisions(store),
            Sections(contents, clock),
        )
