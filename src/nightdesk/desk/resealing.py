"""After a change of key: has everything that lies sealed in the database sealed anew with the present one."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from nightdesk.desk.accounts import consent_place, secrets_place
from nightdesk.desk.chosen import key_place
from nightdesk.desk.notices.sending import address_place
from nightdesk.desk.people.codes import factor_place
from nightdesk.desk.people.passwords import PLACE as PASSWORD_PLACE
from nightdesk.desk.signing import certificate_place
from nightdesk.desk.webhooks.secrets import secret_place
from nightdesk.kit.endings import NeedsPerson
from nightdesk.kit.sealing import Sealer
from nightdesk.store.session import Store
from nightdesk.store.tables.access import ProviderKey, SigningCertificate
from nightdesk.store.tables.consents import AccountConsent
from nightdesk.store.tables.notices import NoticeTarget
from nightdesk.store.tables.people import Password, SecondFactor
from nightdesk.store.tables.publishing import Account
from nightdesk.store.tables.webhooks import Hook, WebhookTarget

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sealed:
    """One value under seal: its column, how its row is found, and where it is sealed to."""

    column: InstrumentedAttribute[str]
    row: tuple[Any, ...]
    value: str
    place: str


async def reseal_all(store: Store, sealer: Sealer) -> bool:
    """Whether all of it is under the present key now; what does not open is left as it is and logged.

    Answers kept for repeated requests are not touched: they live a day. Raises `Later` where a key vault
    does not answer; what was sealed anew until then stays so.
    """
    whole = True
    for one in await _old(store, sealer):
        try:
            value = await asyncio.to_thread(sealer.reseal, one.value, one.place)
        except NeedsPerson as error:
            whole = False
            _log.warning("secret not sealed anew", extra={"place": one.place, "why": error.why})
            continue
        async with store.everywhere() as db:
            still = (*one.row, one.column == one.value)
            await db.execute(update(one.column.class_).where(*still).values({one.column: value}))
    return whole


async def _old(store: Store, sealer: Sealer) -> list[Sealed]:
    async with store.everywhere() as db:
        keys = (await db.scalars(select(ProviderKey))).all()
        passwords = (await db.scalars(select(Password))).all()
        factors = (await db.scalars(select(SecondFactor))).all()
        targets = (await db.scalars(select(NoticeTarget))).all()
        certificates = (await db.scalars(select(SigningCertificate))).all()
        accounts = (await db.scalars(select(Account).where(Account.sealed.is_not(None)))).all()
        consents = (await db.scalars(select(AccountConsent).where(AccountConsent.sealed.is_not(None)))).all()
        webhooks = [*(await db.scalars(select(WebhookTarget))), *(await db.scalars(select(Hook)))]
    found = [
        *(_numbered(ProviderKey.sealed, row, key_place(row)) for row in keys),
        *(_of_person(Password.hash, row, PASSWORD_PLACE) for row in passwords),
        *(_of_person(SecondFactor.sealed, row, factor_place(row.person_id)) for row in factors),
        *(_numbered(NoticeTarget.sealed, row, address_place(row.workspace_id, row.id)) for row in targets),
        *(_of_certificate(row) for row in certificates),
        *(_numbered(Account.sealed, row, secrets_place(row)) for row in accounts),
        *(_numbered(AccountConsent.sealed, row, consent_place(row.workspace_id, row.id)) for row in consents),
        *(one for row in webhooks for one in _of_webhook(row)),
    ]
    return [one for one in found if sealer.is_old(one.value)]


def _numbered(column: Any, row: Any, place: str) -> Sealed:
    """A value in a row that a workspace has under a number."""
    mine = (column.class_.workspace_id == row.workspace_id, column.class_.id == row.id)
    return Sealed(column, mine, str(getattr(row, column.key)), place)


def _of_person(column: Any, row: Password | SecondFactor, place: str) -> Sealed:
    mine = (column.class_.person_id == row.person_id,)
    return Sealed(column, mine, str(getattr(row, column.key)), place)


def _of_certificate(row: SigningCertificate) -> Sealed:
    mine = (SigningCertificate.workspace_id == row.workspace_id,)
    return Sealed(SigningCertificate.sealed, mine, row.sealed, certificate_place(row.workspace_id))


def _of_webhook(row: WebhookTarget | Hook) -> list[Sealed]:
    """The secret of a webhook, and the one before where there is one."""
    found, table = [], type(row)
    for column in (table.sealed, table.sealed_before):
        value = getattr(row, column.key)
        if value:
            where = secret_place(table.__tablename__, row.workspace_id, row.id, column.key)
            found.append(_numbered(column, row, where))
    return found
