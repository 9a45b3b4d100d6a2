"""What a change of the policies would do to the apps in use: both versions over every stored input.

A rule whose text is the same in both versions finds the same, as long as what it rests on (shared
modules, data) is the same too; so it is asked once. That is what keeps ten thousand apps within seconds.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field
from regopy import Input

from appguard.gates.decision import decide
from appguard.gates.model import Decision
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.levels import RiskTier
from appguard.kernel.phrase import Phrase as _
from appguard.kernel.record import Record
from appguard.policy.engine import PolicyEngine, checked
from appguard.policy.errors import PolicyFailed
from appguard.policy.files import only, rests_on_itself
from appguard.policy.model import PolicyFiles


class Kind(StrEnum):
    """What a change of the policies does to one app, the gravest first."""

    REFUSED = "newly_refused"
    NEEDS_APPROVAL = "newly_needs_approval"
    ALLOWED = "newly_allowed"
    OTHER = "other_findings"


HEADINGS: Mapping[Kind, str] = {
    Kind.REFUSED: _("Newly refused"),
    Kind.NEEDS_APPROVAL: _("Newly needing approval"),
    Kind.ALLOWED: _("Newly allowed"),
    Kind.OTHER: _("Same decision, other findings"),
}


class Subject(Record):
    """An app and the policy input its decision rested on."""

    app_id: str
    document: Any


class Change(Record):
    """One app that the new version judges otherwise, and the rules responsible."""

    app_id: str
    kind: Kind
    before: Decision
    after: Decision
    appeared: tuple[str, ...] = ()
    disappeared: tuple[str, ...] = ()


class Impact(Record):
    """The whole comparison. Apps that are not in `changes` keep decision and rules."""

    before: str
    after: str
    examined: int = Field(ge=0)
    changes: tuple[Change, ...] = ()
    unreadable: tuple[str, ...] = ()

    def of_kind(self, kind: Kind) -> tuple[Change, ...]:
        """The changes of one kind, by app."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def unchanged(self) -> int:
        """How many apps keep decision and rules."""
        return self.examined - len(self.changes)

    def counts(self) -> dict[str, int]:
        """How many apps of each kind, and unchanged: what the ledger keeps of a comparison."""
        return {kind.value: len(self.of_kind(kind)) for kind in Kind} | {
            "unchanged": self.unchanged,
            "unreadable": len(self.unreadable),
        }


class Comparison:
    """Two versions of the policies, compiled once, asked about one app after the other."""

    def __init__(self, before: PolicyFiles, after: PolicyFiles) -> None:
        """Compile both; raises `PolicyUnusable` when regopy does not accept one."""
        same = _common(before, after)
        self._common = _engine(before, same)
        self._before = _engine(before, before.rules.keys() - same)
        self._after = _engine(after, after.rules.keys() - same)

    def change(self, subject: Subject) -> Change | None:
        """How the app's judgement changes; None when it does not, also when neither version can judge it."""
        try:
            asked = checked(subject.document)
        except PolicyFailed:
            return None
        common = _ask(self._common, asked)
        before, after = (common | _ask(engine, asked) for engine in (self._before, self._after))
        if before == after:
            return None
        tier = RiskTier(subject.document["risk"]["tier"])
        was, becomes = _decide(before, tier), _decide(after, tier)
        return Change(
            app_id=subject.app_id,
            kind=_kind(was, becomes),
            before=was,
            after=becomes,
            appeared=tuple(sorted({*(after.keys() - before.keys()), *_other_severity(after, before)})),
            disappeared=tuple(sorted(before.keys() - after.keys())),
        )


def compare(before: PolicyFiles, after: PolicyFiles, subjects: Iterable[Subject]) -> Impact:
    """Replay both versions over `subjects`, which may be a stream: only what changes is kept."""
    comparison = Comparison(before, after)
    return gather(before, after, (comparison.change(subject) for subject in subjects))


def gather(before: PolicyFiles, after: PolicyFiles, changes: Iterable[Change | None]) -> Impact:
    """The comparison from what was found of each app."""
    found: list[Change] = []
    examined = 0
    for change in changes:
        examined += 1
        if change:
            found.append(change)
    order = list(Kind)
    found.sort(key=lambda change: (order.index(change.kind), change.app_id))
    return Impact(before=before.digest, after=after.digest, examined=examined, changes=tuple(found))


Rules = Mapping[str, Severity]


def _common(before: PolicyFiles, after: PolicyFiles) -> set[str]:
    """The rules that must find the same in both versions."""
    if not (rests_on_itself(before) and rests_on_itself(after)):
        return set()
    if dict(before.shared) != dict(after.shared) or before.data != after.data:
        return set()
    return {n for n, r in before.rules.items() if n in after.rules and r.source == after.rules[n].source}


def _engine(files: PolicyFiles, rules: Iterable[str]) -> PolicyEngine | None:
    wanted = only(files, rules)
    return PolicyEngine(wanted) if wanted.rules else None


def _ask(engine: PolicyEngine | None, asked: Input) -> dict[str, Severity]:
    """The rules that speak, with their severity; what cannot be judged is refused, as in a review."""
    if engine is None:
        return {}
    try:
        return {finding.rule: finding.severity for finding in engine.evaluate_checked(asked)}
    except PolicyFailed:
        return {"gate-failed": Severity.BLOCK}


def _other_severity(some: Rules, other: Rules) -> Iterator[str]:
    """Rules that speak in both versions and not with the same severity."""
    return (name for name, severity in some.items() if other.get(name, severity) is not severity)


def _decide(rules: Rules, tier: RiskTier) -> Decision:
    findings = [
        Finding(gate="policy", rule=name, severity=severity, message="", remediation="")
        for name, severity in rules.items()
    ]
    return decide(findings, tier)


def _kind(before: Decision, after: Decision) -> Kind:
    if before is after:
        return Kind.OTHER
    if after is Decision.REFUSED:
        return Kind.REFUSED
    if after is Decision.NEEDS_APPROVAL and before is Decision.CLEAR:
        return Kind.NEEDS_APPROVAL
    return Kind.ALLOWED
