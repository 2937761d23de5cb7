"""Exports over the API: what platforms take, what keeps a video from it, and a file that meets it."""

from pathlib import Path

from api.api_house import Tenant
from desk.video_rows import film
from media.film import clip
from nightdesk.bootstrap import House
from nightdesk.lines.keeping import keep_assets
from routes.one_house import alice, app, bob, house, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names

V1 = "/api/v1/export"


async def real(house: House, tenant: Tenant, folder: Path) -> int:
    """A video whose file is a clip of a second, wide and small."""
    file = await house.files.put(tenant.workspace, clip(folder / "clip.mp4", 1, "320x240"), "video/mp4")
    async with house.store.workspace(tenant.workspace) as session:
        await keep_assets(session, tenant.workspace, [file])
    return (await film(house, tenant, file=file.sha256)).id


async def test_platforms_tell_what_they_take(alice: Tenant) -> None:
    told = (await alice.client.get("/api/export/platforms/")).json()["platforms"]
    assert {"seconds", "shapes", "bytes", "sources"} <= next(iter(told.values())).keys()


async def test_a_video_is_held_against_platforms_and_made_to_fit(
    house: House, alice: Tenant, bob: Tenant, tmp_path: Path
) -> None:
    number = await real(house, alice, tmp_path)
    platforms = (await alice.client.get(f"{V1}/platforms")).json()["platforms"]
    found = (await alice.client.get(f"{V1}/validate/{number}")).json()
    assert [one["platform"] for one in found["platforms"]] == list(platforms)
    shape = next(one for one in found["platforms"] if any(error["mendable"] for error in one["errors"]))
    assert shape["valid"] is False
    made = await alice.client.post(f"{V1}/optimize/{number}", params={"platform": shape["platform"]})
    assert made.status_code == 200, made.text
    told = made.json()
    assert (told["same"], bool(told["changes"])) == (False, True)
    file = await alice.client.get(told["url"])
    assert (file.status_code, len(file.content)) == (200, told["size"])
    assert (await bob.client.get(told["url"])).status_code == 404


async def test_what_cannot_be_exported_says_why(house: House, alice: Tenant, bob: Tenant) -> None:
    broken = (await film(house, alice)).id
    assert (await alice.client.get(f"{V1}/validate/{broken}")).status_code == 409
    wrong = await alice.client.post(f"{V1}/optimize/{broken}", params={"platform": "television"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "platform")
    assert (await alice.client.post(f"{V1}/optimize/{broken}")).status_code == 400
    assert (await bob.client.get(f"{V1}/validate/{broken}")).status_code == 404
    known = next(iter((await bob.client.get(f"{V1}/platforms")).json()["platforms"]))
    theirs = await bob.client.post(f"{V1}/optimize/{broken}", params={"platform": known})
    assert theirs.status_code == 404
    unmade = (await film(house, alice, file=None, status="captioned")).id
    assert (await alice.client.get(f"{V1}/validate/{unmade}")).status_code == 404
