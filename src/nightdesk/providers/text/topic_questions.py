"""The questions about topics that the desk puts to a text provider, and what it expects back."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from nightdesk.providers.text.questions import ClusterToPlan, SiteBrief

HookKind = Literal["question", "figure", "promise", "claim", "story", "address"]
Emotion = Literal["joy", "surprise", "fear", "anger", "sadness", "trust", "curiosity", "disgust"]
Trigger = Literal[
    "curiosity", "urgency", "scarcity", "authority", "social_proof", "contrast", "usefulness", "identity"
]
Pace = Literal["slow", "even", "brisk"]
Line = Annotated[str, Field(max_length=300)]


class TopicsToPropose(BaseModel):
    """What a site has to go by; `stories` are headlines that were gathered elsewhere."""

    site: SiteBrief
    count: int
    clusters: list[ClusterToPlan] = Field(default_factory=list)
    stories: list[str] = Field(default_factory=list)
    said: list[str] = Field(default_factory=list, description="titles that must not come again")


class ProposedTopic(BaseModel):
    title: str = Field(min_length=8, max_length=160)
    summary: str = Field(default="", max_length=400)


class TopicsProposed(BaseModel):
    topics: list[ProposedTopic] = Field(max_length=50)


class DocumentToAnalyse(BaseModel):
    title: str
    text: str
    language: str = ""


class Hook(BaseModel):
    text: str = Field(max_length=400)
    kind: HookKind


class FoundEmotion(BaseModel):
    name: Emotion
    strength: float = Field(ge=0, le=1)


class Pacing(BaseModel):
    """`words_a_sentence` on average; `shortest` and `longest` in words."""

    pace: Pace
    words_a_sentence: float = Field(ge=0, le=500)
    shortest: int = Field(ge=0)
    longest: int = Field(ge=0)


class DocumentAnalysed(BaseModel):
    """What makes a document work."""

    hook: Hook
    structure: list[Line] = Field(max_length=20, description="its parts in order, a few words each")
    emotions: list[FoundEmotion] = Field(max_length=8)
    triggers: list[Trigger] = Field(max_length=8)
    keywords: list[Annotated[str, Field(max_length=80)]] = Field(max_length=15)
    pacing: Pacing
