"""How long a platform may stay silent is the account's to say, within what the engine waits for."""

import asyncio
import re
from contextlib import aclosing
from typing import Any

import pytest

from nightdesk.desk.accounts.looking import SECONDS
from nightdesk.engine.outgoing.sending import COMMIT_SECONDS, LOOK_SECONDS, PREPARE_SECONDS
from nightdesk.kit.endings import Ending, Later, NeedsPerson
from nightdesk.publisher import Unclear
from nightdesk.publishers import KINDS
from nightdesk.publishers.deadlines import FIELDS, LEAST, MOST_CALL, MOST_UPLOAD
from publishing.rest_accounts import REST, account_at

PATIENCE = 30.0
"""Seconds: half of what a call may take where an account says nothing else."""

SILENT = "taken_then_silence"
ASKED = {
    "wordpress": r"GET .*/users/me",
    "youtube": "GET /youtube/v3/channels",
    "instagram": r"GET /v25.0/\d+$",
    "tiktok": "POST /v2/post/publish/creator_info",
    "x": "GET /2/users/me",
}
SENT = {
    "wordpress": "POST .*/wp/v2/media",
    "youtube": "PUT /upload/",
    "instagram": "POST /ig-api-upload",
    "tiktok": "PUT /video/",
    "x": r"POST /2/media/upload/\d+/append",
}
PUBLIC = ("youtube", "tiktok")
"""Of so small a file these send all with the bytes that make it public."""


async def _looked(name: str) -> Any:
    async with account_at(name, call_seconds=str(LEAST)) as account:
        account.platform.faults.strike(SILENT, at=ASKED[name])
        async with aclosing(account.opened()) as publisher:
            try:
                return await publisher.look()
            except Ending as ending:
                return ending


async def _sent(name: str) -> Any:
    async with account_at(name, upload_seconds=str(LEAST)) as account:
        account.platform.faults.strike(SILENT, at=SENT[name])
        ending = await account.out(account.piece())
        assert account.platform.faults.struck == [SILENT]
        return ending


async def test_a_silent_platform_is_given_up_on_after_the_account_s_own_seconds():
    wanted = [Later] * len(REST) + [Unclear if name in PUBLIC else Later for name in REST]
    asked = asyncio.gather(*(_looked(name) for name in REST), *(_sent(name) for name in REST))
    endings = await asyncio.wait_for(asked, PATIENCE)
    assert [type(one) for one in endings] == wanted, endings


@pytest.mark.parametrize("name", REST)
@pytest.mark.parametrize(
    "given", [{"call_seconds": "4"}, {"upload_seconds": "1501"}, {"call_seconds": "ten"}]
)
async def test_seconds_that_cannot_be_ask_for_a_person(name: str, given: dict[str, str]):
    async with account_at(name, **given) as account:
        with pytest.raises(NeedsPerson, match="must be a whole number from 5 to"):
            account.opened()


def test_what_an_account_may_set_ends_before_the_engine_s_own_limits():
    assert min(LOOK_SECONDS, SECONDS) > MOST_CALL
    assert min(PREPARE_SECONDS, COMMIT_SECONDS) > MOST_UPLOAD
    for field, most in zip(FIELDS, (MOST_CALL, MOST_UPLOAD), strict=True):
        taken = [number for number in range(20_000) if re.fullmatch(field.pattern, str(number))]
        assert taken == list(range(LEAST, most + 1)), field.name


@pytest.mark.parametrize("name", REST)
def test_every_platform_s_accounts_may_say_so_where_it_is_seldom_needed(name: str):
    fields = {one.name: one for one in KINDS[name].fields}
    assert [(fields[one].default, fields[one].seldom) for one in ("call_seconds", "upload_seconds")] == [
        ("60", True),
        ("300", True),
    ]
