"""Looks at a certificate and its key before files are signed with them: fit for C2PA, and of one another.

What is asked of a signer is C2PA's certificate profile (technical specification 2.2, section 14.5).
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from nightdesk.kit.endings import Refused
from nightdesk.media.provenance.credentials import Algorithm

LARGEST = 64 * 1024
"""Bytes of a chain or a key."""

SMALLEST_RSA = 2048
PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),
        ObjectIdentifier("1.3.6.1.4.1.62558.2.1"),
    }
)
"""Extended key usages of signers: e-mail protection, document signing, C2PA's own for claims."""

_CURVES: dict[str, Algorithm] = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_NO_CHAIN = "there is no certificate in it: a PEM file begins with -----BEGIN CERTIFICATE-----"
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Certificate:
    """A signer's certificate: whose it is, who issued it, until when it holds, its SHA-256, how it signs."""

    subject: str
    issuer: str
    expires: datetime
    fingerprint: str
    algorithm: Algorithm


def signer_of(chain: bytes) -> Certificate:
    """The first certificate of a chain that was taken before. Raises `Refused`."""
    found = _chain(chain)[0]
    return _told(found, _algorithm(found.public_key()))


def looked_at(chain: bytes, key: bytes, now: datetime) -> Certificate:
    """What a chain and its key are. Raises `Refused` with what is wrong, which never holds any of the key."""
    certificates, private = _chain(chain), _key(key)
    signer, algorithm = certificates[0], _algorithm(private.public_key())
    if _public(signer.public_key()) != _public(private.public_key()):
        raise Refused("the key is not that of the first certificate: put the signer's certificate first")
    _in_time(certificates, now)
    _in_order(certificates)
    _fit(signer)
    return _told(signer, algorithm)


def plain(chain: bytes, key: bytes) -> tuple[str, str]:
    """Both as PEM with nothing else in it, the key as PKCS 8. Raises `Refused`."""
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    alone = b"".join(one.public_bytes(pem) for one in _chain(chain))
    return alone.decode(), _key(key).private_bytes(pem, form, serialization.NoEncryption()).decode()


def _chain(chain: bytes) -> list[x509.Certificate]:
    try:
        found = x509.load_pem_x509_certificates(chain[:LARGEST])
    except (ValueError, UnsupportedAlgorithm) as why:
        raise Refused(_NO_CHAIN) from why
    if not found:
        raise Refused(_NO_CHAIN)
    return found


def _key(key: bytes) -> _Key:
    try:
        found = serialization.load_pem_private_key(key[:LARGEST], None)
    except TypeError as why:
        raise Refused("the key is locked with a password: give it without one (openssl pkey -in …)") from why
    except (ValueError, UnsupportedAlgorithm) as why:
        raise Refused(
            "there is no private key in it: a PEM file begins with -----BEGIN PRIVATE KEY-----"
        ) from why
    if not isinstance(found, _Key):
        raise Refused("such keys cannot sign: one of an elliptic curve, RSA or Ed25519 is taken")
    return found


def _algorithm(public: object) -> Algorithm:
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in _CURVES:
        return _CURVES[public.curve.name]
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < SMALLEST_RSA:
            raise Refused(f"its RSA key has {public.key_size} bits: {SMALLEST_RSA} are needed")
        return "ps256"
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "ed25519"
    raise Refused("such keys cannot sign: P-256, P-384, P-521, RSA and Ed25519 are taken")


def _public(public: object) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = public.public_bytes(serialization.Encoding.DER, form)  # type: ignore[attr-defined]
    return found


def _in_time(certificates: list[x509.Certificate], now: datetime) -> None:
    for one in certificates:
        if one.not_valid_after_utc <= now:
            raise Refused(
                f"the certificate of {_name(one.subject)} expired on {_day(one.not_valid_after_utc)}"
            )
        if one.not_valid_before_utc > now:
            raise Refused(
                f"the certificate of {_name(one.subject)} holds from {_day(one.not_valid_before_utc)}"
            )


def _in_order(certificates: list[x509.Certificate]) -> None:
    for one, above in pairwise(certificates):
        try:
            one.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as why:
            raise Refused(
                f"{_name(above.subject)} did not issue the certificate of {_name(one.subject)}: the chain "
                "begins with the signer, and each next one issued the one before"
            ) from why


def _fit(signer: x509.Certificate) -> None:
    if signer.issuer == signer.subject:
        raise Refused("it is signed by itself: an authority has to have issued it")
    try:
        if signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            raise Refused("it is an authority's: the first one has to be the signer's own")
    except x509.ExtensionNotFound:
        pass
    try:
        usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = frozenset(signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound as why:
        raise Refused("it does not say what its key is for (key usage and extended key usage)") from why
    if not usage.digital_signature:
        raise Refused("its key is not for digital signatures (key usage)")
    if not purposes & PURPOSES:
        raise Refused(
            "it is not meant for signing files: its extended key usage has to name e-mail protection, "
            "document signing or C2PA claim signing; a web server's certificate does not"
        )


def _told(signer: x509.Certificate, algorithm: Algorithm) -> Certificate:
    digest = signer.fingerprint(hashes.SHA256()).hex()
    return Certificate(
        _name(signer.subject), _name(signer.issuer), signer.not_valid_after_utc, digest, algorithm
    )


def _name(name: x509.Name) -> str:
    parts = [
        str(found[0].value)
        for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        if (found := name.get_attributes_for_oid(kind))
    ]
    return ", ".join(parts)[:200] or "somebody without a name"


def _day(at: datetime) -> str:
    return f"{at:%-d %B %Y}"
