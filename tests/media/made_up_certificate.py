"""A certificate that nobody has: of a made-up authority, for a signer of its, as C2PA wants them to be."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

FROM = datetime(2026, 1, 1, tzinfo=UTC)
LASTS = timedelta(days=3650)


def certificate(
    *,
    lasts: timedelta = LASTS,
    purpose: ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
    purpose_alone: bool = False,
    password: bytes | None = None,
) -> tuple[bytes, bytes]:
    """The chain, the signer's first, and the signer's key, both as PEM.

    `purpose_alone`: for that and nothing else, as authorities of time are (RFC 3161, 2.3).
    """
    authority, signer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    chain = _issued("signer", signer, authority, lasts, purpose, alone=purpose_alone) + _issued(
        "authority", authority, authority
    )
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return chain, signer.private_bytes(serialization.Encoding.PEM, form, lock)


def _issued(
    what: str,
    key: ec.EllipticCurvePrivateKey,
    authority: ec.EllipticCurvePrivateKey,
    lasts: timedelta = LASTS,
    purpose: ObjectIdentifier | None = None,
    *,
    alone: bool = False,
) -> bytes:
    signs = purpose is not None
    usage = x509.KeyUsage(signs, False, False, False, False, not signs, not signs, False, False)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    built = (
        x509.CertificateBuilder()
        .subject_name(_name(what))
        .issuer_name(_name("authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(FROM + lasts)
        .add_extension(x509.BasicConstraints(ca=not signs, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(above, critical=False)
    )
    if purpose is not None:
        built = built.add_extension(x509.ExtendedKeyUsage([purpose]), critical=alone)
    return built.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _name(what: str) -> x509.Name:
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"A made-up {what}")
    return x509.Name([common, x509.NameAttribute(NameOID.ORGANIZATION_NAME, "A made-up desk")])
