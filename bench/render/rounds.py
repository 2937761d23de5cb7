"""Our own renderer, measured several times in one run: whole, again, after edits, beside encoding alone."""

from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Figure
from bench.render.competing import Took, Watched, watched
from bench.render.film import ANEW, FRAMES, RATE, edited
from bench.render.floor import Finished, encoded_alone, finished, likeness
from nightdesk.kit.clock import SystemClock
from nightdesk.media.ffmpeg import Ffmpeg
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.renderers.contract import Rendered, RenderRequest
from nightdesk.providers.renderers.ffmpeg import FfmpegRenderer

ALONE, WHOLE, AGAIN = "finished frames encoded alone", "ours, whole", "ours, the same again"
MOST_OF_FLOOR, MOST_AFTER_SENTENCE, MOST_MEMORY = 1.5, 0.25, 600
LIKE_ENOUGH = 90.0
"""VMAF; about what viewers call good on a phone (Netflix' model v0.6.1, 93 and more: as the original)."""

Row = tuple[str, Took, str]


@dataclass
class Rounds:
    """Rounds of the same work, each in a folder of its own, so that none finds parts of the one before."""

    ffmpeg: Ffmpeg
    wanted: RenderRequest
    folder: Path
    every: int
    found: list[dict[str, Watched]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    reel: Finished | None = None

    async def one_more(self) -> None:
        """Measures everything once more; what no round changes, the frames, only the first time."""
        home = self.folder / f"round-{len(self.found)}"
        home.mkdir()
        self.found.append({})
        whole = await self._ours(WHOLE, self.wanted, home)
        await self._ours(AGAIN, self.wanted, home)
        for which in range(len(ANEW)):
            after = await self._ours(edit(which), edited(self.wanted, which, home), home)
            self._fact(which, after)
        if self.reel is None:
            self.reel = await finished(self.ffmpeg, self.wanted, self.folder)
            vmaf, ssim = await likeness(self.ffmpeg, whole.video, self.reel.reading, self.every)
            self.figures += [
                Figure.fact(f"{sum(FRAMES)} frames", whole.frames == sum(FRAMES), str(whole.frames)),
                Figure.least(
                    f"VMAF of one of {self.every} frames beside the uncompressed", vmaf, LIKE_ENOUGH, ""
                ),
                Figure("SSIM of the same", f"{ssim:.4f}"),
            ]
        alone = Watched(await encoded_alone(self.ffmpeg, self.reel, self.folder))
        self.found[-1][ALONE] = alone
        print(
            ", ".join(f"{label}: {one.took.cpu:.1f} s" for label, one in self.found[-1].items()), flush=True
        )

    def took(self, label: str) -> Took:
        """What it took in the round that is the median of all by the processor's time."""
        tooks = sorted((one[label].took for one in self.found), key=lambda took: took.cpu)
        return tooks[len(tooks) // 2]

    def rows(self) -> list[Row]:
        labels = [ALONE, WHOLE, AGAIN, *(edit(which) for which in range(len(ANEW)))]
        return [(label, self.took(label), self._note(label)) for label in labels]

    def reached(self) -> list[Figure]:
        """The figures of ours, each the median of the rounds' own ratios; memory the most of all rounds."""
        whole = [one[WHOLE] for one in self.found]
        return [
            Figure.most("whole render, of encoding alone", self._ratio(WHOLE, ALONE), MOST_OF_FLOOR, "x", 2),
            *(_after_sentence(which, self._ratio(edit(which), WHOLE)) for which in range(len(ANEW))),
            Figure.most("memory, largest process", max(one.largest for one in whole), MOST_MEMORY, "MB", 0),
            Figure.most(
                "memory, all processes together at their peak",
                max(one.together for one in whole),
                MOST_MEMORY,
                "MB",
                0,
            ),
            *self.figures,
        ]

    async def _ours(self, label: str, request: RenderRequest, home: Path) -> Rendered:
        renderer = FfmpegRenderer(self.ffmpeg, SystemClock())
        async with watched() as found:
            done = await renderer.render(
                request, home / f"{len(self.found[-1])}.mp4", home / "parts", ListMeter()
            )
        self.found[-1][label] = found
        self.notes[label] = f"{done.made} made, {done.reused} kept"
        return done

    def _fact(self, which: int, after: Rendered) -> None:
        if len(self.found) == 1:
            scene, frames, _ = ANEW[which]
            length = sum(FRAMES) - FRAMES[scene] + frames
            self.figures.append(
                Figure.fact(f"{length} frames then", after.frames == length, str(after.frames))
            )

    def _ratio(self, label: str, of: str) -> float:
        ratios = sorted(one[label].took.cpu / one[of].took.cpu for one in self.found)
        return ratios[len(ratios) // 2]

    def _note(self, label: str) -> str:
        tooks = sorted(one[label].took.cpu for one in self.found)
        spread = f"of {len(tooks)}: {tooks[0]:.1f} to {tooks[-1]:.1f}"
        return f"{spread}; {self.notes[label]}" if label in self.notes else spread


def edit(which: int) -> str:
    """What an edit is called."""
    scene, _, _ = ANEW[which]
    return f"ours, a sentence of scene {scene + 1} ({FRAMES[scene] / RATE:.1f} s) changed"


def _after_sentence(which: int, share: float) -> Figure:
    """What an edit of one sentence took of a whole render: to be reached by a scene of mean length."""
    if which:
        return Figure("sentence of the longest scene changed, of whole render", f"{share:.2f} x")
    told = "sentence of a scene of mean length changed, of whole render"
    return Figure.most(told, share, MOST_AFTER_SENTENCE, "x", 2)
