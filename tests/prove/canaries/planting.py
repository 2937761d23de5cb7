"""Plants a canary of every kind of secret by the ways in which people give them, and uses each."""

import json
import logging
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from canaries.desk_with_secrets import PASSWORD, Ground, canary

from media.made_up_certificate import certificate
from nightdesk.desk.notices.wording import KINDS
from nightdesk.kit.http.guard import Guard
from nightdesk.rehearsal.consents import consented
from nightdesk.rehearsal.logins import CLIENT, SECRET
from nightdesk.rehearsal.tool_servers import NEEDS
from nightdesk.rehearsal.wordpress import PASSWORD as OF_WORDPRESS
from nightdesk.store.tables.publishing import Account
from people.desk_of_people import App


async def plant(ground: Ground) -> None:
    """All of them."""
    await _keys(ground)
    await _second_factor(ground)
    await _notices_and_webhooks(ground)
    await _accounts(ground)
    await _by_consent(ground)
    await _echoed_accounts(ground)
    await _signing(ground)


async def _keys(ground: Ground) -> None:
    canaries = ground.canaries
    made = await ground.api("POST", "/api/v1/keys", "API key", json={"name": "another"})
    canaries.plant("API key", made.json()["key"])
    repeated = {"headers": {"Idempotency-Key": "of-the-proof"}, "json": {"name": "a third"}}
    for _ in range(2):
        made = await ground.api("POST", "/api/v1/keys", "API key", **repeated)
    canaries.plant("API key", made.json()["key"])
    canaries.plant("provider key", canary("sk"))
    given = {"key": canaries.secrets["provider key"][0]}
    await ground.api("PUT", "/api/v1/providers/text", json={"choice": "openai:gpt-test"})
    await ground.api("PUT", "/api/v1/providers/text/key", json=given)
    invited = {"email": "ben@desk.test", "role": "editor"}
    answer = await ground.page("POST", "/people/invite", "invitation", data=invited)
    (token,) = set(re.findall(r"token=([A-Za-z0-9_-]{20,})", answer.text))
    canaries.plant("invitation", token)


async def _second_factor(ground: Ground) -> None:
    shows = ("second factor",)
    answer = await ground.page("POST", "/me/second-factor/begin", *shows, data={"password": PASSWORD})
    (key,) = set(re.findall(r"secret=([A-Z2-7]{16,})", answer.text)) or set(
        re.findall(r"\b[A-Z2-7]{32}\b", answer.text.replace(" ", ""))
    )
    ground.canaries.plant("second factor", key)
    app = App(ground.house.clock, key)  # type: ignore[arg-type]
    await ground.page("POST", "/me/second-factor/confirm", data={"code": "000000"})
    before = set(_cookies(ground))
    answer = await ground.browser.post("/me/second-factor/confirm", data={"code": app.code()})
    (told,) = re.findall(r'id="recovery-codes"[^>]*>([^<]+)<', answer.text)
    codes = told.split()
    assert answer.status_code == 200, answer.text[:400]
    assert codes, answer.text
    ground.canaries.plant("recovery code", *codes)
    ground.canaries.plant("session", *(set(_cookies(ground)) - before))


def _cookies(ground: Ground) -> list[str]:
    return [str(one.value) for one in ground.browser.cookies.jar]


async def _notices_and_webhooks(ground: Ground) -> None:
    world, canaries = ground.world, ground.canaries
    canaries.plant("notice target", canary("notice"))
    (secret,) = canaries.secrets["notice target"]
    kinds = list(KINDS)
    for port in (world.notices.port, world.echo.port):
        wish = {"address": f"json://ada:{secret}@127.0.0.1:{port}/hooks/{secret}", "wants": kinds}
        await ground.page("POST", "/settings/notices", data=wish | {"credits_below": "500", "hour": "8"})
    wants = ["run.finished", "run.failed", "publication.live", "publication.held", "budget.reached"]
    for at in (world.listener.url, f"{world.echo.address}/hook"):
        added = {"url": at, "wants": wants}
        made = await ground.api("POST", "/api/v1/webhooks", "webhook's secret", json=added)
        canaries.plant("webhook's secret", made.json()["secret"])
        number = made.json()["id"]
        changed = await ground.api("POST", f"/api/v1/webhooks/{number}/secret", "webhook's secret")
        canaries.plant("webhook's secret", changed.json()["secret"])
    asked = {"name": "from the newsroom", "site_id": ground.tenant.site, "does": "topic"}
    made = await ground.api("POST", "/api/v1/webhooks/in", "hook's secret", json=asked)
    canaries.plant("hook's secret", made.json()["secret"])
    hook = urlsplit(made.json()["url"]).path
    refused = await ground.tenant.client.post(hook, content=b"{}", headers={"Nightdesk-Signature": "v1=x"})
    canaries.search("error answers", refused.content, "hook")


async def account(ground: Ground, name: str, platform: str, way: str = "rest", **values: str) -> int:
    asked = {"platform": platform, "name": name, "way": way, "values": values}
    made = await ground.api("POST", "/api/v1/accounts", json=asked)
    assert made.status_code == 201, made.text
    ground.accounts[name] = made.json()["id"]
    await ground.api("POST", f"/api/v1/accounts/{made.json()['id']}/niches/{ground.tenant.site}", json={})
    return int(made.json()["id"])


async def _accounts(ground: Ground) -> None:
    world, canaries = ground.world, ground.canaries
    canaries.plant("application password", OF_WORDPRESS)
    login = {"address": world.wordpress.address, "user": "editor", "password": OF_WORDPRESS}
    await account(ground, "Press", "wordpress", **login)
    await account(ground, "Shelf", "folder", folder="shelf")
    canaries.plant("tool server's token", canary("tools"))
    canaries.plant("tool program's key", canary("program"))
    (token,), (key,) = canaries.secrets["tool server's token"], canaries.secrets["tool program's key"]
    await account(ground, "By tools", "x", "mcp", address=world.tools, token=token)
    given = {"program": "studio", "credentials": json.dumps({NEEDS: key}), "preset": "upload_video"}
    await account(ground, "By a program", "youtube", "mcp", **given)
    at = f"{world.echo.address}/mcp"
    await account(ground, "By echoing tools", "x", "mcp", address=at, token=token)


async def _by_consent(ground: Ground) -> None:
    """A YouTube channel, by the pages and with the verifier that belongs to it."""
    world, canaries = ground.world, ground.canaries
    canaries.plant("client secret", SECRET)
    form = {"platform": "youtube", "name": "Channel", "way": "rest", "timezone": "UTC"}
    values = {"client_id": CLIENT, "client_secret": SECRET, "api": world.youtube.address}
    sent = await ground.page(
        "POST", "/accounts/new", data=form | {f"values.{name}": one for name, one in values.items()}
    )
    there = sent.headers.get("location") or sent.headers["hx-redirect"]
    port = urlsplit(world.youtube.address).port or 0
    # What the person's own browser does is in no log of the desk.
    logging.disable(logging.CRITICAL)
    try:
        came = await consented(there, Guard(allow=[("127.0.0.1", port)]))
    finally:
        logging.disable(logging.NOTSET)
    state, code = (parse_qs(urlsplit(came).query)[name][0] for name in ("state", "code"))
    back = urlsplit(came)
    done = await ground.page("GET", f"{back.path}?{back.query}")
    assert done.status_code == 303, done.text[:800]
    forms = [one.form() for one in world.youtube.requests if one.method == "POST"]
    (verifier,) = {one["code_verifier"] for one in forms if one.get("code_verifier")}
    canaries.plant("consent's verifier", verifier)
    canaries.plant("consent's code", code)
    canaries.plant("consent's state", state)
    number = int(done.headers["location"].split("/")[2].split("?")[0])
    ground.accounts["Channel"] = number
    await ground.api("POST", f"/api/v1/accounts/{number}/niches/{ground.tenant.site}", json={})
    kept = await _kept(ground, number)
    canaries.plant("refresh token", kept["refresh_token"])
    if kept.get("access_token"):
        canaries.plant("access token", kept["access_token"])


async def _kept(ground: Ground, number: int) -> dict[str, str]:
    accounts: Any = ground.house.desk.accounts
    async with ground.house.store.workspace(ground.tenant.workspace) as session:
        row = await session.get_one(Account, (ground.tenant.workspace, number))
        found: dict[str, str] = await accounts._openings.secrets(row)
    return found


async def _echoed_accounts(ground: Ground) -> None:
    """Accounts at platforms that say back whatever they are sent, by each of the ways to log in."""
    canaries, at = ground.canaries, ground.world.echo.address
    client, refresh, access = (canary(kind) for kind in ("client", "refresh", "access"))
    canaries.plant("client secret", client)
    canaries.plant("refresh token", refresh)
    canaries.plant("access token", access)
    password = canary("application")[:24]
    canaries.plant("application password", password)
    both = {"client_id": CLIENT, "client_secret": client, "refresh_token": refresh, "api": at}
    await account(ground, "Echo press", "wordpress", address=at, user="editor", password=password)
    await account(ground, "Echo X", "x", **both)
    await account(ground, "Echo X once", "x", client_id=CLIENT, access_token=access, api=at)
    await account(ground, "Echo TikTok", "tiktok", **both, mode="direct")
    await account(ground, "Echo YouTube", "youtube", **both)
    app = {"client_id": "1234567890123456", "client_secret": client, "api": f"{at}/v25.0"}
    await account(ground, "Echo reels", "instagram", user="17841400000000000", access_token=access, **app)


async def consent_at_the_echo(ground: Ground) -> None:
    """Coming back with a code that the platform complains of, with all that it was sent."""
    number = ground.accounts["Echo X"]
    echo = ground.world.echo
    for turn in range(7):
        begun = await ground.page("POST", f"/accounts/{number}/consent")
        address = begun.headers.get("location") or begun.headers["hx-redirect"]
        (state,) = parse_qs(urlsplit(address).query)["state"]
        code = canary(f"code{turn}")
        # The address that one is sent back to is one's own: it is not shown again.
        ground.canaries.plant("consent's code", code)
        await ground.page("GET", f"/accounts/connected?state={state}&code={code}")
    bodies = [parse_qs(heard.partition(b"\r\n\r\n")[2].decode("latin-1")) for heard in echo.heard]
    verifiers = {one["code_verifier"][0] for one in bodies if "code_verifier" in one}
    assert verifiers, "no code was changed for a log-in"
    ground.canaries.plant("consent's verifier", *verifiers)


async def _signing(ground: Ground) -> None:
    chain, key = certificate()
    lines = [line for line in key.decode().splitlines() if not line.startswith("-")]
    ground.canaries.plant("signing key", *(line for line in lines if len(line) > 20))
    given = {"chain": chain.decode(), "key": key.decode()}
    kept = await ground.page("POST", "/settings/signing", data=given)
    assert kept.status_code == 200, kept.text[:400]
