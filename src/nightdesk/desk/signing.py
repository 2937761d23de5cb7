"""With what a workspace signs finished files (C2PA): its certificate, looked at, kept, and forgotten."""

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.kit.clock import Clock
from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.kit.sealing import Sealer, place
from nightdesk.media.provenance.certificates import LARGEST, Certificate, looked_at, plain, signer_of
from nightdesk.media.provenance.credentials import Notary, available
from nightdesk.media.provenance.origins import Part, origin
from nightdesk.store.session import Store
from nightdesk.store.tables.access import SigningCertificate

MOST_BYTES = LARGEST
NOTHING = "Nothing was changed."


@dataclass(frozen=True)
class CertificateShown:
    """A workspace's certificate; the key is never shown. `expired` by now."""

    certificate: Certificate
    kept_at: datetime
    expired: bool


@dataclass(frozen=True)
class Signing:
    """Reads and changes it."""

    store: Store
    sealer: Sealer
    clock: Clock

    @property
    def available(self) -> bool:
        """Whether what signs is installed (the extra `provenance`)."""
        return available()

    async def shown(self, workspace_id: int) -> CertificateShown | None:
        """None where there is none."""
        async with self.store.workspace(workspace_id) as session:
            row = await session.get(SigningCertificate, workspace_id)
        if row is None:
            return None
        found = signer_of(row.chain.encode())
        return CertificateShown(found, row.created_at, found.expires <= self.clock.now())

    async def keep(self, workspace_id: int, chain: bytes, key: bytes) -> CertificateShown:
        """Keeps a chain and its key, both PEM, in place of the one before.

        Raises `Invalid` for `chain` with what is wrong with them; where the extra is installed, also where
        they cannot sign a picture. No message holds anything of the key.
        """
        if max(len(chain), len(key)) > LARGEST:
            raise Invalid("chain", f"A certificate or key has {LARGEST >> 10} KB at most. {NOTHING}")
        now = self.clock.now()
        try:
            found = looked_at(chain, key, now)
            certificates, private = plain(chain, key)
            if self.available:
                await _tried(Notary(certificates.encode(), private.encode(), algorithm=found.algorithm))
        except Refused as refused:
            raise Invalid("chain", f"This cannot be used: {refused.why}. {NOTHING}") from refused
        except NeedsPerson as unfit:
            raise Invalid(
                "chain", f"This cannot sign: {unfit.why.split(': look at')[0]}. {NOTHING}"
            ) from unfit
        where = certificate_place(workspace_id)
        sealed = await asyncio.to_thread(self.sealer.seal, private, where)
        facts = {
            "chain": certificates,
            "sealed": sealed,
            "algorithm": found.algorithm,
            "created_at": now,
        }
        new = insert(SigningCertificate).values(workspace_id=workspace_id, **facts)
        async with self.store.workspace(workspace_id) as session:
            await session.execute(new.on_conflict_do_update(index_elements=["workspace_id"], set_=facts))
        return CertificateShown(found, now, expired=False)

    async def forget(self, workspace_id: int) -> None:
        """Files are signed no more; those that are stay so. Raises `NotFound`."""
        gone = delete(SigningCertificate).where(SigningCertificate.workspace_id == workspace_id)
        async with self.store.workspace(workspace_id) as session:
            done = await session.scalar(gone.returning(SigningCertificate.workspace_id))
        if done is None:
            raise NotFound("certificate")


async def notary_of(
    session: AsyncSession, workspace_id: int, sealer: Sealer, now: datetime, timestamps: str = ""
) -> Notary | str:
    """Who signs for the workspace; else why nothing is signed, empty where it has no certificate.

    `timestamps`: the address that is asked when each signature was made; none asks nobody.

    Raises what opening a seal raises.
    """
    row = await session.get(SigningCertificate, workspace_id)
    if row is None:
        return ""
    if not available():
        return "Not signed (C2PA): install nightdesk[provenance] where videos are made."
    found = signer_of(row.chain.encode())
    if found.expires <= now:
        return f"Not signed (C2PA): the certificate expired on {found.expires:%-d %B %Y}. Give a new one."
    key = await asyncio.to_thread(sealer.open, row.sealed, certificate_place(workspace_id))
    chain = row.chain.encode()
    return Notary(chain, key.encode(), algorithm=found.algorithm, timestamps=timestamps)


def certificate_place(workspace_id: int) -> str:
    """Where the key is sealed to: moved to another workspace it does not open."""
    return place(workspace_id, "signing_certificates", workspace_id, "sealed")


async def _tried(notary: Notary) -> None:
    """Signs a picture of no use. Raises `NeedsPerson`."""
    out = BytesIO()
    Image.new("RGB", (16, 16)).save(out, "PNG")
    with tempfile.TemporaryDirectory(prefix="nightdesk-signing-") as made:
        file = Path(made) / "a.png"
        await asyncio.to_thread(file.write_bytes, out.getvalue())
        await notary.sign(file, origin([Part("picture", "program")]), Path(made) / "b.png", "A trial")
