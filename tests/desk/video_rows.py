"""Videos for tests of the desk and of faces: rows as the stages leave them, with files that are there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from api.api_house import Tenant
from nightdesk.bootstrap import House
from nightdesk.lines.keeping import keep_assets
from nightdesk.store.tables.runs import Run
from nightdesk.store.tables.videos import Scene, Video

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 4
SAYS = ("Compost needs air.", "Turn the heap once a week.", "That is all there is to it.")


@dataclass(frozen=True)
class Film:
    """A finished video at the gate: its number and the SHA-256 of its file."""

    id: int
    file: str


async def film(house: House, tenant: Tenant, **facts: Any) -> Film:
    """A video of three scenes, at the gate unless its `status` says otherwise."""
    put, of = house.files.put, tenant.workspace
    file, wav = await put(of, MP4, "video/mp4"), await put(of, b"RIFF....WAVE", "audio/wav")
    png, srt = await put(of, b"\x89PNG\r\n", "image/png"), await put(of, b"1\n", "application/x-subrip")
    row = {
        "workspace_id": of,
        "site_id": tenant.site,
        "topic": "Compost",
        "title": "How to compost",
        "status": "review",
        "asked_by": "api",
        "progress": 100,
        "seconds": 12.0,
        "width": 1080,
        "height": 1920,
        "platforms": ["youtube"],
        "file": file.sha256,
        "cover": png.sha256,
        "narration": wav.sha256,
        "srt": srt.sha256,
        "vtt": srt.sha256,
        **facts,
    }
    async with house.store.workspace(of) as session:
        await keep_assets(session, of, [file, wav, png, srt])
        number = (await session.execute(insert(Video).values(row).returning(Video.id))).scalar_one()
        scenes = [
            {
                "workspace_id": of,
                "site_id": tenant.site,
                "video_id": number,
                "position": position,
                "heading": f"Part {position}",
                "says": says,
                "prompt": "a heap of compost",
                "status": "filmed",
                "sound": wav.sha256,
                "seconds": 3.0,
                "words": [["Compost", 0.0, 1.0]],
                "picture": png.sha256,
                "mime": "image/png",
                "seed": position,
            }
            for position, says in enumerate(SAYS, 1)
        ]
        await session.execute(insert(Scene), scenes)
    return Film(number, file.sha256)


async def scenes(house: House, tenant: Tenant, video: int) -> list[Scene]:
    async with house.store.workspace(tenant.workspace) as session:
        query = select(Scene).where(Scene.video_id == video).order_by(Scene.position)
        return list(await session.scalars(query))


async def runs(house: House, tenant: Tenant) -> list[Run]:
    async with house.store.workspace(tenant.workspace) as session:
        return list(await session.scalars(select(Run).order_by(Run.id)))
