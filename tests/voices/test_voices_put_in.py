"""Voices are put in whole, from a network that misbehaves or from a folder, and then they speak."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from kit.scripted_web import Web
from nightdesk.desk.errors import Conflict, Invalid
from nightdesk.desk.voices.catalogue import SHIPPED, catalogue
from nightdesk.desk.voices.installing import Installer, _alone
from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.kit.http.fetch import Fetcher
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.speech import open_speech
from nightdesk.providers.speech.contract import SpeechRequest
from nightdesk.providers.speech.opening import Surroundings
from servers.speech_voices import kokoro_voice, piper_voice

NAME = "en_US-handmade-low"


class Published:
    """Voices on a server, and a catalogue in the folder of voices that names them."""

    def __init__(self, web: Web, folder: Path, made: Path) -> None:
        self.web, self.folder, self.made = web, folder, made
        self.installer = Installer(folder, Fetcher(Guard(allow=[("127.0.0.1", web.port)]), SystemClock()))
        piper = [piper_voice(made) / "piper" / f"{NAME}.onnx{more}" for more in ("", ".json")]
        hers = kokoro_voice(made) / "kokoro"
        (hers / "tokenizer.json").write_text(
            json.dumps({"model": {"vocab": json.loads((hers / "config.json").read_text())["vocab"]}})
        )
        for number, name in enumerate(("af_heart", "af_other")):
            (hers / f"{name}.bin").write_bytes(np.full((510, 1, 256), number, "<f4").tobytes())
        at = f'at = "http://127.0.0.1:{web.port}/"\nlicence = "ours"\n'
        voice = '[[publishers.{}.voices]]\nname = "{}"\nlanguage = "en"\nfiles = [{}]\n'
        (folder / "catalogue.toml").write_text(
            f"[publishers.piper]\n{at}"
            + voice.format("piper", NAME, ", ".join(map(self._published, piper)))
            + f"[publishers.kokoro]\n{at}files = ["
            + ", ".join(self._published(hers / name) for name in ("kokoro.onnx", "tokenizer.json"))
            + "]\n"
            + "".join(
                voice.format("kokoro", name, self._published(hers / f"{name}.bin"))
                for name in ("af_heart", "af_other")
            )
        )

    def _published(self, file: Path) -> str:
        content = file.read_bytes()
        self.web.says(f"/{file.name}", content)
        sha256 = hashlib.sha256(content).hexdigest()
        return f'{{ path = "{file.name}", size = {len(content)}, sha256 = "{sha256}" }}'

    def left(self) -> list[str]:
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file() and path.name != "lock")

    async def said(self, provider: str, voice: str) -> float:
        speech = open_speech(Choice(provider), Surroundings(voices=self.folder))
        try:
            spoken = await speech.speak(SpeechRequest("one two three", voice=voice), ListMeter())
        finally:
            await speech.aclose()
        return spoken.seconds


@pytest.fixture
async def published(tmp_path: Path) -> AsyncIterator[Published]:
    web = Web()
    await web.start()
    (tmp_path / "voices").mkdir()
    yield Published(web, tmp_path / "voices", tmp_path / "made")
    await web.stop()


async def test_a_piper_voice_is_put_in_and_speaks(published: Published) -> None:
    installer, told = published.installer, []
    plan = installer.plan(NAME)
    assert (len(plan.files), plan.licences) == (2, ("ours",))
    await installer.install(plan, told=lambda *facts: told.append(facts))
    assert published.left() == ["catalogue.toml", f"{NAME}.onnx", f"{NAME}.onnx.json"]
    assert [done for name, done, _ in told if name == f"{NAME}.onnx"][-1] == plan.files[0].size
    assert await published.said("piper", NAME) > 0.2
    assert not installer.plan(NAME).files
    assert [one.name for one in installer.offered("en-GB") if one.installed] == [NAME]


async def test_kokoro_voices_are_put_in_one_after_the_other_and_speak(published: Published) -> None:
    installer = published.installer
    await installer.install(installer.plan("af_other"))
    assert [file.name for file in installer.plan("af_heart").files] == ["af_heart.bin"]
    await installer.install(installer.plan("af_heart"))
    assert published.left() == ["catalogue.toml", "config.json", "kokoro.onnx", "voices.bin"]
    with np.load(published.folder / "kokoro" / "voices.bin") as archive:
        assert {name: float(archive[name].mean()) for name in archive} == {"af_heart": 0.0, "af_other": 1.0}
        assert archive["af_heart"].shape == (510, 1, 256)
    assert await published.said("kokoro", "af_other") > 0.2


async def test_a_voice_that_does_not_come_whole_is_not_there_and_says_what_to_do(
    published: Published,
) -> None:
    installer, web = published.installer, published.web
    whole = web.handlers[f"/{NAME}.onnx"]
    web.says(f"/{NAME}.onnx", b"<html>a page instead</html>")
    with pytest.raises(Refused, match="not the file that was wanted"):
        await installer.install(installer.plan(NAME))
    web.says(f"/{NAME}.onnx", b"", status="404 Not Found")
    with pytest.raises(Refused, match=f"404.*--from FOLDER.*{NAME}.onnx"):
        await installer.install(installer.plan(NAME))
    web.says(f"/{NAME}.onnx", b"", status="503 Busy")
    with pytest.raises(Later, match=r"503.*say the same again"):
        await installer.install(installer.plan(NAME))
    assert published.left() == ["catalogue.toml"]
    web.handlers[f"/{NAME}.onnx"] = whole
    await installer.install(installer.plan(NAME))
    asked = [head.split(" ")[1] for head in web.heads]
    assert asked.count(f"/{NAME}.onnx.json") == 1


async def test_a_voice_is_taken_from_a_folder_where_there_is_no_network(published: Published) -> None:
    installer, made = published.installer, published.made / "piper"
    await published.web.stop()
    with pytest.raises(Later, match="could not be reached"):
        await installer.install(installer.plan(NAME))
    with pytest.raises(NeedsPerson, match="is not in"):
        await installer.install(installer.plan(NAME), source=published.made)
    await installer.install(installer.plan(NAME), source=made)
    assert (published.folder / "piper" / f"{NAME}.onnx").read_bytes() == (made / f"{NAME}.onnx").read_bytes()
    (published.folder / "piper" / f"{NAME}.onnx").unlink()
    (made / f"{NAME}.onnx").write_bytes(b"something else")
    with pytest.raises(NeedsPerson, match="not the file that was wanted"):
        await installer.install(installer.plan(NAME), source=made)


async def test_two_do_not_put_voices_in_at_once_and_a_full_disk_is_seen_before(published: Published) -> None:
    installer = published.installer
    (published.folder / "piper" / ".arriving").mkdir(parents=True)
    with _alone(published.folder / "piper" / ".arriving"), pytest.raises(Conflict, match="already"):
        await installer.install(installer.plan(NAME))
    small = Installer(published.folder, installer.fetcher, room=1 << 60)
    with pytest.raises(NeedsPerson, match="Free some space"):
        await small.install(small.plan(NAME))
    assert not published.web.heads


def test_the_shipped_catalogue_knows_each_file_by_its_hash(tmp_path: Path) -> None:
    publishers = catalogue(tmp_path)
    files = [
        (publisher, file)
        for publisher in publishers.values()
        for file in (*publisher.files, *(one for voice in publisher.voices for one in voice.files))
    ]
    assert len(files) > 50
    assert all(file.sha256 and publisher.wanted(file).url.startswith("https://") for publisher, file in files)
    assert len({file.sha256 for _, file in files}) == len(files)
    names = [voice.name for publisher in publishers.values() for voice in publisher.voices]
    assert len(set(names)) == len(names)
    installer = Installer(tmp_path, Fetcher(Guard(), SystemClock()))
    assert [voice.language for voice in installer.plan("piper", "de").voices] == ["de-DE"]
    assert len(installer.plan("kokoro").files) == len(publishers["kokoro"].voices) + 2
    with pytest.raises(Invalid, match="no voice 'nobody'"):
        installer.plan("nobody")


@pytest.mark.parametrize("spelled", ["[publishers", "publishers = 3", '[publishers.mine]\nat = "ftp://x/"'])
def test_a_catalogue_that_cannot_be_read_is_named(tmp_path: Path, spelled: str) -> None:
    (tmp_path / "catalogue.toml").write_text(spelled)
    with pytest.raises(NeedsPerson, match=r"catalogue\.toml.*take"):
        catalogue(tmp_path)
    assert SHIPPED.is_file()
