"""Keywords over the API: listed page by page, added, moved, deleted."""

from api.api_house import Tenant, add_keywords
from api.rows import add, add_chain, assert_tallies_hold, change, fields, park, put_in_hand, read, walk
from nightdesk.bootstrap import House
from nightdesk.desk.planner.keywords import Keywords
from nightdesk.store.tables.planner import Cluster, Keyword

KEYWORDS = "/api/v1/keywords"
WRONG_PARAMETERS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "site_id"),
    ({"site_id": "x"}, "site_id"),
    ({"site_id": str(2**63)}, "site_id"),
    ({"site_id": "1", "status": "nice"}, "status"),
    ({"site_id": "1", "order": "best"}, "order"),
    ({"site_id": "1", "limit": "0"}, "limit"),
    ({"site_id": "1", "limit": "201"}, "limit"),
    ({"site_id": "1", "min_volume": "-1"}, "min_volume"),
    ({"site_id": "1", "cluster_id": "NaN"}, "cluster_id"),
    ({"site_id": "1", "cursor": "!!!"}, "cursor"),
    ({"site_id": "1", "cursor": "WyJ2b2x1bWUiLDEsMV0"}, "cursor"),
    ({"site_id": "1", "cursor": "WyJuZXdlc3QiLCJhIiwxXQ"}, "cursor"),
    ({"site_id": "1", "cursor": "W1tbW1tbW1tbW1tb"}, "cursor"),
    ({"site_id": "1", "search": "x" * 201}, "search"),
)
WRONG_BODIES: tuple[tuple[dict[str, object], str], ...] = (
    ({"phrase": "a\0b"}, "phrase"),
    ({"phrase": "x" * 401}, "phrase"),
    ({"phrase": "   "}, "phrase"),
    ({"phrase": "=SUM(A1)"}, "phrase"),
    ({"phrase": 5}, "phrase"),
    ({}, "phrase"),
    ({"phrase": "fine", "volume": -1}, "volume"),
    ({"phrase": "fine", "volume": 1.5}, "volume"),
    ({"phrase": "fine", "volume": "10; drop"}, "volume"),
    ({"phrase": "fine", "volume": 10**30}, "volume"),
    ({"phrase": "fine", "volume": True}, "volume"),
    ({"phrase": "fine", "difficulty": 101}, "difficulty"),
    ({"phrase": "fine", "intent": "curious"}, "intent"),
    ({"phrase": "fine", "colour": "red"}, "colour"),
)


async def test_a_keyword_is_added_read_changed_and_deleted(alice: Tenant) -> None:
    made = await alice.client.post(
        KEYWORDS, json={"site_id": alice.site, "phrase": "  Heat   pump costs ", "volume": 900}
    )
    assert made.status_code == 201, made.text
    keyword = made.json()
    assert (keyword["phrase"], keyword["status"], keyword["volume"]) == ("Heat pump costs", "new", 900)
    where = f"{KEYWORDS}/{keyword['id']}"
    assert (await alice.client.get(where)).json() == keyword
    changed = await alice.client.patch(where, json={"disabled": True, "cpc": 1.5})
    assert (changed.json()["status"], changed.json()["cpc"], changed.json()["volume"]) == (
        "disabled",
        1.5,
        900,
    )
    assert (await alice.client.delete(where)).status_code == 204
    assert (await alice.client.get(where)).status_code == 404


async def test_two_spellings_of_a_phrase_are_one_keyword(alice: Tenant) -> None:
    await alice.client.post(f"{KEYWORDS}?site_id={alice.site}", json={"phrase": "heat pumps"})
    other = (await alice.client.post(f"{KEYWORDS}?site_id={alice.site}", json={"phrase": "boilers"})).json()
    again = await alice.client.post(f"{KEYWORDS}?site_id={alice.site}", json={"phrase": "Heat  Pumps"})
    assert again.status_code == 409
    renamed = await alice.client.patch(f"{KEYWORDS}/{other['id']}", json={"phrase": "HEAT PUMPS"})
    assert renamed.status_code == 409
    assert "heat pumps" in renamed.json()["detail"].lower()


async def test_a_list_is_narrowed_and_counted(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    await add_keywords(house, alice, 30)
    await change(house, alice, Keyword, (await walk(alice, KEYWORDS, search="phrase 7"))[0]["id"], volume=70)
    page = (await alice.client.get(KEYWORDS, params={"site_id": alice.site, "limit": 5})).json()
    assert len(page["items"]) == 5
    assert page["counts"] == {"new": 30, "mapped": 1}
    assert [one["id"] for one in await walk(alice, KEYWORDS, cluster_id=chain.cluster)] == [chain.keyword]
    assert [one["id"] for one in await walk(alice, KEYWORDS, status="mapped")] == [chain.keyword]
    assert [one["volume"] for one in await walk(alice, KEYWORDS, min_volume=70, order="volume")] == [500, 70]
    assert len(await walk(alice, KEYWORDS, search="PHRASE 2")) == 11
    assert await walk(alice, KEYWORDS, search="%") == []


async def test_every_row_is_met_once_in_every_order_while_others_are_added(
    house: House, alice: Tenant
) -> None:
    await add_keywords(house, alice, 25)
    for order in Keywords.orders:
        before = {one["id"] for one in await walk(alice, KEYWORDS, limit=200)}
        met: list[int] = []
        params: dict[str, object] = {"site_id": alice.site, "order": order, "limit": 7}
        for number in range(10):
            page = (await alice.client.get(KEYWORDS, params=params)).json()
            met += [one["id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            params["cursor"] = page["next_cursor"]
            await add(house, alice, Keyword, phrase="x", normal=f"a {order} {number}")
        assert len(met) == len(set(met)), order
        assert before <= set(met), order


async def test_a_parameter_that_is_missing_or_malformed_is_named(alice: Tenant) -> None:
    for params, field in WRONG_PARAMETERS:
        answer = await alice.client.get(KEYWORDS, params=params)
        assert (answer.status_code, fields(answer)) == (400, [field]), params


async def test_a_body_that_cannot_be_taken_is_told_field_by_field(alice: Tenant) -> None:
    for body, field in WRONG_BODIES:
        answer = await alice.client.post(f"{KEYWORDS}?site_id={alice.site}", json=body)
        assert (answer.status_code, fields(answer)) == (422, [field]), body
    assert await walk(alice, KEYWORDS) == []


async def test_half_a_surrogate_pair_is_refused_not_stored(alice: Tenant) -> None:
    answer = await alice.client.post(
        f"{KEYWORDS}?site_id={alice.site}",
        content=b'{"phrase": "heat \\ud83d pump"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert await walk(alice, KEYWORDS) == []


async def test_a_null_is_not_taken_for_a_field_that_must_hold_something(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    answer = await alice.client.patch(f"{KEYWORDS}/{chain.keyword}", json={"volume": None})
    assert (answer.status_code, fields(answer)) == (422, ["volume"])


async def test_what_is_no_number_of_a_row_leads_nowhere(alice: Tenant) -> None:
    for number in ("0", "-1", "x", "1.5", str(2**63), "9" * 40, "%00", "%ff"):
        for method in ("GET", "DELETE"):
            answer = await alice.client.request(method, f"{KEYWORDS}/{number}")
            assert answer.status_code in (404, 422), number


async def test_what_a_run_has_in_hand_is_left_alone(house: House, alice: Tenant) -> None:
    keyword = await add(house, alice, Keyword, phrase="heaters", normal="heaters", volume=5)
    await put_in_hand(house, alice, Keyword, keyword)
    where = f"{KEYWORDS}/{keyword}"
    for answer in (
        await alice.client.patch(where, json={"volume": 9}),
        await alice.client.delete(where),
    ):
        assert answer.status_code == 409
        assert "A run is working on this keyword just now" in answer.json()["detail"]
    kept = await read(house, alice, Keyword, keyword)
    assert (kept.volume, kept.batch_id) == (5, 1)


async def test_moving_keywords_keeps_the_clusters_volumes_true(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    other = await add(house, alice, Cluster, name="boilers", keys=[])
    loose = await add(house, alice, Keyword, phrase="gas boiler", normal="gas boiler", volume=40)

    async def volumes() -> list[int]:
        return [(await read(house, alice, Cluster, one)).volume for one in (chain.cluster, other)]

    moved = await alice.client.patch(f"{KEYWORDS}/{loose}", json={"cluster_id": other})
    assert (moved.json()["status"], moved.json()["cluster_id"]) == ("mapped", other)
    assert await volumes() == [500, 40]
    await alice.client.patch(f"{KEYWORDS}/{chain.keyword}", json={"cluster_id": other, "volume": 100})
    assert await volumes() == [0, 140]
    freed = await alice.client.patch(f"{KEYWORDS}/{loose}", json={"cluster_id": None})
    assert (freed.json()["status"], freed.json()["cluster_id"]) == ("new", None)
    await alice.client.delete(f"{KEYWORDS}/{chain.keyword}")
    assert await volumes() == [0, 0]
    await assert_tallies_hold(house, alice)


async def test_a_cluster_of_another_site_takes_no_keyword(house: House, alice: Tenant, bob: Tenant) -> None:
    theirs = await add_chain(house, bob)
    mine = await add(house, alice, Keyword, phrase="gas boiler", normal="gas boiler")
    answer = await alice.client.patch(f"{KEYWORDS}/{mine}", json={"cluster_id": theirs.cluster})
    assert (answer.status_code, fields(answer)) == (422, ["cluster_id"])


async def test_parked_keywords_are_tried_again_all_or_some(house: House, alice: Tenant) -> None:
    await add_keywords(house, alice, 3)
    numbers = [one["id"] for one in await walk(alice, KEYWORDS)]
    for number in numbers:
        await park(house, alice, Keyword, number)
    shown = (await alice.client.get(f"{KEYWORDS}/{numbers[0]}")).json()
    assert (shown["status"], shown["error"]) == ("failed", "It was refused.")
    some = await alice.client.post(f"{KEYWORDS}/retry", json={"site_id": alice.site, "ids": numbers[:1]})
    assert some.json() == {"retried": 1}
    rest = await alice.client.post(f"{KEYWORDS}/retry?site_id={alice.site}")
    assert rest.json() == {"retried": 2}
    page = (await alice.client.get(KEYWORDS, params={"site_id": alice.site})).json()
    assert page["counts"] == {"new": 3}
    await assert_tallies_hold(house, alice)
