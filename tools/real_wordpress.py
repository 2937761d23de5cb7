"""A real WordPress for tests: put into a temporary folder from Debian's packages, served on loopback.

Called with a folder it fetches the files of WordPress into it, and installs `php` and `mariadbd` where they
lack, without any service: each test run starts its own, and stops what it started.
"""

import contextlib
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAMS = ("php", "mariadbd", "mariadb-install-db", "mariadb")
INSTALLED = (
    *("php-cli", "php-mysql", "php-gd", "php-mbstring", "php-xml"),
    *("mariadb-server-core", "mariadb-client-core"),
)
UNPACKED = ("wordpress", "wordpress-theme-twentytwentythree", "php-getid3")
"""Only unpacked: as a package WordPress brings a web server with it, which would start."""

SOURCE = Path(os.environ.get("NIGHTDESK_WORDPRESS", "/usr/share/wordpress"))
"""The files of WordPress."""

STARTING_SECONDS = 60.0
ROLES = ("administrator", "editor", "author", "contributor", "subscriber", "columnist")
"""WordPress's own five, and one as plug-ins make them: it may publish, and not upload."""

CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '%(address)s');
define('WP_SITEURL', '%(address)s');
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT',
          'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) define($name, hash('sha256', $name . '%(socket)s'));
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""

ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file($_SERVER['DOCUMENT_ROOT'] . $path)) return false;
$_SERVER['SCRIPT_NAME'] = '/index.php';
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
"""

INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '%(host)s';
require '%(folder)s/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Night press', 'administrator', 'administrator@press.invalid', true, '', 'unused');
update_option('permalink_structure', '/%%postname%%/');
global $wp_rewrite;
$wp_rewrite->init();
$wp_rewrite->flush_rules(false);
add_role('columnist', 'Columnist', array_fill_keys(
    ['read', 'edit_posts', 'delete_posts', 'publish_posts', 'edit_published_posts'], true));
$made = [];
foreach (%(roles)s as $role) {
    $user = get_user_by('login', $role);
    $id = $user ? $user->ID : wp_insert_user(
        ['user_login' => $role, 'user_pass' => wp_generate_password(), 'role' => $role,
         'user_email' => $role . '@press.invalid', 'display_name' => ucfirst($role)]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'Nightdesk']);
    $made[$role] = $password;
}
echo json_encode(['version' => get_bloginfo('version'), 'passwords' => $made]);
"""


class Missing(Exception):
    """Something that a real WordPress needs is not installed here; the words say what."""


@dataclass(frozen=True)
class Wordpress:
    """One that runs. `passwords` are application passwords by role, which is the user's name too.

    It listens on `port`, and takes `address`, with `public_port`, for its own: a proxy may stand there.
    """

    address: str
    port: int
    public_port: int
    version: str
    passwords: Mapping[str, str]
    folder: Path
    database: Path

    def rows(self, query: str) -> list[list[str]]:
        """What the database itself says."""
        client = ["mariadb", f"--socket={self.database}", "-uroot", "-N", "-B", "wordpress", "-e", query]
        said = subprocess.run(client, check=True, capture_output=True, text=True).stdout
        return [line.split("\t") for line in said.splitlines()]


@contextlib.contextmanager
def wordpress() -> Iterator[Wordpress]:
    """One WordPress while the block runs. Raises `Missing`."""
    source = _source()
    with tempfile.TemporaryDirectory(prefix="real-wordpress-") as name:
        home = Path(name)
        home.chmod(0o755)
        with _database(home) as database:
            port, public_port = _free_port(), _free_port()
            address = f"http://127.0.0.1:{public_port}"
            folder = _laid_out(home, source, database, address)
            made = _installed(folder, f"127.0.0.1:{public_port}")
            with _served(home, folder, port):
                facts = (made["version"], made["passwords"], folder, database)
                yield Wordpress(address, port, public_port, *facts)


def _source() -> Path:
    for program in PROGRAMS:
        if shutil.which(program) is None:
            raise Missing(f"`{program}` is not installed here (make prove-wordpress puts it in on Debian)")
    if (SOURCE / "wp-includes" / "version.php").exists():
        return SOURCE
    raise Missing("Debian's package `wordpress` is not here (make prove-wordpress fetches it)")


@contextlib.contextmanager
def _database(home: Path) -> Iterator[Path]:
    data, line = home / "database", home / "database.sock"
    data.mkdir()
    # A database refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    common = [f"--datadir={data}", f"--user={user}"]
    if os.geteuid() == 0:
        shutil.chown(data, user)
        home.chmod(0o777)
    making = ["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(making, check=True, capture_output=True)
    small = ["--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"]
    running = ["mariadbd", "--no-defaults", *common, f"--socket={line}", "--skip-networking", *small]
    with _running(running, home / "database.log"):
        asking = ["mariadb", f"--socket={line}", "-uroot", "-e", "create database wordpress"]
        _until(lambda: subprocess.run(asking, capture_output=True).returncode == 0, home / "database.log")
        yield line


def _laid_out(home: Path, source: Path, database: Path, address: str) -> Path:
    folder = home / "site"
    shutil.copytree(source, folder, symlinks=True)
    for name in ("themes", "plugins", "uploads"):
        kept = folder / "wp-content" / name
        kept.mkdir(exist_ok=True, parents=True)
    facts = {"socket": database, "address": address}
    (folder / "wp-config.php").write_text(CONFIG % facts)
    (home / "router.php").write_text(ROUTER)
    return folder


def _installed(folder: Path, host: str) -> dict[str, Any]:
    roles = "[" + ", ".join(f"'{role}'" for role in ROLES) + "]"
    script = folder.parent / "install.php"
    script.write_text(INSTALL % {"host": host, "folder": folder, "roles": roles})
    done = subprocess.run(["php", str(script)], capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout.strip().endswith("}"):
        raise RuntimeError(f"WordPress could not be installed: {done.stdout[-800:]} {done.stderr[-800:]}")
    return json.loads(done.stdout[done.stdout.index('{"version"') :])


@contextlib.contextmanager
def _served(home: Path, folder: Path, port: int) -> Iterator[None]:
    command = ["php", "-d", "upload_max_filesize=32M", "-d", "post_max_size=40M"]
    command += ["-S", f"127.0.0.1:{port}", "-t", str(folder), str(home / "router.php")]
    with _running(command, home / "php.log", PHP_CLI_SERVER_WORKERS="3"):
        _until(lambda: _listens(port), home / "php.log")
        yield


@contextlib.contextmanager
def _running(command: list[str], log: Path, **more: str) -> Iterator[None]:
    with log.open("wb") as out:
        child = subprocess.Popen(
            command, stdout=out, stderr=out, env={**os.environ, **more}, start_new_session=True
        )
        try:
            yield
        finally:
            # Its group, since php's workers are its children and would stay.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, 15)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, 9)
                child.wait()


def _until(ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + STARTING_SECONDS
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"It did not start in {STARTING_SECONDS:.0f} s: {log.read_text()[-800:]}")
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def fetch(folder: Path) -> None:
    """Unpacks WordPress into a folder, and installs the programs that it needs. Raises `Missing`."""
    if shutil.which("apt-get") is None:
        raise Missing("only Debian's packages are known here, and there is no apt-get")
    apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not all(shutil.which(program) for program in PROGRAMS):
        if os.geteuid() != 0:
            raise Missing(f"apt-get install {' '.join(INSTALLED)} needs root")
        subprocess.run(["apt-get", "-qq", "update"], check=True, env=apt)
        install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *INSTALLED]
        subprocess.run(install, check=True, env=apt, stdout=subprocess.DEVNULL)
    if (folder / "usr/share/wordpress/wp-includes/version.php").exists():
        return
    with tempfile.TemporaryDirectory() as name:
        # apt fetches as a user of its own.
        Path(name).chmod(0o777)
        subprocess.run(["apt-get", "-qq", "download", *UNPACKED], check=True, cwd=name, env=apt)
        for package in sorted(Path(name).glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)


if __name__ == "__main__":
    try:
        fetch(Path(sys.argv[1]))
    except (Missing, subprocess.CalledProcessError) as missing:
        print(f"THE REAL WORDPRESS IS NOT HERE: {missing}.")
