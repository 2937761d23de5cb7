"""Has secrets sealed by a key vault, so that no key is ever in a process of ours.

HashiCorp Vault and OpenBao alike, by their Transit engine: `POST /v1/transit/encrypt/KEY` and `…/decrypt/KEY`
with base 64 of the text and of its place as `associated_data`. The vault's address is the operator's setting,
never a user's, and may therefore be of this machine or a private network.
"""

import base64
import binascii
import json
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2

from nightdesk.kit import points
from nightdesk.kit.clock import Clock
from nightdesk.kit.concealing import Concealing
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.sealing import BY_VAULT, FILE_NAME, KeyUnusable, SealBroken, Sealer, WrongKey, load

DEADLINE = 3.0
"""Seconds that a call may take in all; less than the patience of whoever asks whether the desk is ready."""

LARGEST_ANSWER = 48 * 2**20
"""Bytes; a vault takes requests of 32 MiB by default."""

KEY_NAME = r"[A-Za-z0-9_-]{1,64}"
_SEALED = re.compile(rf"nv1\.({KEY_NAME})\.(vault:v(\d{{1,9}}):[A-Za-z0-9+/=]+)")
_CIPHERTEXT = re.compile(r"vault:v(\d{1,9}):[A-Za-z0-9+/=]+")
_NOT_OPENED = ("authentication failed", "invalid ciphertext", "no prefix", "could not be decoded")
_HERE = ("127.0.0.1", "::1", "localhost")


class VaultAway(Later):
    """The key vault does not answer."""

    def __init__(self) -> None:
        super().__init__(
            "The key vault (NIGHTDESK_VAULT_URL) does not answer as it should, so what is sealed cannot be "
            "opened just now. Nothing was changed. See that the vault runs and can be reached, and try again."
        )


class VaultRefuses(NeedsPerson):
    """The key vault answers, and will not do it until somebody has put something right there."""


class Vault:
    """The Transit engine of a vault, asked synchronously: call it in a thread where others must not wait."""

    def __init__(
        self, address: str, token: str, key: str, clock: Clock, *, deadline: float = DEADLINE
    ) -> None:
        """Raises `KeyUnusable` where the settings cannot be right; nothing is asked yet."""
        _look_at(address, token, key)
        self.key, self._token, self._clock, self._deadline = key, token, clock, deadline
        self._client = httpx2.Client(
            base_url=f"{address.rstrip('/')}/v1/transit/",
            headers={"X-Vault-Token": token, "X-Vault-Request": "true"},
            timeout=httpx2.Timeout(0.6 * deadline, connect=0.3 * deadline),
            verify=ssl.create_default_context(),
            # A proxy would see token and secrets, and a redirect could lead them elsewhere.
            trust_env=False,
            follow_redirects=False,
        )

    def encrypt(self, secret: str, where: str) -> str:
        """`vault:vN:…`. Raises `VaultAway`, `VaultRefuses`."""
        asked = {"plaintext": _base64(secret), "associated_data": _base64(where)}
        sealed = self._ask("encrypt", asked, secret).get("ciphertext")
        if not isinstance(sealed, str) or not _CIPHERTEXT.fullmatch(sealed):
            raise VaultAway
        return sealed

    def decrypt(self, sealed: str, where: str) -> str:
        """The secret. Raises `SealBroken`, `VaultAway`, `VaultRefuses`."""
        asked = {"ciphertext": sealed, "associated_data": _base64(where)}
        opened = self._ask("decrypt", asked).get("plaintext")
        try:
            return base64.b64decode(str(opened), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise VaultAway from error

    def _ask(self, what: str, facts: Mapping[str, str], secret: str = "") -> dict[str, Any]:
        points.reach("kit.vault.asked")
        until = self._clock.monotonic() + self._deadline
        try:
            with self._client.stream("POST", f"{what}/{self.key}", json=facts) as answer:
                body = self._read(answer, until)
        except httpx2.HTTPError as error:
            raise VaultAway from error
        points.reach("kit.vault.answered")
        try:
            said = json.loads(body) if body else {}
        except ValueError as error:
            raise VaultAway from error
        if not isinstance(said, dict):
            raise VaultAway
        if answer.status_code != 200:
            errors = said.get("errors")
            told = " ".join(str(one) for one in errors) if isinstance(errors, list) else ""
            # Some complain with what they were sent.
            self._refuse(answer.status_code, Concealing((self._token, secret)).text(told))
        data = said.get("data")
        return data if isinstance(data, dict) else {}

    def _read(self, answer: httpx2.Response, until: float) -> bytes:
        """Raises `VaultAway` where it takes too long or never ends."""
        body = b""
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > LARGEST_ANSWER or self._clock.monotonic() > until:
                raise VaultAway
        return body

    def _refuse(self, status: int, said: str) -> None:
        if status == 400 and any(one in said for one in _NOT_OPENED):
            raise SealBroken("A stored secret is damaged or was moved from its place. Enter it again.")
        if status == 503 and "sealed" in said:
            raise VaultRefuses(
                "The key vault is sealed, so what Nightdesk keeps sealed cannot be opened. Nothing was "
                "changed. Unseal it (`vault operator unseal`) and try again."
            )
        if status == 403:
            raise VaultRefuses(
                "The key vault does not let us in: NIGHTDESK_VAULT_TOKEN has expired, or may not update "
                f"transit/encrypt/{self.key} and transit/decrypt/{self.key}. Nothing was changed. Give a "
                "token that may."
            )
        if status in (400, 404):
            raise VaultRefuses(
                f"The key vault has no use for the key `{self.key}` of its engine `transit`. It said: "
                f"{said[:200] or 'nothing'}. Nothing was changed. Make both (`vault secrets enable transit`, "
                f"`vault write -f transit/keys/{self.key}`), or put NIGHTDESK_VAULT_KEY right."
            )
        raise VaultAway


class VaultSealer(Sealer):
    """Seals by a vault; what an older key of ours sealed still opens while that key is there."""

    def __init__(self, vault: Vault, older: Sealer | None = None) -> None:
        self._vault, self._older = vault, older
        self.key_id = vault.key
        self._newest = 0

    def seal(self, secret: str, where: str) -> str:
        """`nv1.KEY.vault:vN:…`. Raises `VaultAway`, `VaultRefuses`."""
        sealed = f"{BY_VAULT}{self.key_id}.{self._vault.encrypt(secret, where)}"
        self._newest = max(self._newest, _version(sealed, self.key_id))
        return sealed

    def open(self, sealed: str, where: str) -> str:
        """The secret. Raises as `Sealer.open`, and `VaultAway`, `VaultRefuses`."""
        form = _SEALED.fullmatch(sealed)
        if form is None:
            return self._open_older(sealed, where)
        if form[1] != self.key_id:
            raise WrongKey(
                f"A stored secret was sealed by the vault's key `{form[1]}`, and NIGHTDESK_VAULT_KEY names "
                f"`{self.key_id}`. Nothing was changed. Name the old one again; to change keys, rotate it."
            )
        return self._vault.decrypt(form[2], where)

    def _open_older(self, sealed: str, where: str) -> str:
        if not sealed.startswith("nd1."):
            raise SealBroken("A stored secret is damaged. Enter it again.")
        if self._older is None:
            raise WrongKey(
                "A stored secret was sealed with a key of Nightdesk's own before there was a vault. Nothing "
                f"was changed. Bring that key back (the file {FILE_NAME} of the data folder, or "
                "NIGHTDESK_SECRET_KEY) for one start, which has the vault seal everything anew."
            )
        return self._older.open(sealed, where)

    def is_old(self, sealed: str) -> bool:
        """Whether another key or an older version of the vault's key sealed it, as far as is known here."""
        return _version(sealed, self.key_id) < max(self._newest, 1)


def with_vault(vault: Vault, data_dir: Path, given: str | None) -> VaultSealer:
    """The sealer by that vault, beside the keys of before where there are any. Raises `KeyUnusable`."""
    there = bool(given and given.strip()) or (data_dir / FILE_NAME).exists()
    return VaultSealer(vault, load(data_dir, given, create=False) if there else None)


def _version(sealed: str, key: str) -> int:
    """Of the vault's key that sealed it; 0 where it was another key."""
    form = _SEALED.fullmatch(sealed)
    return int(form[3]) if form and form[1] == key else 0


def _look_at(address: str, token: str, key: str) -> None:
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment or url.userinfo:
        raise KeyUnusable("NIGHTDESK_VAULT_URL is no address of a vault; one looks like https://vault:8200.")
    if url.scheme == "http" and url.host not in _HERE:
        raise KeyUnusable(
            "NIGHTDESK_VAULT_URL begins with http:, which would send every secret over the network in clear. "
            "Use https:, or a vault agent on this machine."
        )
    if not token.strip() or not token.isascii() or not token.isprintable():
        raise KeyUnusable("NIGHTDESK_VAULT_URL is set, and NIGHTDESK_VAULT_TOKEN is not, or holds no token.")
    if not re.fullmatch(KEY_NAME, key):
        raise KeyUnusable("NIGHTDESK_VAULT_KEY is no name of a key: letters, digits, - and _, at most 64.")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
