"""Prompts for pictures: one for the whole, the others under headings that a picture can show."""

from nightdesk.providers.text.offline.pictures import prompt_pictures
from nightdesk.providers.text.questions import ContentToPicture, PicturesPrompted, SiteBrief

HEADINGS = [
    "What a worm bin is",
    "Cost",
    "Frequently asked questions",
    "How to harvest worm castings",
    "The figures",
]


def prompted(
    title: str = "How to make a worm bin", headings: list[str] = HEADINGS, **more: int
) -> PicturesPrompted:
    site = SiteBrief(name="Heap & Soil", subject="Home composting")
    return prompt_pictures(
        ContentToPicture(site=site, title=title, summary="Drill holes.", headings=headings, **more)
    )


def test_there_is_one_featured_picture_and_it_comes_first() -> None:
    kinds = [picture.kind for picture in prompted().pictures]
    assert kinds == ["featured", "in_article", "in_article"]


def test_pictures_stand_under_headings_that_can_be_shown() -> None:
    assert [picture.heading for picture in prompted().pictures[1:]] == [
        "What a worm bin is", "How to harvest worm castings",
    ]  # fmt: skip


def test_fewer_pictures_are_made_where_fewer_headings_can_be_shown() -> None:
    assert len(prompted(headings=["Cost", "The figures"]).pictures) == 1


def test_alternative_texts_say_what_is_shown_and_not_that_it_is_a_picture() -> None:
    for picture in prompted(in_article=4).pictures:
        assert not picture.alt.lower().startswith(("image", "picture", "photo"))
        assert "worm" in picture.alt.lower()


def test_different_articles_get_different_views() -> None:
    titles = [
        f"{thing} at home"
        for thing in ("Leaf mold", "Bokashi", "Compost tea", "Worm bins", "Soil tests", "Mulch")
    ]
    views = {prompted(title, []).pictures[0].prompt.split(",")[1] for title in titles}
    assert len(views) >= 2
