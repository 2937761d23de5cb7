"""A workspace's certificate: looked at before it is kept, its key never shown, and used for its own files."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from PIL import Image
from sqlalchemy import text

from api.api_house import Tenant
from media.made_up_certificate import certificate
from nightdesk.bootstrap import House
from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.resealing import _old
from nightdesk.desk.signing import certificate_place, notary_of
from nightdesk.kit.sealing import Sealer
from nightdesk.media.provenance.credentials import Notary, available, credentials_of
from nightdesk.media.provenance.origins import made_by, origin

NEWER = Sealer(["n" * 40])
OFFLINE = origin([made_by("pictures", "cards")])


async def test_a_certificate_is_kept_with_its_key_sealed_and_is_one_workspaces_alone(
    house: House, alice: Tenant, bob: Tenant
) -> None:
    signing = house.desk.videos.signing
    chain, key = certificate()
    assert await signing.shown(alice.workspace) is None
    kept = await signing.keep(alice.workspace, b"a note\0" + chain, key)
    assert kept.certificate.subject == "A made-up signer, A made-up desk"
    assert (kept.certificate.algorithm, kept.expired) == ("es256", False)
    assert await signing.shown(bob.workspace) is None
    async with house.store.workspace(alice.workspace) as session:
        (row,) = (await session.execute(text("select * from signing_certificates"))).mappings().all()
    assert key.decode().splitlines()[1] not in str(dict(row))
    assert repr(kept).find("PRIVATE") == -1
    await signing.forget(alice.workspace)
    assert await signing.shown(alice.workspace) is None
    with pytest.raises(NotFound):
        await signing.forget(alice.workspace)


async def test_what_cannot_sign_is_refused_with_the_reason_and_nothing_of_the_key(
    house: House, alice: Tenant
) -> None:
    signing = house.desk.videos.signing
    chain, key = certificate()
    _, other = certificate()
    parts = chain.split(b"-----END CERTIFICATE-----\n")
    turned = parts[1] + b"-----END CERTIFICATE-----\n" + parts[0] + b"-----END CERTIFICATE-----\n"
    foreign = parts[0] + b"-----END CERTIFICATE-----\n" + certificate()[0]
    late = certificate(lasts=timedelta(days=1))
    web = certificate(purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    locked = certificate(password=b"secret")
    for given, why in (
        ((chain, other), "the key is not that of the first certificate"),
        ((turned, key), "the key is not that of the first certificate"),
        ((foreign, key), "did not issue the certificate of A made-up signer"),
        (late, "expired on 2 January 2026"),
        (web, "not meant for signing files"),
        (locked, "locked with a password"),
        ((key, key), "there is no certificate in it"),
        ((chain, chain), "there is no private key in it"),
        ((b"", b""), "there is no certificate in it"),
        ((b"\xff" * 70_000, key), "64 KB at most"),
    ):
        with pytest.raises(Invalid, match=why) as refused:
            await signing.keep(alice.workspace, *given)
        assert key.decode().splitlines()[1] not in str(refused.value)
    assert await signing.shown(alice.workspace) is None


async def test_who_signs_is_found_for_the_workspace_and_its_key_is_sealed_anew_with_the_rest(
    house: House, alice: Tenant, bob: Tenant, tmp_path: Path
) -> None:
    signing, now = house.desk.videos.signing, datetime(2026, 6, 1, tzinfo=UTC)
    await signing.keep(alice.workspace, *certificate())
    sealer = house.desk.providers.sealer
    (old,) = [
        one for one in await _old(house.store, NEWER) if one.place == certificate_place(alice.workspace)
    ]
    assert sealer.open(old.value, old.place).startswith("-----BEGIN PRIVATE KEY-----")
    async with house.store.workspace(alice.workspace) as session:
        found = await notary_of(session, alice.workspace, sealer, now)
        late = await notary_of(session, alice.workspace, sealer, now + timedelta(days=9999))
    async with house.store.workspace(bob.workspace) as session:
        assert await notary_of(session, bob.workspace, sealer, now) == ""
    if not available():
        assert "nightdesk[provenance]" in str(found)
        return
    assert isinstance(late, str)
    assert "expired" in late
    assert isinstance(found, Notary)
    Image.new("RGB", (16, 16), "red").save(tmp_path / "a.png")
    await found.sign(tmp_path / "a.png", OFFLINE, tmp_path / "a.png", "A cover")
    said = credentials_of(tmp_path / "a.png")
    assert said is not None
    assert said.issuer == "A made-up desk"
