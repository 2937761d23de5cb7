"""What a person sets on the page of auto mode stands in the book by that person's name."""

from typing import Any

HTMX = {"HX-Request": "true"}


async def test_the_switch_the_mode_the_pace_and_what_takes_them_back_are_in_the_book(
    house: Any, owner: Any, join: Any
) -> None:
    site = await house.desk.sites.create(owner.workspace, "Told of")
    editor = await join("Emil", "editor")
    at = f"/sites/{site.slug}/auto"
    pace = {"posts_a_day": "2", "videos_a_day": "0", "floor": "10", "day_budget": "80", "piece_budget": "0"}
    for path, form in (
        (f"{at}/switch", {"on": "1"}),
        (f"{at}/mode", {"generation_mode": "auto_publish"}),
        (f"{at}/pace", pace),
        (f"{at}/pace", pace),
    ):
        answer = await editor.client.post(path, data=form, headers=HTMX)
        assert answer.status_code == 200, answer.text
    undone = await editor.client.post(
        f"/sites/{site.slug}/settings/undo", params={"was": "eyJkYXlfYnVkZ2V0IjogMH0="}, headers=HTMX
    )
    assert undone.status_code == 204
    book = (await owner.client.get("/people/book")).text
    for says in (
        "Told of: auto mode on",
        "Told of: mode from review first to auto publish",
        "Told of: budget a day from any number to 80 credits",
        "Told of: budget a day from 80 to any number of credits",
    ):
        assert book.count(says) == 1, says
    assert "set how a site runs by itself:" in book
    assert "Emil" in book
