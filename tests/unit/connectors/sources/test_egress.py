import socket
from ipaddress import ip_address

import pytest

from appguard.connectors.errors import EgressRefused
from appguard.connectors.sources.egress import address_of, reachable
from appguard.kernel.errors import Unavailable

INSIDE = ["10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "::1", "fd12::1"]
NEVER = [
    "169.254.169.254",
    "169.254.170.2",
    "fe80::1",
    "fd00:ec2::254",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "100.64.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]


@pytest.mark.parametrize(
    "text", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]
)
def test_public_addresses_are_reached(text):
    assert reachable(ip_address(text), private=False)


@pytest.mark.parametrize("text", INSIDE)
def test_private_ones_only_where_the_file_says_so(text):
    assert not reachable(ip_address(text), private=False)
    assert reachable(ip_address(text), private=True)


@pytest.mark.parametrize(
    "text", ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:0:a00:1::f5ff:fffe"]
)
def test_an_address_that_stands_for_a_private_one_is_judged_as_that(text):
    assert not reachable(ip_address(text), private=False)


@pytest.mark.parametrize("text", NEVER)
def test_where_credentials_are_given_out_nobody_is_ever_sent(text):
    assert not reachable(ip_address(text), private=True)


def resolving(monkeypatch, *addresses):
    asked = []

    def look_up(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_one_bad_address_among_good_ones_refuses_the_name(monkeypatch):
    resolving(monkeypatch, "93.184.215.14", "169.254.169.254")
    with pytest.raises(EgressRefused):
        address_of("api.example.com", 443, private=False)


def test_a_name_is_looked_up_once_so_that_no_second_answer_can_differ(monkeypatch):
    asked = resolving(monkeypatch, "93.184.215.14")
    assert address_of("api.example.com", 443, private=False) == "93.184.215.14"
    assert asked == ["api.example.com"]


def test_a_name_nobody_knows_is_unavailable(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unavailable):
        address_of("api.example.com", 443, private=False)
