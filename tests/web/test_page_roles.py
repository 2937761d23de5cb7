"""Who may ask what: held for every address that the pages have, whichever page it is of."""

import re
from typing import Any
from uuid import UUID

from nightdesk.desk.people import Operator
from nightdesk.faces.web.routes import SET_UP, Guarded


def addresses(pages: Any, method: str, *needs: str) -> list[str]:
    """The paths of all such routes, with something in the place of their parts."""
    found = [route for route in pages.routes if isinstance(route, Guarded)]
    return [
        re.sub(r"{[^}:]*(:uuid)?[^}]*}", lambda part: str(UUID(int=1)) if part[1] else "1", route.path)
        for route in found
        if route.needs in needs and method in (route.methods or ())
    ]


async def test_no_address_but_the_open_ones_answers_who_is_not_signed_in(pages: Any, nobody: Any) -> None:
    for method in ("GET", "POST"):
        for path in addresses(pages, method, "viewer", "editor", "owner"):
            answer = await nobody.request(method, path)
            assert (answer.status_code, answer.headers["location"][:8]) == (303, "/sign-in"), path


async def test_a_viewer_may_ask_for_nothing_that_needs_more(pages: Any, viewer: Any) -> None:
    for method in ("GET", "POST"):
        for path in addresses(pages, method, "editor", "owner"):
            answer = await viewer.client.request(method, path)
            assert answer.status_code == 403, path
            assert "needs the role" in answer.text, path


async def test_an_editor_may_ask_for_nothing_that_needs_an_owner(pages: Any, join: Any) -> None:
    editor = await join("Edda", "editor")
    for method in ("GET", "POST"):
        for path in addresses(pages, method, "owner"):
            assert (await editor.client.request(method, path)).status_code == 403, path


async def test_who_has_yet_to_set_up_a_second_factor_is_led_there_from_every_other_address(
    house: Any, pages: Any, join: Any
) -> None:
    olga, viewer = await join("Olga", "owner"), await join("Vito", "viewer")
    operator = Operator(olga.workspace)
    open_to_all = {route.path for route in pages.routes if getattr(route, "needs", "") == "anyone"}
    held = {route.path for route in pages.routes if getattr(route, "held", False)}
    assert held == {SET_UP, f"{SET_UP}/begin", f"{SET_UP}/confirm", "/sign-in/changed"}
    await house.desk.second_factors.want(operator, True)
    try:
        for method in ("GET", "POST"):
            for path in addresses(pages, method, "viewer", "editor", "owner"):
                if path in held | open_to_all:
                    continue
                answer = await olga.client.request(method, path)
                assert (answer.status_code, answer.headers.get("location")) == (303, SET_UP), path
        assert "A second factor first" in (await olga.client.get(SET_UP)).text
        assert (await viewer.client.get("/people")).status_code == 200
    finally:
        await house.desk.second_factors.want(operator, False)
    assert (await olga.client.get("/people")).status_code == 200


async def test_every_address_is_guarded(pages: Any) -> None:
    loose = [route for route in pages.routes if not isinstance(route, Guarded) and route.path != "/static"]
    assert loose == []


def test_only_the_addresses_of_coming_in_and_of_coming_back_are_open(pages: Any) -> None:
    opened = set(addresses(pages, "GET", "anyone")) | set(addresses(pages, "POST", "anyone"))
    coming_in = {"/start", "/sign-in", "/sign-in/code", "/sign-out", "/invitation"}
    assert opened == coming_in | {"/accounts/connected"}
