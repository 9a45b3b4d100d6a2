"""What an app sends, held against the parameters a query or command declares."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from pydantic import JsonValue

from appguard.connectors.parameters import ChoiceParameter, Parameter, TextParameter
from appguard.kernel.errors import Invalid
from appguard.kernel.finding import Severity

Declared = Mapping[str, Parameter]


class Breach(NamedTuple):
    """One way in which what is sent breaks what is declared."""

    rule: str
    severity: Severity
    message: str
    remediation: str


class Sent(NamedTuple):
    """Parameters of one call, and how they came about, in words."""

    how: str
    parameters: Mapping[str, JsonValue]


def breaches(operation: str, declared: Declared, calls: Sequence[Sent]) -> Iterator[Breach]:
    """Names nobody declared, required ones that are missing, and values a parameter does not take."""
    yield from unknown(operation, declared, {name for call in calls for name in call.parameters})
    for name, parameter in declared.items():
        without = [call.how for call in calls if call.parameters.get(name) is None]
        if parameter.required and without:
            yield missing(operation, name, parameter, without[0])
        values = [call.parameters[name] for call in calls if call.parameters.get(name) is not None]
        yield from refused(operation, name, parameter, values)


def unknown(operation: str, declared: Declared, names: Iterable[str]) -> Iterator[Breach]:
    """Names that are sent and not declared."""
    for name in sorted(set(names) - declared.keys()):
        close = get_close_matches(name, declared, n=1, cutoff=0.5)
        known = f"It takes: {', '.join(declared) or 'nothing'}."
        yield Breach(
            "contract-parameter-unknown",
            Severity.BLOCK,
            f"{operation} takes no parameter {name:.60}.",
            f"Did you mean {close[0]}? {known}" if close else known,
        )


def missing(operation: str, name: str, parameter: Parameter, how: str) -> Breach:
    """A required parameter that is not sent."""
    return Breach(
        "contract-parameter-missing",
        Severity.BLOCK,
        f"{operation} needs the parameter {name}, which is not sent {how}.",
        f"Send {name} ({parameter.type}) always: add it to the mapping, and require the field it comes from.",
    )


def refused(operation: str, name: str, parameter: Parameter, values: Sequence[JsonValue]) -> Iterator[Breach]:
    """A parameter that takes none of the values is of another type; one that takes some is narrower."""
    reasons: dict[str, list[JsonValue]] = defaultdict(list)
    for value in values:
        try:
            parameter.bind(value)
        except Invalid as error:
            reasons[error.message].append(value)
    for reason, bad in reasons.items():
        if isinstance(parameter, ChoiceParameter):
            words = ", ".join(sorted({f"{value!s:.60}" for value in bad})[:5])
            yield Breach(
                "contract-choice-unknown",
                Severity.BLOCK,
                f"{operation} does not know {words} as {name}.",
                f"Its choices are {', '.join(parameter.choices)}.",
            )
        elif len(bad) == len(values) and not _patterned(parameter, bad):
            yield Breach(
                "contract-parameter-type",
                Severity.BLOCK,
                f"{operation} refuses every value sent as {name}: it {reason}.",
                f"Use a field of that type, or convert the value in the mapping; {name} is {parameter.type}.",
            )
        else:
            yield Breach(
                "contract-parameter-narrow",
                Severity.WARN,
                f"{operation} refuses some of what can be sent as {name}: it {reason}.",
                "Give the field the same bounds, so that people are told at once.",
            )


def _patterned(parameter: Parameter, values: Sequence[JsonValue]) -> bool:
    """A text whose form made-up values cannot guess."""
    return (
        isinstance(parameter, TextParameter)
        and parameter.pattern is not None
        and all(isinstance(value, str) for value in values)
    )
