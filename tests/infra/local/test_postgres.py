import os

import psycopg
import pytest

from infra.local import postgres
from infra.local.ports import free_ports

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    port = free_ports(1)[0]
    postgres.start(port)
    yield port
    postgres.stop()


def test_the_superuser_signs_in_with_the_kept_password_only(server):
    with postgres.connect(server) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("postgres",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=server, user="postgres", password="guess")


def test_it_listens_on_loopback_only(server):
    with postgres.connect(server) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_data_outlives_a_stop_and_starting_twice_does_no_harm(server):
    with postgres.connect(server) as connection:
        connection.execute("CREATE TABLE kept (n integer)")
    postgres.stop()
    assert not postgres.is_running()
    postgres.start(server)
    postgres.start(server)
    with postgres.connect(server) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_killed_server_starts_again(server, own_home):
    pid = int((own_home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, 9)
    while postgres.is_running():
        pass
    postgres.start(server)
    with postgres.connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
