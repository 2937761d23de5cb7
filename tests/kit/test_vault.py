"""A key vault seals instead of a key of ours: alike in use, and plain about what is wrong with it."""

import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson
from nightdesk.kit.sealing import FILE_NAME, KeyUnusable, SealBroken, Sealer, WrongKey, load, place
from nightdesk.kit.vault import Vault, VaultAway, VaultRefuses, VaultSealer, with_vault
from servers import transit_server
from servers.transit_server import TOKEN, Transit, transit

HERE = place(1, "provider_keys", "0:text", "sealed")
LOCAL = "a-key-of-the-installation-long-enough"


@pytest.fixture
def engine() -> Iterator[Transit]:
    with transit() as found:
        yield found


def vault(engine: Transit, *, token: str = TOKEN, key: str = "nightdesk", deadline: float = 1.0) -> Vault:
    return Vault(engine.address, token, key, SystemClock(), deadline=deadline)


@pytest.mark.parametrize("secret", ["sk-very-secret", "ключ 🗝 with blanks\n", "x" * 200_000])
def test_what_the_vault_sealed_it_opens_again(engine, secret):
    sealer = VaultSealer(vault(engine))
    sealed = sealer.seal(secret, HERE)
    assert sealed.startswith("nv1.nightdesk.vault:v1:")
    assert sealer.open(sealed, HERE) == secret
    assert sealer.seal(secret, HERE) != sealed


def test_the_vault_is_asked_by_base_64_and_told_the_place(engine):
    VaultSealer(vault(engine)).seal("sk-very-secret", HERE)
    (path, facts), *_ = engine.asked
    assert path == "/v1/transit/encrypt/nightdesk"
    assert {name: base64.b64decode(text).decode() for name, text in facts.items()} == {
        "plaintext": "sk-very-secret",
        "associated_data": HERE,
    }


def test_no_key_is_in_the_process_and_none_is_made_in_the_data_folder(engine, tmp_path):
    sealer = with_vault(vault(engine), tmp_path, None)
    sealed = sealer.seal("sk-very-secret", HERE)
    assert list(tmp_path.iterdir()) == []
    key = engine.keys["nightdesk"][0]
    assert key not in repr(vars(sealer)).encode() + sealed.encode()
    assert not hasattr(sealer, "_ciphers")


def test_a_secret_moved_or_changed_does_not_open(engine):
    sealer = VaultSealer(vault(engine))
    sealed = sealer.seal("sk-very-secret", HERE)
    head, body = sealed.rsplit(":", 1)
    changed = bytearray(base64.b64decode(body))
    changed[-1] ^= 1
    for text, where in (
        (sealed, place(2, "provider_keys", "0:text", "sealed")),
        (f"{head}:{base64.b64encode(changed).decode()}", HERE),
        ("nv1.nightdesk.vault:v1:", HERE),
        ("nv1.nightdesk.nonsense", HERE),
        ("nonsense", HERE),
    ):
        with pytest.raises(SealBroken):
            sealer.open(text, where)


def test_what_a_key_of_ours_sealed_opens_while_that_is_there_and_is_sealed_anew(engine):
    old = Sealer([LOCAL])
    before = old.seal("sk-very-secret", HERE)
    sealer = VaultSealer(vault(engine), old)
    assert sealer.open(before, HERE) == "sk-very-secret"
    assert sealer.is_old(before)
    again = sealer.reseal(before, HERE)
    assert not sealer.is_old(again)
    alone = VaultSealer(vault(engine))
    assert alone.open(again, HERE) == "sk-very-secret"
    with pytest.raises(WrongKey, match="Bring that key back"):
        alone.open(before, HERE)


def test_after_the_vaults_key_was_rotated_old_secrets_open_and_are_known_as_old(engine):
    sealer = VaultSealer(vault(engine))
    sealed = sealer.seal("sk-very-secret", HERE)
    assert not sealer.is_old(sealed)
    engine.rotate()
    assert sealer.open(sealed, HERE) == "sk-very-secret"
    sealer.check_value()
    assert sealer.is_old(sealed)
    again = sealer.reseal(sealed, HERE)
    assert "vault:v2:" in again
    assert not sealer.is_old(again)


def test_the_check_value_tells_the_right_vault_from_another(engine):
    sealer = VaultSealer(vault(engine))
    check = sealer.check_value()
    sealer.verify(check)
    with transit() as other, pytest.raises(SealBroken):
        VaultSealer(vault(other)).verify(check)
    engine.keys["elsewhere"] = engine.keys["nightdesk"]
    with pytest.raises(WrongKey, match="names `elsewhere`"):
        VaultSealer(vault(engine, key="elsewhere")).verify(check)


def test_without_its_vault_a_secret_is_said_to_need_it(engine):
    sealed = VaultSealer(vault(engine)).seal("sk-very-secret", HERE)
    with pytest.raises(WrongKey, match="NIGHTDESK_VAULT_URL"):
        Sealer([LOCAL]).open(sealed, HERE)


@pytest.mark.parametrize(
    ("fault", "ending", "says"),
    [
        (transit_server.sealed, NeedsPerson, "vault operator unseal"),
        (transit_server.overloaded, Later, "try again"),
        (transit_server.slow, Later, "does not answer"),
        (transit_server.garbage, Later, "as it should"),
        (transit_server.empty, Later, "as it should"),
        (transit_server.a_list, Later, "as it should"),
        (transit_server.standby, Later, "as it should"),
    ],
)
def test_a_vault_that_misbehaves_ends_the_call_with_what_to_do(engine, fault, ending, says):
    sealer = VaultSealer(vault(engine))
    sealed = sealer.seal("sk-very-secret", HERE)
    engine.misbehave = fault
    begun = SystemClock().monotonic()
    for ask in (lambda: sealer.seal("sk-very-secret", HERE), lambda: sealer.open(sealed, HERE)):
        with pytest.raises(ending, match=says) as ended:
            ask()
        assert "Nothing was changed" in ended.value.why
        assert TOKEN not in ended.value.why
        assert "sk-very-secret" not in ended.value.why
    assert SystemClock().monotonic() - begun < 4
    engine.misbehave = None
    assert sealer.open(sealed, HERE) == "sk-very-secret"


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
@pytest.mark.parametrize("secret", ["sk-very-secret", 'ключ & "пароль"'])
def test_a_vault_that_complains_with_what_it_was_sent_is_told_of_without_the_secrets(engine, status, secret):
    opened = vault(engine)
    engine.echoes = status
    for _ in range(4):
        with pytest.raises((Later, NeedsPerson)) as ending:
            opened.encrypt(secret, HERE)
        written = (TOKEN, secret, base64.b64encode(secret.encode()).decode())
        assert [one for one in written if one in ending.value.why] == []


def test_a_vault_that_is_not_there_is_told(engine):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    gone = Vault(f"http://127.0.0.1:{port}", TOKEN, "nightdesk", SystemClock())
    with pytest.raises(VaultAway):
        VaultSealer(gone).seal("sk-very-secret", HERE)


@pytest.mark.parametrize(
    ("facts", "says"),
    [({"token": "hvs.expired"}, "does not let us in"), ({"key": "unknown"}, "transit/keys/unknown")],
)
def test_a_token_or_key_that_will_not_do_is_told(engine, facts, says):
    with pytest.raises(VaultRefuses, match=says):
        VaultSealer(vault(engine, **facts)).check_value()


@pytest.mark.parametrize(
    ("address", "token", "key", "says"),
    [
        ("nonsense", TOKEN, "nightdesk", "no address of a vault"),
        ("https://user@vault:8200", TOKEN, "nightdesk", "no address of a vault"),
        ("http://vault.example.org:8200", TOKEN, "nightdesk", "in clear"),
        ("http://10.0.0.7:8200", TOKEN, "nightdesk", "in clear"),
        ("https://10.0.0.7:8200", "", "nightdesk", "NIGHTDESK_VAULT_TOKEN"),
        ("https://10.0.0.7:8200", "a\ntoken", "nightdesk", "NIGHTDESK_VAULT_TOKEN"),
        ("https://10.0.0.7:8200", TOKEN, "../sys/seal", "NIGHTDESK_VAULT_KEY"),
    ],
)
def test_settings_that_cannot_be_right_are_refused_before_anything_is_asked(address, token, key, says):
    with pytest.raises(KeyUnusable, match=says):
        Vault(address, token, key, SystemClock())


def test_a_key_file_that_is_there_is_used_for_what_it_sealed(engine, tmp_path: Path):
    before = load(tmp_path, create=True).seal("sk-very-secret", HERE)
    assert with_vault(vault(engine), tmp_path, None).open(before, HERE) == "sk-very-secret"
    (tmp_path / FILE_NAME).unlink()
    given = Sealer([LOCAL]).seal("sk-very-secret", HERE)
    assert with_vault(vault(engine), tmp_path, LOCAL).open(given, HERE) == "sk-very-secret"
