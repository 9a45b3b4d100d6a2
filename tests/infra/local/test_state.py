import pytest

from infra.local.errors import LocalPlatformError
from infra.local.ports import LOOPBACK, free_ports, is_open
from infra.local.state import Ports, State, only_one


def test_ports_differ_from_each_other_and_are_free():
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert not any(is_open(port) for port in ports)


def test_what_was_saved_is_read_back():
    state = State(ports=Ports.choose()).save()
    assert State.load() == state


def test_a_half_written_state_counts_as_none(own_home):
    State(ports=Ports.choose()).save()
    (own_home / "platform.json").write_text('{"ports": {"fro')
    assert State.load() is None


def test_two_commands_do_not_work_at_once():
    with only_one(), pytest.raises(LocalPlatformError, match="at work"), only_one():
        pass


def test_loopback_is_not_the_whole_network():
    assert LOOPBACK == "127.0.0.1"
