"""From the values people see to the parameters a connector takes: JSONata, kept on a short leash."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import JsonValue

from appguard.kernel.errors import AppGuardError
from appguard.runtime.limits import OutOfTime, within

SECONDS = 0.5
DEEPEST = 100
MOST_PARAMETERS = 100
LARGEST_RESULT = 64 * 1024

Scalar = str | int | float | bool | None


class MappingFailed(AppGuardError):
    """The app's author wrote a mapping that does not work for this input."""

    code: ClassVar[str] = "mapping_failed"
    status: ClassVar[int] = 500
    remediation: ClassVar[str] = "Tell the app's owner; a corrected version of the app will mend it."


def parameters(
    expression: str | None, values: Mapping[str, JsonValue], **words: JsonValue
) -> dict[str, Scalar]:
    """The parameters `expression` makes of `values`; without an expression, the values themselves.

    `words` are further names for the expression, e.g. `$user`.

    >>> parameters('{"days": $number(days), "who": $user.email}', {"days": "2"}, user={"email": "a@b.eu"})
    {'days': 2, 'who': 'a@b.eu'}
    """
    result = dict(values) if expression is None else _evaluate(expression, values, words)
    if flaw := flaw_of(result):
        raise MappingFailed(f"This app's mapping {flaw}.")
    return dict(result)


def flaw_of(result: JsonValue) -> str:
    """Why what somebody computed cannot be sent as parameters; empty when it can."""
    if not isinstance(result, dict) or len(result) > MOST_PARAMETERS:
        return "does not give an object of parameters"
    if any(isinstance(value, dict | list) for value in result.values()):
        return "gives a parameter that is not a single value"
    if len(json.dumps(result)) > LARGEST_RESULT:
        return "gives more than a connector takes"
    return ""


def _evaluate(expression: str, values: Mapping[str, JsonValue], words: Mapping[str, JsonValue]) -> Any:
    """Evaluate without `$eval`, which would turn somebody's input into an expression."""
    from jsonata import JException, Jsonata  # noqa: PLC0415

    try:
        with within(SECONDS):
            compiled = Jsonata(expression, timeout=int(SECONDS * 1000), stack=DEEPEST)
            return compiled.evaluate(dict(values), {**words, "eval": None})
    except (
        JException,
        OutOfTime,
        RecursionError,
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
        ArithmeticError,
    ) as error:
        raise MappingFailed("This app's mapping does not work for these values.") from error
