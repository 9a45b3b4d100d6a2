"""What kind of host a name is: computed here, since Rego engines disagree about addresses and globs."""

import re
from enum import StrEnum

_INTERNAL = frozenset(
    {"internal", "intranet", "private", "lan", "corp", "home", "arpa", "onion", "test", "invalid"}
    | {"local", "localhost", "localdomain"}
)
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_REBINDING = ("nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me")


class HostKind(StrEnum):
    """Where a host leads."""

    ADDRESS = "address"
    INTERNAL = "internal"
    AWS = "aws"
    EXTERNAL = "external"


def kind_of(host: str) -> HostKind:
    """The kind of `host`.

    A name whose last label is a number is an IPv4 address in one of its many spellings (WHATWG URL,
    "ends in a number"): it names the metadata service as easily as anything else.

    >>> kind_of("169.254.169.254"), kind_of("api.example.com")
    (<HostKind.ADDRESS: 'address'>, <HostKind.EXTERNAL: 'external'>)
    """
    name = host.strip().lower().rstrip(".")
    last = name.rpartition(".")[2]
    if _NUMERIC.fullmatch(last) or ":" in name:
        return HostKind.ADDRESS
    if last in _INTERNAL or not last or any(name == r or name.endswith("." + r) for r in _REBINDING):
        return HostKind.INTERNAL
    if re.search(r"(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)$", name):
        return HostKind.AWS
    return HostKind.EXTERNAL
