"""After a change of key: has everything that lies sealed in the database sealed anew with the present one."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from nightdesk.desk.accounts import consent_place, secrets_place
from nightdesk.desk.notices.sending import address_place
from nightdesk.desk.people.codes import factor_place
from nightdesk.desk.people.passwords import PLACE as PASSWORD_PLACE
from nightdesk.desk.providers import key_place
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
        *(
            Sealed(
                ProviderKey.sealed,
                (ProviderKey.workspace_id == row.workspace_id, ProviderKey.id == row.id),
                row.sealed,
                key_place(row),
            )
            for row in keys
        ),
        *(
            Sealed(Password.hash, (Password.person_id == row.person_id,), row.hash, PASSWORD_PLACE)
            for row in passwords
        ),
        *(
            Sealed(
                SecondFactor.sealed,
                (SecondFactor.person_id == row.person_id,),
                row.sealed,
                factor_place(row.person_id),
            )
            for row in factors
        ),
        *(
            Sealed(
                NoticeTarget.sealed,
                (NoticeTarget.workspace_id == row.workspace_id, NoticeTarget.id == row.id),
                row.sealed,
                address_place(row.workspace_id, row.id),
            )
            for row in targets
        ),
        *(
            Sealed(
                SigningCertificate.sealed,
                (SigningCertificate.workspace_id == row.workspace_id,),
                row.sealed,
                certificate_place(row.workspace_id),
            )
            for row in certificates
        ),
        *(
            Sealed(
                Account.sealed,  # type: ignore[arg-type]
                (Account.workspace_id == row.workspace_id, Account.id == row.id),
                str(row.sealed),
                secrets_place(row),
            )
            for row in accounts
        ),
        *(
            Sealed(
                AccountConsent.sealed,  # type: ignore[arg-type]
                (AccountConsent.workspace_id == row.workspace_id, AccountConsent.id == row.id),
                str(row.sealed),
                consent_place(row.workspace_id, row.id),
            )
            for row in consents
        ),
        *(one for row in webhooks for one in _of_webhook(row)),
    ]
    return [one for one in found if sealer.is_old(one.value)]


def _of_webhook(row: WebhookTarget | Hook) -> list[Sealed]:
    """The secret of a webhook, and the one before where there is one."""
    found, table = [], type(row)
    for column in (table.sealed, table.sealed_before):
        value = getattr(row, column.key)
        if value:
            mine = (table.workspace_id == row.workspace_id, table.id == row.id)
            where = secret_place(table.__tablename__, row.workspace_id, row.id, column.key)
            found.append(Sealed(column, mine, value, where))  # type: ignore[arg-type]
    return found
