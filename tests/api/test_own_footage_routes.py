"""A site's own photos and clips over the API: added, listed, changed, fetched, removed and restored."""

import pytest

from api.api_house import Tenant
from desk.test_own_footage import photo
from routes.one_house import alice, app, bob, house, nobody, tenant_of  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names


def at(tenant: Tenant) -> str:
    return f"/api/v1/sites/{tenant.site}/own-footage"


SENT = {"file": ("heap.jpg", photo(), "image/jpeg")}


async def test_a_photo_is_added_changed_fetched_removed_and_restored(alice: Tenant) -> None:
    here, told = at(alice), {"shows": "a compost heap", "source": "the photo club", "by_model": True}
    added = await alice.client.post(here, files=SENT, params=told)
    assert added.status_code == 201, added.text
    piece = added.json()
    assert {name: piece[name] for name in told} == told
    assert (piece["kind"], piece["width"], piece["off"]) == ("photo", 320, False)
    one = f"{here}/{piece['id']}"
    changed = await alice.client.patch(one, json={"shows": "a heap in autumn", "off": True})
    assert changed.json() == piece | {"shows": "a heap in autumn", "off": True}
    assert (await alice.client.get(here)).json() == {"items": [changed.json()]}
    file = await alice.client.get(f"{one}/file")
    assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    assert b"Secret" not in file.content
    assert (await alice.client.delete(one)).status_code == 204
    assert (await alice.client.get(here)).json() == {"items": []}
    assert (await alice.client.get(f"{one}/file")).status_code == 404
    assert (await alice.client.post(f"{one}/restore")).json() == changed.json()


@pytest.mark.parametrize(
    ("content", "shows", "status", "field"),
    [
        (b"no photo", "a compost heap", 422, "file"),
        (photo("green"), "ab", 400, "shows"),
        (photo("green"), "of the", 422, "shows"),
        (photo("green"), "x" * 301, 400, "shows"),
        (photo("green"), "a heap\0", 400, None),
        (bytes((20 << 20) + 1), "a compost heap", 413, None),
    ],
)
async def test_what_cannot_be_kept_is_told_by_its_field(
    alice: Tenant, content: bytes, shows: str, status: int, field: str | None
) -> None:
    sent = {"file": ("heap.jpg", content, "image/jpeg")}
    answer = await alice.client.post(at(alice), files=sent, params={"shows": shows})
    assert answer.status_code == status, answer.text
    if field:
        assert answer.json()["errors"][0]["field"] == field
    assert (await alice.client.get(at(alice))).json() == {"items": []}


async def test_the_same_is_added_once_and_nobody_sees_anothers(alice: Tenant, bob: Tenant) -> None:
    first = await alice.client.post(at(alice), files=SENT, params={"shows": "a compost heap"})
    again = await alice.client.post(at(alice), files=SENT, params={"shows": "another heap"})
    assert (again.status_code, "has it already" in again.json()["detail"]) == (409, True)
    for where in (at(alice), at(bob)):
        one = f"{where}/{first.json()['id']}"
        answers = [
            await bob.client.patch(one, json={"off": True}),
            await bob.client.delete(one),
            await bob.client.post(f"{one}/restore"),
            await bob.client.get(f"{one}/file"),
        ]
        assert {answer.status_code for answer in answers} == {404}
