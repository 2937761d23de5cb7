"""Signs finished files with C2PA content credentials, where a person gave a certificate for it.

C2PA technical specification 2.2. The signature covers every byte, so it comes last: any later change, marks
included, breaks it. The library is the optional package c2pa-python (extra `provenance`).
"""

import asyncio
import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from nightdesk.kit.endings import NeedsPerson, Refused
from nightdesk.kit.points import reach
from nightdesk.media.provenance.marking import TOOL
from nightdesk.media.provenance.origins import Origin
from nightdesk.media.sniffing import ENOUGH, sniffed

Algorithm = Literal["es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519"]

_log = logging.getLogger(__name__)
_MISSING = "Content credentials need the package c2pa-python: install nightdesk[provenance]."


def available() -> bool:
    """Whether the library is installed."""
    return find_spec("c2pa") is not None


@dataclass(frozen=True)
class Credentials:
    """What a file's credentials say: who signed, its source type, and what is wrong with them.

    `stamped`: when, as an authority says; empty where none was asked.
    """

    issuer: str
    source_type: str
    state: str
    problems: tuple[str, ...] = ()
    stamped: str = ""


class Notary:
    """Signs with one certificate: the chain as PEM, the signer's first, and its key as PEM: what is in
    a file, or the file."""

    def __init__(
        self,
        chain: Path | bytes,
        key: Path | bytes,
        *,
        algorithm: Algorithm = "es256",
        timestamps: str = "",
    ) -> None:
        """`timestamps`: the address of a time-stamping authority (RFC 3161), asked for each signature.

        Raises `NeedsPerson` where the library or a file is missing.
        """
        if not available():
            raise NeedsPerson(_MISSING)
        try:
            self._chain, self._key = _read(chain), _read(key)
        except OSError as why:
            raise NeedsPerson(
                f"The certificate for content credentials cannot be read ({why}): correct its path."
            ) from why
        self._algorithm, self._timestamps = algorithm, timestamps

    async def sign(self, file: Path, origin: Origin, target: Path, title: str) -> str:
        """Makes `target`: the same media with credentials; whole under its name, or not there.

        Says what it lacks: where the authority gives no time within half a minute, it has none.
        Raises `NeedsPerson` where the certificate or key is not fit for it, `Refused` for a format that
        cannot carry credentials.
        """
        if not self._timestamps:
            await asyncio.to_thread(self._sign, file, origin, target, title)
            return ""
        try:
            await asyncio.to_thread(self._sign, file, origin, target, title, self._timestamps)
        except NeedsPerson as why:
            # Where it is the certificate that will not do, this says so too.
            await asyncio.to_thread(self._sign, file, origin, target, title)
            _log.warning("no time stamp", extra={"authority": self._timestamps, "why": why.why})
            return f"Signed without a time stamp: {self._timestamps} gave none. See NIGHTDESK_TIMESTAMPS."
        return ""

    def _sign(self, file: Path, origin: Origin, target: Path, title: str, timestamps: str = "") -> None:
        import c2pa  # noqa: PLC0415 (loads 23 MB, and only where credentials are wanted)

        with file.open("rb") as opened:
            mime = sniffed(opened.read(ENOUGH)).mime
        if mime not in ("video/mp4", "image/png", "image/jpeg"):
            raise Refused(f"bad media: {mime} cannot carry content credentials")
        half = target.with_name(f"half-{uuid.uuid4().hex}{target.suffix}")
        try:
            with (
                self._signer(timestamps) as signer,
                c2pa.Builder(manifest(origin, title)) as builder,
                file.open("rb") as source,
                half.open("w+b") as out,
            ):
                builder.sign(signer, mime, source, out)
            reach("media.credentials.signed")
            half.rename(target)
        except c2pa.C2paError as why:
            raise NeedsPerson(
                f"The file could not be signed ({why}): look at the certificate and its key. "
                "The file without credentials was kept."
            ) from why
        finally:
            half.unlink(missing_ok=True)
        reach("media.credentials.renamed")

    def _signer(self, timestamps: str) -> Any:
        import c2pa  # noqa: PLC0415

        asked = timestamps.encode() or None
        return c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(self._algorithm.encode(), self._chain, self._key, asked)
        )


def _read(given: Path | bytes) -> bytes:
    return given if isinstance(given, bytes) else given.read_bytes()


def manifest(origin: Origin, title: str) -> str:
    """What is signed, as the library's JSON: the file was created, and from what kind of source."""
    created = {
        "action": "c2pa.created",
        "digitalSourceType": origin.address,
        "description": origin.why,
        "softwareAgent": {"name": TOOL},
    }
    return json.dumps(
        {
            "claim_generator_info": [{"name": TOOL}],
            "title": title,
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
        }
    )


def credentials_of(file: Path) -> Credentials | None:
    """The credentials of a file; None where it has none. Raises `NeedsPerson` without the library.

    A certificate that is on no trust list of this machine is a problem told, not a reason to say nothing.
    """
    if not available():
        raise NeedsPerson(_MISSING)
    import c2pa  # noqa: PLC0415

    with file.open("rb") as opened:
        mime = sniffed(opened.read(ENOUGH)).mime
        opened.seek(0)
        reader = c2pa.Reader.try_create(mime, opened)
        if reader is None:
            return None
        with reader:
            told = json.loads(reader.json())
    return _understood(told)


def _understood(told: Mapping[str, Any]) -> Credentials:
    active = told.get("manifests", {}).get(told.get("active_manifest"), {})
    actions = [
        action
        for assertion in active.get("assertions", [])
        if assertion.get("label", "").startswith("c2pa.actions")
        for action in assertion.get("data", {}).get("actions", [])
    ]
    signature = active.get("signature_info", {})
    problems = tuple(str(each.get("code", "")) for each in told.get("validation_status", []))
    return Credentials(
        issuer=str(signature.get("issuer") or ""),
        source_type=next((a["digitalSourceType"] for a in actions if "digitalSourceType" in a), ""),
        state=str(told.get("validation_state", "")),
        problems=problems,
        stamped=str(signature.get("time") or ""),
    )
