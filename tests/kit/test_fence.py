"""A fenced process opens, starts and connects to nothing but what it may: each act is tried in a child."""

import json
import sys

from scripted_web import Web

from nightdesk.kit.processes import ChildLimits, run

BEGIN = """
import json, os, socket, subprocess, sys, ctypes, shutil
from nightdesk.kit.fence import Fence, folders_of_python
fence = Fence(allow=[tuple(one) for one in {allow!r}], readable=folders_of_python())
fence.close()
try:
    {act}
    print(json.dumps(["done", fence.refused]))
except PermissionError as error:
    print(json.dumps(["fenced", fence.refused]))
except OSError as error:
    print(json.dumps([type(error).__name__, fence.refused]))
"""

SPELLINGS = """
127.0.0.1 localhost 127.1 2130706433 0x7f000001 0177.0.0.1 0 0.0.0.0 ::1 :: ::ffff:127.0.0.1
169.254.169.254 10.0.0.1 192.168.1.1 100.64.0.1 fe80::1 fd00::1 64:ff9b::7f00:1
"""


async def fenced(act: str, *allow: tuple[str, int]) -> list[object]:
    """How the act ended behind a fence, and which addresses were not connected to."""
    code = BEGIN.format(allow=list(allow), act=act)
    done = await run([sys.executable, "-I", "-c", code], limits=ChildLimits(seconds=20))
    assert done.well, done.stderr.decode()
    found: list[object] = json.loads(done.stdout)
    return found


async def test_no_spelling_of_an_inside_address_is_connected_to(web: Web) -> None:
    """All of them in one process, with a listener on each that leads here: it never sees anybody."""
    family = "socket.AF_INET6 if ':' in {host!r} else socket.AF_INET"
    ways = (
        "socket.create_connection(({host!r}, {port}), 1)",
        f"socket.socket({family}).connect(({{host!r}}, {{port}}))",
        f"socket.socket({family}).connect_ex(({{host!r}}, {{port}}))",
    )
    tries = [way.format(host=host, port=web.port) for host in SPELLINGS.split() for way in ways]
    act = f"""ends = []
    for one in {tries!r}:
        try:
            exec(one); ends.append(one)
        except OSError:
            pass
    if ends: raise SystemExit(ends)"""
    ended, refused = await fenced(act)
    assert ended == "done"
    assert len(refused) >= 2 * len(SPELLINGS.split())  # type: ignore[arg-type]
    assert web.heads == []


async def test_an_address_that_is_allowed_is_allowed_on_its_port_alone(web: Web) -> None:
    act = "socket.create_connection(('127.0.0.1', {port}), 2).close()"
    assert await fenced(act.format(port=web.port), ("127.0.0.1", web.port)) == ["done", []]
    assert await fenced(act.format(port=web.port), ("127.0.0.1", web.port + 1)) == ["fenced", ["127.0.0.1"]]


ACTS = (
    "open('/etc/passwd').read()",
    "open(b'/etc/passwd', 'rb').read()",
    "os.open('/etc/hostname', os.O_RDONLY)",
    "open('/proc/self/environ').read()",
    "open(os.path.join(os.getcwd(), '..', '..', 'etc', 'passwd')).read()",
    "open('/tmp/outside', 'w')",
    "open(os.__file__, 'a')",
    "os.remove('/tmp/whatever')",
    "os.rename('x', '/tmp/x')",
    "os.symlink('/etc/passwd', 'link')",
    "os.system('true')",
    "subprocess.run(['true'])",
    "os.execv('/bin/true', ['true'])",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "os.fork()",
    "ctypes.CDLL('libc.so.6')",
    "socket.socket(socket.AF_UNIX)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "socket.socket().bind(('127.0.0.1', 0))",
    "shutil.rmtree('/tmp/whatever')",
    "os.mkdir('/tmp/whatever')",
)


async def test_nothing_of_the_machine_is_opened_changed_or_started() -> None:
    act = f"""ends = []
    for one in {ACTS!r}:
        try:
            exec(one); ends.append(one)
        except PermissionError as error:
            if type(error).__name__ != "Fenced": ends.append((one, repr(error)))
        except BaseException as error:
            ends.append((one, repr(error)))
    if ends: raise SystemExit(repr(ends))"""
    assert await fenced(act) == ["done", []]


async def test_its_own_folder_and_the_modules_of_python_stay_open() -> None:
    act = "open('own', 'w').write('x'); os.mkdir('d'); os.rename('own', 'd/own'); import colorsys, zoneinfo"
    assert await fenced(act) == ["done", []]
