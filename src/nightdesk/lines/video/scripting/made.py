"""What a script is written from, and a script as it is kept: every scene in the order in which it is said."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from nightdesk.providers.text.pace import seconds_of, words_said
from nightdesk.providers.text.questions import SiteBrief, SourceDocument
from nightdesk.providers.text.video_questions import NumberedPassage, PlatformLimits, VideoKind

Part = Literal["hook", "body", "cta"]


@dataclass(frozen=True)
class ScriptBrief:
    """All that a script is made from; `prompts` are the site's own instructions by the question's name.

    `title` and `summary` are the topic's, `language` is BCP 47, `seconds` how long the video is to be.
    """

    site: SiteBrief
    title: str
    summary: str = ""
    kind: VideoKind = "explainer"
    language: str = "en"
    seconds: int = 30
    documents: Sequence[SourceDocument] = ()
    passages: Sequence[NumberedPassage] = ()
    character: str = ""
    opening: str = ""
    limits: PlatformLimits = field(default_factory=PlatformLimits)
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SceneMade:
    """One scene: `says` is read aloud by voice `speaker`; `cites` are numbers of passages."""

    part: Part
    heading: str
    says: str
    speaker: Literal[0, 1] = 0
    prompt: str = ""
    cites: tuple[int, ...] = ()


@dataclass(frozen=True)
class ScriptMade:
    """A script: `scenes` with the hook first and the call to action last, where it has them.

    `checks` are reports by name (`script`, `grounding`, `instructions`, `judge`) with what remains to be
    mended; `documents` are numbers of those cited; `label` says who wrote it.
    """

    title: str
    language: str
    scenes: Sequence[SceneMade]
    description: str = ""
    hashtags: Sequence[str] = ()
    label: str = ""
    checks: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[int] = ()

    @property
    def hook(self) -> str:
        return " ".join(scene.says for scene in self.scenes if scene.part == "hook")

    @property
    def cta(self) -> str:
        return " ".join(scene.says for scene in self.scenes if scene.part == "cta")

    @property
    def text(self) -> str:
        """Everything that is said, a scene a line."""
        return "\n".join(scene.says for scene in self.scenes)

    @property
    def words(self) -> int:
        return words_said(self.text)

    @property
    def seconds(self) -> float:
        """How long it takes to be said, reckoned from its words."""
        return round(seconds_of(self.text, self.language), 1)

    def as_json(self) -> dict[str, Any]:
        """Hook, body, call to action and what was found of its facts, ready for a JSON column."""
        body = [asdict(scene) for scene in self.scenes if scene.part == "body"]
        facts = self.checks.get("grounding", {}).get("facts", {}).get("claims", [])
        return {
            "hook": self.hook,
            "body": body,
            "cta": self.cta,
            "facts": facts,
            "words": self.words,
            "seconds": self.seconds,
        }


def most_scenes(seconds: float) -> int:
    """Scenes that a video of that length may have: 12, and more where twelve would be too long each."""
    return max(MOST_SCENES, -(-round(seconds) // SECONDS_A_SCENE))


FEWEST_SCENES, MOST_SCENES = 3, 12
LONGEST_SCENE = 12.0
"""Seconds of speech over one picture, beyond which viewers have seen it."""
SECONDS_A_SCENE = 6
"""Which many scenes of a longer video take."""


def numbered(passages: Sequence[tuple[int, str]]) -> list[NumberedPassage]:
    """Passages as (document, text), numbered from 1 in their order."""
    return [
        NumberedPassage(number=number, document=document, text=text)
        for number, (document, text) in enumerate(passages, 1)
    ]
