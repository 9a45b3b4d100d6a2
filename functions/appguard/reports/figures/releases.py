"""Who decided on what, which versions went live, and on whose word."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from appguard.kernel.actions import Action
from appguard.kernel.event import AuditEvent, Result
from appguard.reports.history import History
from appguard.reports.model import DecisionLine, Period, ReleaseLine

ASKING = frozenset(
    {Action.APP_DRAFTED, Action.APP_SUBMITTED, Action.REVIEW_SUBMITTED, Action.SUBMISSION_RECEIVED}
)
APPROVED = "approve"
ENDORSED = "endorse"
"""A yes that decides nothing yet: somebody else still had to approve."""
Version = tuple[str, str]
"""App and digest of a bundle."""


def decisions(history: History) -> tuple[DecisionLine, ...]:
    """Each decision, with who made that app, and everybody who had sent in that version by then.

    Each yes of several people who had to approve is a line. Who saved another version of the app is refused
    by approvals and not looked for here.
    """
    made: defaultdict[str, set[str]] = defaultdict(set)
    asked: defaultdict[Version, set[str]] = defaultdict(set)
    lines: list[DecisionLine] = []
    for event in history.story:
        app_id, digest = _version(event)
        if event.action == Action.APP_CREATED:
            made[app_id].add(event.actor.id)
        if event.action in ASKING:
            asked[app_id, digest].add(event.actor.id)
        endorsed = event.action == Action.APPROVAL_ENDORSED
        if (endorsed or event.action == Action.APPROVAL_DECIDED) and event.result is Result.SUCCESS:
            line = DecisionLine(
                event_id=event.event_id,
                at=event.timestamp,
                app_id=app_id,
                bundle_digest=digest,
                verdict=ENDORSED if endorsed else str(event.metadata.get("verdict", "")),
                approver=event.actor.id,
                requesters=tuple(sorted(made[app_id] | asked[app_id, digest])),
            )
            lines.append(line)
    return tuple(lines)


@dataclass
class _Evidence:
    """What was known of each version so far."""

    approvers: defaultdict[Version, set[str]] = field(default_factory=lambda: defaultdict(set))
    endorsers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    approvals: set[str] = field(default_factory=set)
    rests_on: dict[Version, str] = field(default_factory=dict)
    checked: set[Version] = field(default_factory=set)
    attested: set[Version] = field(default_factory=set)

    def see(self, event: AuditEvent, decision: DecisionLine | None) -> None:
        version = _version(event)
        if decision and decision.verdict == ENDORSED and decision.separated:
            self.endorsers[event.resource.id].add(decision.approver)
        if decision and decision.verdict == APPROVED and decision.separated:
            self.approvers[version] |= {decision.approver, *self.endorsers[event.resource.id]}
            self.approvals.add(event.resource.id)
        if event.action == Action.REVIEW_CHECKED:
            self.checked.add(version)
            precedent = event.metadata.get("rests_on")
            if isinstance(precedent, dict) and precedent.get("approval_id") in self.approvals:
                self.rests_on[version] = str(precedent["approval_id"])
        if event.action == Action.BUNDLE_ATTESTED:
            self.attested.add(version)

    def release(self, event: AuditEvent) -> ReleaseLine:
        app_id, digest = version = _version(event)
        return ReleaseLine(
            event_id=event.event_id,
            at=event.timestamp,
            app_id=app_id,
            bundle_digest=digest,
            tier=str(event.metadata.get("tier", "")),
            approvers=tuple(sorted(self.approvers[version])),
            rests_on=self.rests_on.get(version, ""),
            checked=version in self.checked,
            attested=version in self.attested,
        )


def releases(history: History, decided: Sequence[DecisionLine], period: Period) -> tuple[ReleaseLine, ...]:
    """Each version that went live within the period, with what had been decided and checked by then."""
    by_event, evidence = {line.event_id: line for line in decided}, _Evidence()
    lines: list[ReleaseLine] = []
    for event in history.story:
        evidence.see(event, by_event.get(event.event_id))
        if event.action == Action.APP_PUBLISHED and period.holds(event.timestamp):
            lines.append(evidence.release(event))
    return tuple(lines)


def judged(story: Iterable[AuditEvent], period: Period) -> tuple[dict[str, int], dict[str, int]]:
    """How many versions the gates judged, by decision; and in how many each rule found something."""
    decided: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for event in story:
        if event.action == Action.REVIEW_CHECKED and period.holds(event.timestamp):
            decided[str(event.metadata.get("decision", ""))] += 1
            rules = event.metadata.get("rules")
            found.update(rules if isinstance(rules, dict) else ())
    return dict(sorted(decided.items())), dict(sorted(found.items()))


def _version(event: AuditEvent) -> Version:
    return str(event.app_id or ""), str(event.bundle_digest or "")
