"""The routes of one idea in both forms: an article made as a video too, a video written as an article."""

from typing import Any

from fastapi import APIRouter, Response

from nightdesk.desk.videos.twins import Twins
from nightdesk.faces.api.answers import problems
from nightdesk.faces.api.identity import By, WorkspaceId
from nightdesk.faces.api.parameters import DeskHere, Number
from nightdesk.faces.api.row_shapes import Shown

router = APIRouter(prefix="/api/v1", tags=["videos"])


class FormShown(Shown):
    """One form of the idea; `id` is null while an article is planned and not written yet."""

    id: int | None
    title: str
    status: str


class BothForms(Shown):
    """Both forms of an idea; `video` is null where there is none yet, `article` likewise. What goes out leads
    to the other form."""

    article: FormShown | None
    video: FormShown | None
    task_id: int | None
    new: bool

    @classmethod
    def of(cls, found: Twins | None) -> "BothForms":
        if found is None:
            return cls(article=None, video=None, task_id=None, new=False)
        return cls(
            article=FormShown(id=found.content_id, title=found.article, status=found.article_status),
            video=FormShown(id=found.video_id, title=found.video, status=found.video_status),
            task_id=found.task_id,
            new=found.new,
        )


@router.get("/contents/{number}/other-form", response_model=BothForms, responses=problems(404))
async def of_content(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """The video that tells an article's idea; both are null where it has none."""
    return BothForms.of(await desk.videos.twinning.of_content(workspace, number))


@router.post("/contents/{number}/other-form", response_model=BothForms, responses=problems(402, 403, 404))
async def as_video(desk: DeskHere, by: By, number: Number, response: Response) -> Any:
    """Has a video made of what an article is about: 201, or 200 where that was asked for before."""
    return _answer(await desk.videos.twinning.as_video(by, number), response)


@router.get("/videos/{number}/other-form", response_model=BothForms, responses=problems(404))
async def of_video(desk: DeskHere, workspace: WorkspaceId, number: Number) -> Any:
    """The article that tells a video's idea; both are null where it has none."""
    return BothForms.of(await desk.videos.twinning.of_video(workspace, number))


@router.post("/videos/{number}/other-form", response_model=BothForms, responses=problems(403, 404, 409))
async def as_article(desk: DeskHere, by: By, number: Number, response: Response) -> Any:
    """Plans an article on what a video is about: 201, or 200 where that was asked for before."""
    return _answer(await desk.videos.twinning.as_article(by, number), response)


def _answer(found: Twins, response: Response) -> BothForms:
    response.status_code = 201 if found.new else 200
    return BothForms.of(found)
