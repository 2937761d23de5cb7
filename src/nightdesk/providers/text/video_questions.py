"""The questions about scripts of videos: what each hands to a text provider and what it expects back."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from nightdesk.kit.text import clean
from nightdesk.providers.text.questions import SiteBrief, SourceDocument

VideoKind = Literal["explainer", "list", "story", "dialogue"]


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_cleaned)]
"""Text fit to store, whatever control characters came with it."""
Objection = Annotated[Text, Field(min_length=1, max_length=400)]
Hashtag = Annotated[Text, Field(max_length=60)]
Score = Annotated[int, Field(ge=0, le=10)]


class NumberedPassage(BaseModel):
    """A piece of one of the site's own documents."""

    number: int = Field(description="as cited in `cites`")
    document: int
    text: str


class PlatformLimits(BaseModel):
    """Characters of title and description and the number of hashtags, the least of where it is to appear."""

    title: int = 100
    description: int = 2000
    hashtags: int = 5


class VideoSubject(BaseModel):
    """What every question about a script says of the video; `words` are those that fit into `seconds`."""

    site: SiteBrief
    title: str
    summary: str = ""
    kind: VideoKind = "explainer"
    language: str = "en"
    seconds: int = 30
    words: int = 80
    most_scenes: int = Field(default=12, description="of them all, with the hook and the call to action")
    character: str = Field(default="", description="who or what is to be seen in the pictures")
    opening: str = Field(default="", description="how the hook is to begin")
    limits: PlatformLimits = PlatformLimits()
    documents: list[SourceDocument] = Field(default_factory=list)
    passages: list[NumberedPassage] = Field(default_factory=list)


class ScriptToOutline(VideoSubject):
    """A video to be planned."""


class ScriptBeat(BaseModel):
    """What one scene is to say."""

    point: Text = Field(min_length=1, max_length=400)
    cites: list[int] = Field(default_factory=list, max_length=12, description="numbers of passages")


class ScriptOutlined(BaseModel):
    """The thread of a video."""

    hook: Text = Field(max_length=400, description="why somebody keeps watching after two seconds")
    beats: list[ScriptBeat] = Field(min_length=1, max_length=60)


class ScriptScene(BaseModel):
    """One scene: `says` is read aloud as it stands, `prompt` describes what is to be seen."""

    heading: Text = Field(default="", max_length=120)
    says: Text = Field(min_length=1, max_length=1200)
    speaker: Literal[0, 1] = 0
    prompt: Text = Field(default="", max_length=1500)
    cites: list[int] = Field(default_factory=list, max_length=12, description="numbers of passages")


class ScriptWritten(BaseModel):
    """A script: hook, scenes and call to action are read aloud in that order."""

    title: Text = Field(min_length=1, max_length=200)
    hook: Text = Field(max_length=400)
    hook_cites: list[int] = Field(default_factory=list, max_length=12)
    scenes: list[ScriptScene] = Field(min_length=1, max_length=60)
    cta: Text = Field(default="", max_length=300)
    description: Text = Field(default="", max_length=5000)
    hashtags: list[Hashtag] = Field(default_factory=list, max_length=30)


class ScriptToWrite(VideoSubject):
    """A planned video; `draft` and `objections` where it was written once and is to be written better."""

    hook: str = ""
    beats: list[ScriptBeat] = Field(default_factory=list)
    draft: ScriptWritten | None = None
    objections: list[str] = Field(default_factory=list)


class ScriptToJudge(VideoSubject):
    """A written script to be judged against its sources."""

    script: ScriptWritten


class ScriptJudged(BaseModel):
    """Scores from 0 to 10, and what has to change before it may be filmed."""

    hook: Score
    truth: Score
    clarity: Score
    pace: Score
    objections: list[Objection] = Field(default_factory=list, max_length=8)
