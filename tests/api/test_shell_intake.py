"""What is let in: sizes, kinds, and JSON that can be understood in one way only."""

# ruff: noqa: F811 - fixtures are asked for by their names

import asyncio
import json

from api.api_house import served
from routes.one_house import alice, app, house, nobody, tenant_of  # noqa: F401 - fixtures

CONFIG = "/api/v1/automation/update_config"
JSON = {"Content-Type": "application/json"}


async def put(alice, body: bytes, headers=JSON):
    return await alice.client.put(CONFIG, params={"site_id": alice.site}, content=body, headers=headers)


def nested(levels: int) -> bytes:
    return b'{"is_enabled":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


AMBIGUOUS = [
    (b"{", "body", "not JSON"),
    (b'{"is_enabled": tru}', "body", "line 1, column 16"),
    (b'{"a": {"b": 1, "c": {"d": 1, "d": 2}}}', "a.c.d", "stands twice"),
    (b'{"a": [1, {"x\\u0000": 2}]}', "a.1.x\\x00", "NUL"),
    (b'{"a": [1, "x\\u0000y"]}', "a.1", "NUL"),
    (b'{"a": {"b": "\\ud800"}}', "a.b", "surrogate"),
    (b'{"a": {"\\udfff": 1}}', "a.\\udfff", "surrogate"),
    (b"NaN", "body", "NaN"),
    (b'{"a": NaN}', "a", "NaN is no number"),
    (b'{"a": [0, -Infinity]}', "a.1", "-Infinity is no number"),
    (b'{"a": 1e999}', "a", "too large"),
    (b'{"a": ' + b"9" * 5000 + b"}", "a", "too long"),
    (b'{"a": "\xff"}', "body", "not UTF-8, from byte 7"),
    (b"[" * 100_000, "body", "levels"),
    (nested(33), "is_enabled" + ".0" * 31, "32 levels"),
    (b"[1]", "body", "dictionary"),
    (b'"text"', "body", "dictionary"),
]


async def test_json_that_is_ambiguous_or_no_json_is_refused_with_its_place(alice):
    for body, field, says in AMBIGUOUS:
        answer = await put(alice, body)
        assert answer.status_code == 422, body[:60]
        assert answer.headers["content-type"] == "application/problem+json"
        (fault,) = answer.json()["errors"]
        assert fault["field"] == field
        assert says in fault["message"]


async def test_a_pair_of_surrogates_is_a_character_and_32_levels_are_let_in(alice):
    answer = await put(alice, b'{"scheduled_time": "\\ud83d\\ude00"}')
    assert answer.json()["errors"][0]["field"] == "scheduled_time"
    answer = await put(alice, nested(32))
    assert answer.json()["errors"] == [{"field": "is_enabled", "message": "Either true or false."}]


OTHER_KINDS = [
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    {"Content-Type": "multipart/form-data; boundary=x"},
    {},
]


async def test_a_body_of_another_kind_is_415(alice):
    for headers in OTHER_KINDS:
        answer = await put(alice, b'{"is_enabled": true}', headers)
        assert answer.status_code == 415, headers
        assert answer.json()["status"] == 415


async def test_json_of_a_megabyte_is_read_and_one_byte_more_is_413(alice):
    filler = 2**20 - len(b'{"frequency": ""}')
    largest = b'{"frequency": "' + b"x" * filler + b'"}'
    assert (await put(alice, largest)).status_code == 422
    answer = await put(alice, largest + b" ")
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


async def test_a_body_in_pieces_is_cut_off_at_the_limit(alice):
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 65536
            yield b" " * 65536

    answer = await alice.client.put(CONFIG, params={"site_id": alice.site}, content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert sent < 2 * 2**20


async def test_after_a_body_that_is_too_large_the_connection_is_closed(app, alice):
    async with served(app) as address:
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            f"PUT {CONFIG}?site_id={alice.site} HTTP/1.1\r\nHost: {address}\r\n"
            f"Authorization: Bearer {alice.token}\r\nContent-Type: application/json\r\n"
            "Content-Length: 30000000\r\n\r\n"
        )
        writer.write(head.encode() + b" " * 1000)
        answer = await asyncio.wait_for(reader.read(), 5)
        assert answer.startswith(b"HTTP/1.1 413")
        writer.close()


async def test_a_query_that_is_no_text_is_400(alice):
    for query in ("site_id=%00", "site_id=%ff", "line=%ed%a0%80", "site_id=1&x=%00"):
        answer = await alice.client.get(f"/api/v1/automation/config?{query}")
        assert answer.status_code == 400, query


async def test_an_address_with_a_nul_is_404(alice):
    answer = await alice.client.get("/api/v1/automation/runs/%00")
    assert answer.status_code == 404


async def test_a_method_that_an_address_does_not_take_is_405_with_those_it_takes(alice):
    answer = await alice.client.delete("/api/v1/automation/config")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["code"] == "not_possible_here"


async def test_a_fault_of_ours_is_a_problem_document_without_its_trace(app, alice):
    @app.get("/api/v1/broken")
    async def broken():
        raise ZeroDivisionError("secret detail")

    answer = await alice.client.get("/api/v1/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["code"] == "fault"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_of_the_description_asks_no_other_host(nobody):
    page = await nobody.get("/api/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    viewer = await nobody.get("/api/docs/rapidoc-min.js")
    assert viewer.status_code == 200
    assert b"RapiDoc 9.3.8" in viewer.content[:100]


async def test_the_description_names_the_problems_of_every_operation(nobody):
    document = (await nobody.get("/api/openapi.json")).json()
    count = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            wanted = {"401", "503"} | ({"413", "415", "422"} if "requestBody" in operation else set())
            assert wanted <= answers.keys(), (method, path)
            for status in (number for number in answers if int(number) >= 400 and number != "416"):
                assert "application/problem+json" in answers[status].get("content", ()), (method, path)
            count += 1
    assert count >= 13
    assert "HTTPValidationError" not in json.dumps(document)


UPLOAD = "/api/v1/keywords/import"
FORM = {"Content-Type": "multipart/form-data; boundary=frontier"}
HEAD = b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\nKeyword\r\n'
TAIL = b"\r\n--frontier--\r\n"


async def test_an_upload_of_20_megabytes_is_read_and_a_larger_one_is_413(alice):
    params = {"site_id": alice.site, "preview": "true"}
    padding = b" " * (20 * 2**20 - len(HEAD) - len(TAIL))
    answer = await alice.client.post(UPLOAD, params=params, content=HEAD + padding + TAIL, headers=FORM)
    assert answer.status_code in (200, 422), answer.text
    answer = await alice.client.post(
        UPLOAD, params=params, content=HEAD + padding + b" " + TAIL, headers=FORM
    )
    assert answer.status_code == 413


async def test_an_upload_in_pieces_is_cut_off_at_the_limit_and_leaves_nothing(house, alice):
    sent = 0

    async def endless():
        nonlocal sent
        yield HEAD
        while True:
            sent += 2**18
            yield b"phrase\r\n" * 2**15

    for headers in (FORM, FORM | {"Idempotency-Key": "upload"}):
        sent = 0
        answer = await alice.client.post(
            UPLOAD, params={"site_id": alice.site}, content=endless(), headers=headers
        )
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert sent < 22 * 2**20
    stages = await alice.client.get(f"/api/v1/automation/pipeline_overview?site_id={alice.site}")
    assert stages.json()["stages"][0]["counts"] == {}
