"""The link that the command prints: it lets the first owner in, and is printed no more once there is one."""

import socket
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from nightdesk.bootstrap import open_house
from nightdesk.faces.cli.welcome import greeting
from nightdesk.settings import Settings


async def test_the_link_is_printed_until_somebody_owns_the_desk(
    database: str, tmp_path: Path, capsys: Any
) -> None:
    settings = Settings(
        database_url=SecretStr(database),
        data_dir=tmp_path,
        secret_key=SecretStr("0123456789abcdef0123456789abcdef"),
        _env_file=None,
    )
    async with open_house(settings) as house:
        with socket.create_server(("127.0.0.1", 0)) as bound:
            (await greeting(house, bound))()
            said = capsys.readouterr().out
            address = f"http://127.0.0.1:{bound.getsockname()[1]}/start?token="
            token = said.partition(address)[2].split()[0]
            given = ("ada@desk.test", "Ada", "lantern meadow quiet harbour", "The Desk", "en", "UTC")
            assert await house.desk.entrance.begin(token, *given, address="127.0.0.1", agent="a test")
            (await greeting(house, bound))()
            assert "token=" not in capsys.readouterr().out
