"""From the parameters of a request to the values bound to placeholders, and their digests."""

import hashlib
import hmac
from collections.abc import Mapping

from pydantic import JsonValue

from appguard.connectors.parameters import Bound, Parameter
from appguard.kernel.errors import Invalid


def bind(declared: Mapping[str, Parameter], given: Mapping[str, JsonValue]) -> dict[str, Bound]:
    """Every declared parameter's value, validated; None for an optional one that is left out.

    Raises `Invalid` naming the parameter, never repeating its value.
    """
    if unknown := set(given) - set(declared):
        known = ", ".join(declared) or "none"
        raise Invalid(f"{len(unknown)} unknown parameter(s); known here: {known}")
    return {name: _bound(name, parameter, given.get(name)) for name, parameter in declared.items()}


def _bound(name: str, parameter: Parameter, raw: JsonValue) -> Bound:
    if raw is None:
        if parameter.required:
            raise Invalid(f"parameter {name} is missing")
        return None
    try:
        return parameter.bind(raw)
    except Invalid as error:
        raise Invalid(f"parameter {name} {error.message}") from None


def digests(key: bytes, scope: str, bound: Mapping[str, Bound]) -> dict[str, JsonValue]:
    """Keyed digests of the values: equal values of a parameter can be recognised, not read.

    `scope` (connector and operation) keeps the same value in two places from looking the same.
    """
    return {
        name: None if value is None else keyed_digest(key, f"{scope}\x00{name}\x00{value}")
        for name, value in bound.items()
    }


def keyed_digest(key: bytes, text: str) -> str:
    """The first 128 bits of HMAC-SHA256, in hexadecimal."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
