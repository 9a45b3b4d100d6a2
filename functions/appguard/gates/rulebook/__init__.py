"""All rules, of Rego and of the gates' own code, in one book: what people read before and after a refusal.

A gate's rules stand in `<gate>.yaml` beside this file, one entry a rule id; those of the policy
gate stand in the METADATA of `policies/rego`. A rule a gate yields and nobody wrote down fails the tests.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from appguard.kernel.errors import Misconfigured, NotFound
from appguard.kernel.finding import Severity
from appguard.kernel.record import Record
from appguard.policy.files import load
from appguard.policy.model import Rule as RegoRule

HERE = Path(__file__).parent
_TOPICS = {"every-gate": "every gate", "connectors": "connector files"}
"""Chapters that are not about one gate."""
RuleName = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)


class Told(Record):
    """What a gate says of one of its rules. `effect` is the gravest it can have."""

    title: str = Field(min_length=5, max_length=80)
    effect: Severity
    why: str = Field(min_length=20, max_length=600)
    remediation: str = Field(min_length=10, max_length=400)
    controls: tuple[str, ...] = ()
    bad: str = Field(min_length=3, max_length=400)
    good: str = Field(min_length=3, max_length=400)


class Entry(Record):
    """One rule of the book. `source` is the Rego rule it comes from, None for a gate's own."""

    name: str = RuleName
    topic: str
    title: str
    effect: Severity
    why: str
    remediation: str
    controls: tuple[str, ...]
    bad: str = ""
    good: str = ""
    rego: str | None = None


_BOOK: TypeAdapter[dict[str, Told]] = TypeAdapter(dict[str, Told])


def entries(policies: Path) -> dict[str, Entry]:
    """Every rule by name, sorted by topic and name; raises `Misconfigured` or `PolicyUnusable`."""
    found = [*_of_gates(HERE), *(_of_rego(rule) for rule in load(policies).rules.values())]
    names = [entry.name for entry in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Misconfigured(f"the rules {', '.join(twice)} stand in the book twice")
    return {entry.name: entry for entry in sorted(found, key=lambda e: (e.topic, e.name))}


def entry(name: str, policies: Path) -> Entry:
    """One rule; raises `NotFound` naming the nearest."""
    book = entries(policies)
    if name in book:
        return book[name]
    from difflib import get_close_matches  # noqa: PLC0415 - needed only for a mistyped name

    close = get_close_matches(name, book, n=3)
    raise NotFound(
        f"there is no rule {name!r:.80}",
        f"Did you mean {', '.join(close)}?" if close else "docs/rules.md lists all of them.",
    )


@cache
def of_gates() -> Mapping[str, Entry]:
    """The rules that are not Rego, by name."""
    return {entry.name: entry for entry in _of_gates(HERE)}


def _of_gates(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.yaml")):
        try:
            told = _BOOK.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise Misconfigured(f"the rules of {path.stem} cannot be read: {error}") from None
        for name, rule in told.items():
            yield _entry(name, _TOPICS.get(path.stem, f"gate {path.stem}"), rule)


def _entry(name: str, topic: str, told: Told) -> Entry:
    facts: dict[str, Any] = told.model_dump()
    return Entry(name=name, topic=topic, **facts)


def _of_rego(rule: RegoRule) -> Entry:
    about = rule.metadata
    return Entry(
        name=rule.name,
        topic=rule.topic,
        title=about.title,
        effect=about.severity,
        why=about.description.strip(),
        remediation=about.remediation.strip(),
        controls=about.controls,
        rego=rule.path,
    )
