"""A decision tells who took it: a key by its name, a person, or the operator at the command line."""

from api.api_house import Tenant, client_of
from api.rows import add_chain
from nightdesk.bootstrap import House
from nightdesk.desk.people import COOKIE, Operator

CONTENTS = "/api/v1/contents"
WHO = {"language": "en", "timezone": "UTC", "address": "127.0.0.1", "agent": "a test"}


async def deciders(house: House, tenant: Tenant, content: int) -> list[tuple[str, str]]:
    found = await house.desk.review.decisions.of_content(tenant.workspace, content)
    return [(one.decision, one.who) for one in found]


async def test_a_decision_by_a_key_bears_the_name_of_the_key(house: House, alice: Tenant) -> None:
    chain = await add_chain(house, alice)
    assert (await alice.client.post(f"{CONTENTS}/{chain.content}/approve", json={})).status_code == 200
    body = {"decision": "send_back", "ids": [chain.content]}
    many = await alice.client.post(f"{CONTENTS}/decide", params={"site_id": alice.site}, json=body)
    assert many.json()["outcomes"][0]["done"]
    assert await deciders(house, alice, chain.content) == [
        ("send_back", "the key “test”"),
        ("approve", "the key “test”"),
    ]
    event = (await house.desk.review.decisions.of_content(alice.workspace, chain.content))[0]
    assert event.person_id is None


async def test_each_of_two_keys_bears_its_own_name(house: House, app: object, alice: Tenant) -> None:
    other = await house.desk.people.create_key(alice.workspace, "the shop’s robot")
    chain = await add_chain(house, alice)
    async with client_of(app, other.token) as robot:
        assert (await robot.post(f"{CONTENTS}/{chain.content}/reject", json={})).status_code == 200
    assert await deciders(house, alice, chain.content) == [("reject", "the key “the shop’s robot”")]


async def test_a_decision_by_a_session_bears_the_person(house: House, app: object, alice: Tenant) -> None:
    link = await house.desk.invitations.invite(Operator(alice.workspace), "edda@desk.test", "editor")
    token = await house.desk.invitations.accept(link, "Edda", "lantern meadow quiet harbour", **WHO)
    chain = await add_chain(house, alice)
    async with client_of(app) as browser:
        browser.cookies.set(COOKIE, token)
        where = f"{CONTENTS}/{chain.content}/approve"
        answer = await browser.post(where, json={}, headers={"Origin": "http://desk.test"})
    assert answer.status_code == 200
    assert await deciders(house, alice, chain.content) == [("approve", "Edda")]
