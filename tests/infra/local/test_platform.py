"""The whole platform, up and down, from the sources of this checkout."""

import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import psutil
import pytest

from infra.local import platform
from infra.local.errors import PortTaken
from infra.local.process import Process
from infra.local.state import State

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def shared_home():
    temporary = tempfile.TemporaryDirectory(prefix="appguard-test-")
    with pytest.MonkeyPatch.context() as patch, temporary as folder:
        patch.setenv("APPGUARD_HOME", folder)
        yield
        platform.down(reset=True)


@pytest.fixture(scope="module")
def endpoints(shared_home):
    return platform.up()


@pytest.fixture(autouse=True)
def own_home(shared_home):
    """One platform for the module instead of a folder per test."""


def test_everything_runs_and_is_where_status_says(endpoints):
    found = platform.status()
    assert found.running
    assert found.endpoints == endpoints
    assert all("127.0.0.1" in address for address in endpoints.model_dump().values())


def test_the_portal_answers_at_the_one_origin(endpoints):
    assert httpx.get(endpoints.portal, timeout=60).status_code in {200, 302, 303}


def test_the_broker_refuses_an_unsigned_call(endpoints):
    assert httpx.post(f"{endpoints.connectors}/connectors/hr-db/queries/x", timeout=60).status_code == 403


def test_a_second_up_starts_and_deploys_nothing(endpoints):
    said = []
    before = {name: Process.known(name) for name in ("emulator", "oidc", "front")}
    assert platform.up(said.append) == endpoints
    assert {name: Process.known(name) for name in before} == before
    assert "deploying" not in said


def test_a_part_that_died_is_started_again(endpoints):
    parts = [psutil.Process(Process.known(name).pid) for name in ("front", "oidc")]
    for part in parts:
        part.kill()
    psutil.wait_procs(parts, timeout=10)
    assert not platform.status().running
    assert platform.up() == endpoints
    assert platform.status().running


def test_after_down_nothing_is_left_running_and_after_up_everything_is_as_before(endpoints):
    ours = {Process.known(name).pid for name in ("emulator", "oidc", "front")}
    platform.down()
    listening = {c.laddr.port for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
    assert not ours & set(psutil.pids())
    assert not set(State.load().ports.model_dump().values()) & listening
    said = []
    assert platform.up(said.append) == endpoints
    assert "deploying" not in said


def test_a_port_taken_by_somebody_else_is_named(endpoints):
    platform.down()
    somebody = socket.create_server(("127.0.0.1", State.load().ports.front))
    with somebody, pytest.raises(PortTaken, match="front"):
        platform.up()
    assert platform.up() == endpoints


def test_the_command_says_the_same_to_programs(endpoints):
    said = subprocess.run(
        [Path(sys.executable).with_name("appguard"), "status", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert platform.Endpoints.model_validate_json(said.stdout) == endpoints
