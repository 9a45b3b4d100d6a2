"""Which addresses the broker may talk to: a name that leads inside must not open what is inside.

The address that was checked is the one that is connected to; a second look-up could answer differently.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from appguard.connectors.errors import EgressRefused
from appguard.kernel.errors import Unavailable

IPAddress = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
# Where AWS answers with credentials. The first is link-local, the others are not and look private.
_METADATA = {
    ip_address(text) for text in ("169.254.169.254", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254")
}


def address_of(host: str, port: int, *, private: bool) -> str:
    """An address of the host, if all it has may be reached; raises `EgressRefused` or `Unavailable`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise Unavailable("the source's name is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not all(reachable(ip_address(text.partition("%")[0]), private=private) for text in addresses):
        raise EgressRefused("the source's name leads to an address that connectors may not reach")
    return addresses[0]


def reachable(address: IPAddress, *, private: bool) -> bool:
    """Whether a connector may talk to an address, and to the one it may stand for."""
    inner = _embedded(address)
    if inner is not None:
        return reachable(inner, private=private)
    if address in _METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if address.is_global:
        return True
    return private and (address.is_loopback or address.is_private)


def _embedded(address: IPAddress) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address carries to a gateway or to this very machine."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
