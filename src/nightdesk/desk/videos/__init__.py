"""All that people and clients may ask of videos: order them, follow, change, decide on and fetch them."""

from dataclasses import dataclass

from nightdesk.desk.providers import Providers
from nightdesk.desk.runs import Runs
from nightdesk.desk.signing import Signing
from nightdesk.desk.topics import Topics
from nightdesk.desk.video_facts import CAPTIONS
from nightdesk.desk.videos.affording import Affording
from nightdesk.desk.videos.changes import Changes
from nightdesk.desk.videos.citing import Citing
from nightdesk.desk.videos.costs import VideoCosts
from nightdesk.desk.videos.decisions import Decision, Decisions
from nightdesk.desk.videos.exports import Exported, Exports, Verdict
from nightdesk.desk.videos.files import Opened, VideoFiles, Which
from nightdesk.desk.videos.giving import Giving
from nightdesk.desk.videos.ordering import Ordered, Ordering
from nightdesk.desk.videos.own_footage import OwnFootage
from nightdesk.desk.videos.own_shelf import OwnShelf
from nightdesk.desk.videos.reckoning import Reckoning
from nightdesk.desk.videos.redoing import ChangedMeanwhile, Redoing
from nightdesk.desk.videos.sampling import Sampling
from nightdesk.desk.videos.scenes import Changed, SceneChanges, Scenes
from nightdesk.desk.videos.shelf import Shelf, Shown, VideoFilter
from nightdesk.desk.videos.standing import JOBS, Standing
from nightdesk.desk.videos.starting import Starting
from nightdesk.desk.videos.steering import Steering
from nightdesk.desk.videos.twins import Twinning, Twins
from nightdesk.desk.videos.variants import Variants
from nightdesk.desk.videos.wishes import KINDS, MOST_VARIANTS, VideoWish
from nightdesk.desk.videos.writing import Writing
from nightdesk.desk.voices import Voices
from nightdesk.engine.control import Control
from nightdesk.store.session import Store

__all__ = [
    "CAPTIONS",
    "JOBS",
    "KINDS",
    "MOST_VARIANTS",
    "Changed",
    "ChangedMeanwhile",
    "Decision",
    "Exported",
    "Opened",
    "Ordered",
    "SceneChanges",
    "Shown",
    "Standing",
    "Twins",
    "Verdict",
    "VideoFilter",
    "VideoWish",
    "Videos",
    "Which",
]


@dataclass(frozen=True)
class Videos:
    """The parts of the area.

    `ordering.order` takes a wish; `shelf` lists, shows, tells how far one is (`listed`, `show`, `progress`,
    `today`, `logs`); `scenes` changes scenes (`edit`, `remake`, `remake_sound`, `move`, `add`, `remove`) and
    `changes` a whole video (`change`, `rewrite`, `remake_thumbnail`, `choose_thumbnail`), each from
    a revision that was read; `steering` cancels, tries again and deletes; `decisions.decide` is the gate;
    `files` finds and reads what was made, `exports` holds it against platforms; `writing` writes a script
    alone; `starting` has runs begun; `reckoning` tells what a wish would cost, `affording` sees that there
    are credits for it, `costs` tells what a video did cost; `sampling` lets voices be heard, `citing` finds
    what sources say beside the scenes, `variants` the others of one wish; `giving` takes in intro,
    outro and music, `own_footage` photos and clips of scenes, `own_shelf` those that a site's scenes take by
    themselves, `signing` the certificate, `twinning` makes one idea in both forms.
    """

    ordering: Ordering
    shelf: Shelf
    scenes: Scenes
    changes: Changes
    steering: Steering
    decisions: Decisions
    files: VideoFiles
    exports: Exports
    writing: Writing
    starting: Starting
    reckoning: Reckoning
    affording: Affording
    costs: VideoCosts
    sampling: Sampling
    citing: Citing
    variants: Variants
    giving: Giving
    own_footage: OwnFootage
    own_shelf: OwnShelf
    signing: Signing
    twinning: Twinning

    @classmethod
    def over(
        cls,
        store: Store,
        control: Control,
        providers: Providers,
        runs: Runs,
        topics: Topics,
        voices: Voices,
    ) -> "Videos":
        """All parts over the areas that they need."""
        clock = providers.clock
        shelf, starting = Shelf(store, control, clock), Starting(store, runs, clock)
        reckoning = Reckoning(store, providers)
        affording = Affording(store, runs.insights, reckoning)
        redoing, files = Redoing(shelf, starting), VideoFiles(shelf, providers.files)
        return cls(
            Ordering(store, topics, voices, starting, affording),
            shelf,
            Scenes(redoing),
            Changes(redoing),
            Steering(redoing),
            Decisions(shelf),
            files,
            Exports(store, shelf, files, providers.means),
            Writing(store, providers),
            starting,
            reckoning,
            affording,
            VideoCosts(shelf),
            Sampling(voices),
            Citing(store),
            Variants(shelf),
            Giving(store, providers.files, providers.means),
            OwnFootage(redoing, providers.files, providers.means),
            OwnShelf(store, providers.files, providers.means, clock),
            Signing(store, providers.sealer, clock),
            Twinning(store, starting, affording),
        )
