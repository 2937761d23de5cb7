"""A post about an article leads to where the article is out, and waits until it is."""

from api.api_house import Tenant
from api.rows import change
from nightdesk.bootstrap import House
from nightdesk.desk.accounts import NewAccount
from nightdesk.desk.people.roles import Operator
from nightdesk.desk.publishing import Composer, Wish
from nightdesk.engine.outgoing import Taken
from nightdesk.kit.endings import Later
from nightdesk.publisher import Piece
from nightdesk.store.tables.publishing import Account, Publication
from publishing.test_folder import article


async def asked(house: House, tenant: Tenant, content: int, name: str) -> Taken:
    """The article, on its way to an account of that name."""
    by = Operator(tenant.workspace)
    account = await house.desk.accounts.connect(by, NewAccount("folder", name, {"folder": name}))
    await house.desk.accounts.link(by, account.id, tenant.site, {"link": "article"})
    wish = Wish(content_id=content, accounts=[account.id])
    (made,) = await house.desk.publishing.publish(by, wish)
    async with house.store.workspace(tenant.workspace) as session:
        row = await session.get_one(Publication, (tenant.workspace, made.id))
        return Taken(row, await session.get_one(Account, (tenant.workspace, account.id)), 1, False)


async def composed(house: House, taken: Taken) -> Piece | Later:
    try:
        return await Composer(house.store, house.files).compose(taken)
    except Later as ending:
        return ending


async def test_a_post_leads_to_where_its_article_is_out_and_waits_until_it_is(
    house: House, alice: Tenant, bob: Tenant
):
    content = await article(house, alice)
    post, page = await asked(house, alice, content, "post"), await asked(house, alice, content, "page")
    waits = await composed(house, post)
    assert isinstance(waits, Later)
    assert "not out anywhere yet" in waits.why
    other = await asked(house, bob, await article(house, bob), "page")
    for tenant, row, url in ((bob, other, "https://bob.test/"), (alice, page, "https://alice.test/heat")):
        await change(house, tenant, Publication, row.publication.id, state="live", url=url)
    piece = await composed(house, post)
    assert isinstance(piece, Piece)
    assert piece.options["link"] == "https://alice.test/heat"
    await change(house, alice, Publication, page.publication.id, url="file:///published/heat")
    assert isinstance(await composed(house, post), Later)
