"""Many keywords at once over the API: lists and files, with a report of every line."""

from typing import Any

from api.api_house import Tenant
from api.rows import add, add_chain, assert_tallies_hold, fields, put_in_hand, read, walk
from nightdesk.bootstrap import House
from nightdesk.store.tables.planner import Cluster, Keyword

KEYWORDS = "/api/v1/keywords"
NO_FORMS = (
    ("application/json", b"{}", 415),
    ("multipart/form-data", b"--x\r\n", 422),
    ("multipart/form-data; boundary=x", b"nothing", 422),
    ("multipart/form-data; boundary=x", b"--x\r\n\r\nno header\r\n--x--\r\n", 422),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nword\r\n--x--\r\n',
        422,
    ),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ncut off here',
        422,
    ),
    ("multipart/form-data; boundary=" + "x" * 200, b"--x\r\n", 422),
)
SEMRUSH = (
    "Keyword,Volume,Keyword Difficulty,CPC (USD),Intent\n"
    "heat pump,5400,61,2.35,Informational\n"
    "boiler service,880,40,4.10,Commercial\n"
    "Heat  Pump,6600,,,\n"
    "=cmd|calc,10,1,1,Informational\n"
    "storage heater,320,22,1.05,Informational\n"
)


async def send(tenant: Tenant, content: bytes, *, name: str = "keywords.csv", **params: Any) -> Any:
    return await tenant.client.post(
        f"{KEYWORDS}/import",
        params={"site_id": tenant.site, **params},
        files={"file": (name, content, "text/csv")},
    )


async def test_a_file_is_taken_in_with_a_report_of_every_line(house: House, alice: Tenant) -> None:
    before = await add(house, alice, Keyword, phrase="boiler service", normal="boiler service", volume=100)
    answer = await send(alice, SEMRUSH.encode())
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert (report["format"], report["preview"], report["name"]) == ("table", False, "keywords.csv")
    assert report["counts"] == {"taken": 2, "merged": 2, "refused": 1}
    assert [(one["line"], one["phrase"], one["volume"]) for one in report["taken"]] == [
        (2, "heat pump", 6600),
        (6, "storage heater", 320),
    ]
    assert [(one["line"], one["into_line"], one["into_id"]) for one in report["merged"]] == [
        (3, None, before),
        (4, 2, None),
    ]
    assert [(one["line"], one["text"][:9]) for one in report["refused"]] == [(5, "=cmd|calc")]
    merged = await read(house, alice, Keyword, before)
    assert (merged.volume, merged.difficulty, merged.cpc, merged.intent) == (880, 40, 4.1, "commercial")
    page = (await alice.client.get(KEYWORDS, params={"site_id": alice.site})).json()
    assert page["counts"] == {"new": 3}
    await assert_tallies_hold(house, alice)


async def test_a_preview_tells_the_same_and_writes_nothing(alice: Tenant) -> None:
    preview = (await send(alice, SEMRUSH.encode(), preview=True)).json()
    assert await walk(alice, KEYWORDS) == []
    real = (await send(alice, SEMRUSH.encode())).json()
    assert preview == real | {"preview": True}
    again = (await send(alice, SEMRUSH.encode(), preview=True)).json()
    assert again["counts"] == {"taken": 0, "merged": 4, "refused": 1}


async def test_merging_keeps_what_is_larger_and_what_was_known(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice, name="heat pump")
    in_hand = await add(house, alice, Keyword, phrase="storage heater", normal="storage heater", volume=1)
    await put_in_hand(house, alice, Keyword, in_hand)
    await send(alice, SEMRUSH.encode())
    assert (await read(house, alice, Keyword, chain.keyword)).volume == 6600
    assert (await read(house, alice, Cluster, chain.cluster)).volume == 6600
    assert (await read(house, alice, Keyword, in_hand)).volume == 1
    await send(alice, b"Keyword,Volume\nheat pump,10\n")
    assert (await read(house, alice, Keyword, chain.keyword)).volume == 6600


async def test_two_thousand_keywords_are_taken_at_once_and_the_first_thousand_shown(alice: Tenant) -> None:
    lines = "".join(f"keyword number {n},{n},{n % 100},0.5\n" for n in range(2000))
    answer = await send(alice, f"Keyword,Volume,KD,CPC\n{lines}".encode())
    assert answer.json()["counts"]["taken"] == 2000
    assert len(answer.json()["taken"]) == 1000
    again = await send(alice, f"Keyword,Volume,KD,CPC\n{lines}".encode())
    assert again.json()["counts"] == {"taken": 0, "merged": 2000, "refused": 0}


async def test_a_list_tells_what_became_of_each_line(house: House, alice: Tenant) -> None:
    body = [
        {"phrase": "heat pump", "volume": 10},
        {"phrase": "-negative"},
        {"phrase": "Heat pump", "volume": 30, "cpc": 2.0},
        {"phrase": "boiler"},
    ]
    answer = await alice.client.post(f"{KEYWORDS}/bulk?site_id={alice.site}", json=body)
    report = answer.json()
    assert report["counts"] == {"taken": 2, "merged": 1, "refused": 1}
    assert report["merged"] == [{"line": 3, "phrase": "Heat pump", "into_line": 1, "into_id": None}]
    assert report["refused"][0]["line"] == 2
    stored = {one["phrase"]: (one["volume"], one["cpc"]) for one in await walk(alice, KEYWORDS)}
    assert stored == {"heat pump": (30, 2.0), "boiler": (0, None)}


async def test_a_list_is_neither_empty_nor_endless(alice: Tenant) -> None:
    for count in (0, 1001):
        body = [{"phrase": f"keyword {n}"} for n in range(count)]
        answer = await alice.client.post(f"{KEYWORDS}/bulk?site_id={alice.site}", json=body)
        assert (answer.status_code, fields(answer)) == (422, ["body"])


async def test_the_fault_of_one_line_of_a_list_is_named(alice: Tenant) -> None:
    body = [{"phrase": "fine"}, {"phrase": "fine too", "volume": -1}]
    answer = await alice.client.post(f"{KEYWORDS}/bulk?site_id={alice.site}", json=body)
    assert (answer.status_code, fields(answer)) == (422, ["1.volume"])
    assert await walk(alice, KEYWORDS) == []


async def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(alice: Tenant) -> None:
    for content in (
        b"",
        b"PK\x03\x04 not really a workbook",
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"Keyword,Volume\n",
    ):
        answer = await send(alice, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable"), content
        assert len(answer.json()["detail"]) > 10


async def test_a_file_above_the_limit_is_refused_before_it_is_read(alice: Tenant) -> None:
    answer = await send(alice, bytes(21 * 2**20))
    assert answer.status_code == 413


async def test_a_form_that_is_none_is_refused(alice: Tenant) -> None:
    for kind, body, status in NO_FORMS:
        answer = await alice.client.post(
            f"{KEYWORDS}/import?site_id={alice.site}", content=body, headers={"Content-Type": kind}
        )
        assert answer.status_code == status, (kind, body)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_name_of_a_file_is_only_a_word(alice: Tenant) -> None:
    answer = await send(alice, SEMRUSH.encode(), name="../../etc/passwd")
    assert answer.json()["name"] == "passwd"
