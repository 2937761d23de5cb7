"""Videos on their way down the video line, and the scenes that each is made of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nightdesk.store.tables.columns import (
    Json,
    OfSite,
    Table,
    Workable,
    in_hand,
    parked,
    state,
    waiting,
    within,
)

_NONE, _EMPTY, _OBJECT = text("''"), text("'[]'"), text("'{}'")


class Video(Workable, Table):
    """A video. Its files (`narration`, `srt`, `vtt`, `file`, `cover`) are named by the SHA-256 of assets.

    `target` is in seconds, as asked for; `seconds` is what became of it. `kind` is how it tells its story,
    `shape` width to height. `music`: the site's where it has some; `given` is what of
    the site's files it is made with. Variants of one wish share `ordered`. `progress` goes from 0 to 100.
    """

    __tablename__ = "videos"
    __table_args__ = (
        within("site_id", to="sites"),
        within("topic_id", to="topics", ondelete="SET NULL (topic_id)"),
        Index("ix_videos_site", "workspace_id", "site_id", "id"),
        Index("ix_videos_review", "workspace_id", "site_id", postgresql_where=text("state = 'review'")),
        waiting("videos", "pending"),
        in_hand("videos"),
        parked("videos"),
    )

    topic_id: Mapped[int | None]
    topic: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    asked_by: Mapped[str] = mapped_column(server_default=_NONE)
    publish: Mapped[bool] = mapped_column(server_default=text("false"))
    music: Mapped[bool] = mapped_column(server_default=text("true"))
    given: Mapped[Json] = mapped_column(server_default=_OBJECT)
    platforms: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    model: Mapped[str] = mapped_column(server_default=_NONE)
    scheduled_for: Mapped[datetime | None]
    title: Mapped[str] = mapped_column(server_default=_NONE)
    kind: Mapped[str] = mapped_column(server_default=text("'explainer'"))
    shape: Mapped[str] = mapped_column(server_default=text("'9:16'"))
    language: Mapped[str] = mapped_column(server_default=_NONE)
    target: Mapped[int] = mapped_column(server_default=text("30"))
    voice: Mapped[str] = mapped_column(server_default=_NONE)
    second_voice: Mapped[str] = mapped_column(server_default=_NONE)
    captions: Mapped[str] = mapped_column(server_default=text("'clean'"))
    custom_script: Mapped[str] = mapped_column(server_default=_NONE)
    character: Mapped[str] = mapped_column(server_default=_NONE)
    script: Mapped[Json] = mapped_column(server_default=_OBJECT)
    narration: Mapped[str | None]
    srt: Mapped[str | None]
    vtt: Mapped[str | None]
    file: Mapped[str | None]
    cover: Mapped[str | None]
    thumbnails: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    seconds: Mapped[float | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    checks: Mapped[Json] = mapped_column(server_default=_OBJECT)
    marks: Mapped[Json] = mapped_column(server_default=_OBJECT)
    notes: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    label: Mapped[str] = mapped_column(server_default=_NONE)
    may_publish_itself: Mapped[bool] = mapped_column(server_default=text("false"))
    progress: Mapped[int] = mapped_column(server_default=text("0"))
    variant: Mapped[int] = mapped_column(server_default=text("1"))
    ordered: Mapped[UUID | None]
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    reviewed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(state(walks=True))


class Scene(Workable, Table):
    """One scene: what is said in it (`says`, by speaker 0 or 1) and what is seen.

    `sound`, `picture` and `footage` are assets; `words` are `[text, start, end]` in seconds from the start of
    its sound, which lasts `seconds`. `voice` and `label` say what made sound and picture. `cites` are numbers
    of the passages that the script was written from, `sources` those passages themselves, each with its
    document. `source` names footage that others may get as well (`pexels:856946`), from when it is chosen on,
    or the site's own piece (`own:12`). `passed` are the numbers of own pieces in whose place a person wanted
    something else.
    """

    __tablename__ = "scenes"
    __table_args__ = (
        within("site_id", to="sites"),
        within("video_id", to="videos"),
        UniqueConstraint("workspace_id", "video_id", "position", deferrable=True),
        Index("ix_scenes_source", "workspace_id", "source", postgresql_where=text("source <> ''")),
        waiting("scenes", "pending"),
        in_hand("scenes"),
        parked("scenes"),
    )

    video_id: Mapped[int]
    position: Mapped[int]
    heading: Mapped[str] = mapped_column(server_default=_NONE)
    says: Mapped[str]
    speaker: Mapped[int] = mapped_column(server_default=text("0"))
    prompt: Mapped[str] = mapped_column(server_default=_NONE)
    cites: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    sources: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    source: Mapped[str] = mapped_column(server_default=_NONE)
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    sound: Mapped[str | None]
    voice: Mapped[str] = mapped_column(server_default=_NONE)
    words: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    seconds: Mapped[float | None]
    picture: Mapped[str | None]
    mime: Mapped[str | None]
    footage: Mapped[str | None]
    move: Mapped[str] = mapped_column(server_default=_NONE)
    seed: Mapped[int] = mapped_column(server_default=text("0"))
    label: Mapped[str] = mapped_column(server_default=_NONE)
    note: Mapped[str] = mapped_column(server_default=_NONE)
    passed: Mapped[list[Any]] = mapped_column(server_default=_EMPTY)
    state: Mapped[str] = mapped_column(state(walks=True))


class OwnPiece(OfSite, Table):
    """A photo or clip of a site's own, which scenes of its videos show where its words fit.

    `picture` and `footage` are assets: the photo, `width` by `height` pixels, or a clip's first frame and the
    clip. `shows` says what is to be seen, `source` whose it is. It is removed for good a day after
    `removed_at`.
    """

    __tablename__ = "own_footage"
    __table_args__ = (
        within("site_id", to="sites"),
        Index("ix_own_footage_site", "workspace_id", "site_id", "id"),
    )

    picture: Mapped[str]
    mime: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    footage: Mapped[str | None]
    shows: Mapped[str]
    source: Mapped[str] = mapped_column(server_default=_NONE)
    by_model: Mapped[bool] = mapped_column(server_default=text("false"))
    off: Mapped[bool] = mapped_column(server_default=text("false"))
    added_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    removed_at: Mapped[datetime | None]
