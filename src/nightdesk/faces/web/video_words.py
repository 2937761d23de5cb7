"""How videos are spoken of on pages: their steps, what each of them is doing, kinds, shapes and looks."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.desk.videos import Shown
from nightdesk.desk.videos.standing import NOT_BEGUN

KINDS = {
    "explainer": ("Explainer", "One thought, told from start to end."),
    "list": ("List", "So many things, one after the other."),
    "story": ("Story", "What happened, and what came of it."),
    "dialogue": ("Dialogue", "Two voices, asking and answering."),
}
SHAPES = {"9:16": "Upright, for phones", "1:1": "Square", "16:9": "Wide, for screens"}
LOOKS = {
    "clean": "Clean",
    "box": "In a box",
    "pop": "Pop",
    "sweep": "Sweep",
    "plain": "Plain",
    "none": "None",
}
STEPS = (
    ("scripts", "Script"),
    ("narration", "Voice"),
    ("captions", "Captions"),
    ("clips", "Pictures"),
    ("renders", "Render"),
    ("checks", "Checks"),
    ("thumbnails", "Thumbnails"),
    ("review", "Your decision"),
)
"""What a video goes through, as its standing names the stage."""

STATES = {
    "pending": "waits",
    "queued": "waits its turn",
    "generating_script": "script is written",
    "generating_audio": "is read aloud",
    "generating_subtitles": "captions are set",
    "generating_clips": "pictures are made",
    "rendering": "is rendered",
    "ready_for_review": "waits for you",
    "approved": "approved",
    "publishing": "is published",
    "published": "published",
    "failed": "stopped",
    "cancelled": "cancelled",
    "sent_back": "sent back",
    "rejected": "rejected",
}
_LIBRARIES = {"stock:pexels": "Pexels", "stock:pixabay": "Pixabay"}

COLOURS = {
    "ready_for_review": "review",
    "generating_script": "working",
    "generating_audio": "working",
    "generating_subtitles": "working",
    "generating_clips": "working",
    "rendering": "working",
    "publishing": "working",
}
"""The badge whose colour a status has."""

CLOSED = ("approved", "publishing", "published", "rejected", "cancelled")
MADE = ("review", "sent_back", *CLOSED)


@dataclass(frozen=True)
class Step:
    """One step as it stands: `done`, `now`, `failed` or `later`."""

    name: str
    title: str
    standing: str


def filmed_by(name: str) -> str:
    """A maker of clips in words, by the name that it is asked for by."""
    provider, _, model = name.partition(":")
    if name in _LIBRARIES:
        return f"Footage from {_LIBRARIES[name]}"
    if provider == "comfyui" and model:
        return f"ComfyUI, workflow {model}"
    return {"motion": "A camera over pictures", "ltx": "LTX-Video, on this machine"}.get(name, name)


def state_of(shown: Shown) -> str:
    """How it stands in a word; a job that is closed says by what."""
    status = shown.video.status
    return status if status in ("sent_back", "rejected") else shown.standing.status


def steps(shown: Shown) -> list[Step]:
    """The steps with how far the video has come."""
    names = [name for name, _ in STEPS]
    stage, status = shown.standing.stage, shown.video.status
    at = names.index(stage) if stage in names else len(names) if stage == "publishing" else 0
    if status in ("approved", "rejected"):
        at = len(names)
    here = "failed" if shown.standing.status == "failed" else "now"
    if status == "cancelled":
        return [Step(name, title, "later") for name, title in STEPS]
    return [
        Step(name, title, "done" if place < at else here if place == at else "later")
        for place, (name, title) in enumerate(STEPS)
    ]


def doing(shown: Shown) -> str:
    """One sentence on what happens to it just now, or what it waits for."""
    video, scenes, standing = shown.video, shown.scenes, shown.standing
    if standing.status in ("pending", "queued") and video.status in NOT_BEGUN:
        return "It waits for a worker to take it up."
    if standing.note:
        return standing.note
    of = len(scenes)
    return {
        "picked": "What the topic leads to is taken in.",
        "pending": "The script is being written from what the site may cite.",
        "scripted": f"{_done(scenes, 'sound')} of {of} scenes are read aloud.",
        "narrated": "The captions are set to the words.",
        "captioned": f"{_done(scenes, 'picture')} of {of} scenes have their picture.",
        "filmed": "Scenes, voice and captions are rendered into one file.",
        "rendered": "The file is looked through for what should keep it back.",
        "checked": "The thumbnails are made.",
        "finished": "It is on its way to you.",
        "review": "Watch it, then decide.",
        "sent_back": "It was sent back: change what is to be different, and it is made anew.",
        "approved": "It is approved.",
        "rejected": "It was rejected. It can be put back any time.",
        "cancelled": "It was cancelled. What was made of it is kept.",
    }.get(video.status, "")


def _done(scenes: Sequence[object], field: str) -> int:
    return sum(bool(getattr(scene, field)) for scene in scenes)
