"""Opening a text provider: what is missing is said, nothing is imported too early, others add theirs."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from nightdesk.kit.endings import NeedsPerson
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
from servers.openai_questions import ideas
from servers.openai_server import OpenAIServer

KEY = SecretStr("sk-1")


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    known = "offline, openai, anthropic, google, ollama"
    with pytest.raises(NeedsPerson, match=f"no text provider `opanai`. Known are: {known}"):
        open_text(Choice.parse("opanai:gpt-5"), Limits())


def test_a_missing_key_says_what_to_set_and_that_offline_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of somebody else")
    for key in (None, SecretStr(""), SecretStr("  ")):
        with pytest.raises(NeedsPerson, match=r"NIGHTDESK_TEXT_API_KEY.*`offline` needs none"):
            open_text(Choice("openai", "gpt-5-mini", api_key=key), Limits())


def test_a_missing_model_is_asked_for() -> None:
    with pytest.raises(NeedsPerson, match="Say which model of ollama: `ollama:MODEL`"):
        open_text(Choice.parse("ollama"), Limits())


@pytest.mark.parametrize("address", ["", "localhost:8000/v1", "file:///etc/passwd", "http://", "http://[::"])
def test_an_address_that_is_none_is_said_to_be_none(address: str) -> None:
    with pytest.raises(NeedsPerson, match="is not an http or https address"):
        open_text(Choice("openai", "m", address, KEY), Limits())


@pytest.mark.parametrize(("name", "package"), [("anthropic", "anthropic"), ("google", "google.genai")])
def test_a_missing_package_says_what_to_install(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(NeedsPerson, match=rf"pip install 'nightdesk\[{name}\]'"):
        open_text(Choice(name, "m", api_key=KEY), Limits())


def test_models_are_imported_only_when_one_is_chosen() -> None:
    script = """
import sys
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.providers.text import open_text
open_text(Choice("offline"), Limits())
print([name for name in ("pydantic_ai", "openai", "genai_prices") if name in sys.modules])
open_text(Choice("ollama", "m"), Limits())
print([name for name in ("pydantic_ai", "openai", "anthropic") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['pydantic_ai', 'openai']"]


async def test_another_package_brings_a_provider_by_an_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "parrot-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[nightdesk.providers]\ntext.Parrot = parrot_provider:open\n")
    (tmp_path / "parrot_provider.py").write_text(
        "class Parrot:\n"
        "    label = 'parrot'\n"
        "    trusted_to_publish = False\n"
        "    async def ask(self, question, meter):\n"
        "        return question.answer(ideas=[])\n"
        "def open(choice):\n"
        "    return Parrot()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    provider = open_text(Choice.parse("parrot"), Limits())
    answer = await provider.ask(ideas(), ListMeter())
    assert answer.ideas == []
    assert (provider.label, provider.trusted_to_publish) == ("parrot", False)
    with pytest.raises(NeedsPerson, match="ollama, parrot"):
        open_text(Choice.parse("pirate"), Limits())


async def test_a_label_names_the_model_and_offline_is_not_trusted_to_publish() -> None:
    async with OpenAIServer() as server:
        model = open_text(Choice("openai", "gpt-5-mini", server.base_url), Limits())
    offline = open_text(Choice("offline"), Limits())
    assert (model.label, model.trusted_to_publish) == ("openai:gpt-5-mini", True)
    assert (offline.label, offline.trusted_to_publish) == ("compiled offline", False)
