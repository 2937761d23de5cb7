"""T24: no secret is in what is stored, logged, answered, told, exported, published or shown."""

import base64
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from canaries.desk_with_secrets import desk_with_secrets
from canaries.planting import plant
from canaries.searching import Canaries
from canaries.working import everything, listening, logged, stored, work

KINDS, PLACES = 12, 8
"""That PROMISES T24 asks for."""

SECRET = "a/secret+of the proof&more=1234567890"


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        f"Authorization: Bearer {SECRET}",
        quote_plus(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        base64.b64encode(f"editor:{SECRET}".encode()).decode(),
        base64.b64encode(f"ed:{SECRET} and more".encode()).decode(),
        base64.urlsafe_b64encode(f"a:{SECRET}".encode()).decode(),
        SECRET.encode().hex(),
        SECRET[-20:],
    ],
)
def test_a_canary_is_found_in_each_way_of_writing_it(written: str) -> None:
    canaries = Canaries()
    canaries.plant("password", SECRET)
    canaries.search("a page", f"<p>Before {written} after</p>", "the proof")
    assert list(canaries.hits) == [("password", "a page")]
    assert SECRET not in str(canaries.hits)


def test_what_is_no_secret_is_not_taken_for_one() -> None:
    canaries = Canaries()
    canaries.plant("password", SECRET)
    canaries.search("a page", f"{SECRET[:14]} …{SECRET[-4:]} " + base64.b64encode(b"x" * 99).decode())
    assert canaries.hits == {}


@pytest.mark.prove
@pytest.mark.timeout(900)
async def test_no_secret_is_anywhere_but_where_it_belongs(tmp_path: Path, database: str) -> None:
    with logged() as log:
        async with desk_with_secrets(tmp_path, database) as ground:
            canaries = ground.canaries
            async with listening(ground):
                await plant(ground)
                await work(ground)
                await everything(ground)
            stored(ground, database)
            canaries.search("logs", "\n".join(log.lines))
            for line in log.lines:
                canaries.search("logs", line, line[:60])
    print(canaries.table())
    well = sum(status < 400 for status in ground.answered)
    print(f"{len(ground.answered)} answers, {well} of them with what was asked for")
    for (kind, place), where in sorted(canaries.hits.items()):
        print(f"{kind} in {place}: {len(where)} times, {where[0][:300]}")
    assert canaries.hits == {}
    assert len(canaries.secrets) >= KINDS
    assert len(canaries.searched) >= PLACES
    assert all(canaries.searched.values())
