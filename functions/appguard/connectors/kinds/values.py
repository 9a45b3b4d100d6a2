"""Where a value in a declared request comes from: a parameter, the identity, the file, or the broker itself.

There are no expressions: each place of a request holds exactly one value, whole and typed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Literal
from uuid import uuid4

from appguard.connectors.declared import Declared, Name
from appguard.connectors.model import Operation
from appguard.connectors.parameters import Bound
from appguard.connectors.source import Identity
from appguard.kernel.levels import DataClass


class FromParameter(Declared):
    """What the app sent, validated."""

    parameter: Name


class FromIdentity(Declared):
    """Who asks: the verified user's e-mail address in lower case, or the calling app's id."""

    identity: Literal["user", "app"]


class Constant(Declared):
    """What the file says."""

    constant: str | int | bool


class Made(Declared):
    """What the broker makes at the moment of the change."""

    made: Literal["uuid", "today", "now"]


Value = FromParameter | FromIdentity | Constant | Made

_MAKE: Mapping[str, Callable[[], str | date]] = {
    "uuid": lambda: str(uuid4()),
    "today": lambda: datetime.now(UTC).date(),
    "now": lambda: datetime.now(UTC).isoformat(timespec="seconds"),
}


def resolved(value: Value, bound: Mapping[str, Bound], who: Identity) -> Bound:
    """The value of this access; None for an optional parameter that was left out."""
    match value:
        case FromParameter():
            return bound[value.parameter]
        case FromIdentity(identity="user"):
            return who.email
        case FromIdentity():
            return who.app_id
        case Constant():
            return value.constant
        case Made():
            return _MAKE[value.made]()


def all_used(operation: Operation, values: Iterable[Value]) -> None:
    """Raise `ValueError` unless exactly the declared parameters are used."""
    used = {value.parameter for value in values if isinstance(value, FromParameter)}
    if used != set(operation.parameters):
        raise ValueError(
            f"parameters used {sorted(used)} differ from those declared {sorted(operation.parameters)}"
        )


def always_there(operation: Operation, values: Iterable[Value]) -> None:
    """Raise `ValueError` if one of the values may be left out: a key or a path has no holes."""
    for value in values:
        if isinstance(value, FromParameter) and not operation.parameters[value.parameter].required:
            raise ValueError(f"the parameter {value.parameter} must be required here")


def bound_to_user(highest: DataClass, values: Collection[Value], where: str) -> None:
    """Raise `ValueError` where personal data would be changed without saying whose it may be."""
    if highest >= DataClass.PERSONAL and FromIdentity(identity="user") not in values:
        raise ValueError(f"a command on personal data needs {{identity: user}} in {where}")
