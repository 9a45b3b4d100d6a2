"""A small AppGuard on moto: real stores, a clock that is set by hand, gates that say what they are told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from appguard.approvals.access import Access
from appguard.approvals.approvals import Approvals
from appguard.approvals.delegation.delegations import Delegations
from appguard.approvals.delegation.store import DelegationStore
from appguard.approvals.evidence import Evidence
from appguard.approvals.exceptions.exceptions import Exceptions
from appguard.approvals.exceptions.store import ExceptionStore
from appguard.approvals.policy import ApprovalPolicy, approval_policy
from appguard.approvals.renewals import Renewals
from appguard.approvals.sources import evidence_of
from appguard.approvals.store import ApprovalStore, Machine
from appguard.approvals.summary import ApprovalSummary, summarise
from appguard.apps.bundle import Bundle
from appguard.apps.catalog import Catalog
from appguard.apps.store import CatalogStore
from appguard.audit.outbox import Outbox
from appguard.directory.directory import Directory
from appguard.directory.model import Colleague, Key, Name
from appguard.directory.store import DirectoryStore
from appguard.gates.limits import SECONDS
from appguard.gates.model import GateResult
from appguard.gates.renewal import Renewal
from appguard.gates.review_policy import ReviewPolicy, review_policy
from appguard.kernel.actions import Action
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.finding import Finding, Severity
from appguard.kernel.ids import AppId, BundleDigest, ReviewId
from appguard.kernel.person import Person
from appguard.portal.access import roles_of
from appguard.provenance.sources import Sources
from appguard.reviews.model import Approved, Review, StepInput
from appguard.reviews.reviews import Reviews
from appguard.reviews.steps import Steps
from appguard.reviews.store import ReviewStore, Workflow
from tests.support.tables import catalog_and_outbox, directory

ANA = Person(id="ana@example.com", email="ana@example.com", name="Ana", groups={"employees", "requesters"})
ROB = Person(id="rob@example.com", email="rob@example.com", name="Rob", groups={"reviewers"})
SAM = Person(id="sam@example.com", email="sam@example.com", name="Sam", groups={"security", "reviewers"})
DORA = Person(id="dora@example.com", email="dora@example.com", name="Dora", groups={"data-owners"})
MIA = Person(id="mia@example.com", email="mia@example.com", name="Mia", groups={"employees"})
REQUESTER = ANA.acting_as(Role.REQUESTER)
LEAVE = AppId("leave-request")
DEFECTS = AppId("defects")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
POLICY = "sha256:" + "0" * 64
ONE_REVIEWER = approval_policy().model_copy(update={"by_data_class": {}})
"""So that one person decides; what asks for more has tests of its own."""
RISKY = Bundle.from_dir(Path("examples/leave-request"))


def harmless(name: str = "Broken things") -> Bundle:
    """A low-risk app: a table of defects in the offices."""
    words = {
        "id": DEFECTS,
        "name": name,
        "description": "What is broken in the offices.",
        "owner": ANA.email,
        "team": "Facilities",
        "template": "office-self-service@1",
        "purpose": "See and report what is broken in our offices.",
        "users": "employees",
        "data_class": "internal",
        "criticality": "low",
    }
    text = Path("policies/templates/office-self-service/app.yaml").read_text()
    for word, value in words.items():
        text = text.replace("${" + word + "}", value)
    return Bundle({"app.yaml": text.encode()})


@dataclass
class Clock:
    """Time stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class World:
    """Everything a review touches."""

    clock: Clock = field(default_factory=Clock)
    found: dict[ReviewId, list[GateResult]] = field(default_factory=dict)
    rules: ReviewPolicy = field(default_factory=review_policy)
    policy: ApprovalPolicy = ONE_REVIEWER
    known: Sources = field(default_factory=Sources)
    attested: Callable[[Approved], object] = lambda _: None  # provenance has tests of its own

    @cached_property
    def dynamodb(self) -> Any:
        return boto3.client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        return boto3.client("s3")

    @cached_property
    def sfn(self) -> Any:
        return boto3.client("stepfunctions")

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.dynamodb, "outbox")

    @cached_property
    def apps(self) -> Catalog:
        store = CatalogStore(self.dynamodb, self.s3, self.outbox, "catalog", "artifacts")
        return Catalog(store, self.clock)

    @cached_property
    def machine_arn(self) -> str:
        role = "arn:aws:iam::123456789012:role/machine"
        definition = json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}})
        return self.sfn.create_state_machine(name="review", definition=definition, roleArn=role)[
            "stateMachineArn"
        ]

    @cached_property
    def review_store(self) -> ReviewStore:
        return ReviewStore(self.dynamodb, self.outbox, "catalog")

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.review_store, Workflow(self.sfn, self.machine_arn), self.apps, self.clock)

    @cached_property
    def steps(self) -> Steps:
        return Steps(
            self.reviews,
            self.apps,
            self.results,
            self.renewal,
            self.attested,
            "https://apps.example.com/",
            self.clock,
        )

    @cached_property
    def answers(self) -> "Answers":
        return Answers()

    @cached_property
    def approvals(self) -> Approvals:
        return Approvals(
            self.approval_store,
            self.answers,
            self.reviews,
            self.evidence,
            self.exceptions,
            self.policy,
            Access(self.apps, roles_of, lambda: self.known, self.directory.active),
            self.delegations,
            self.clock,
        )

    @cached_property
    def delegations(self) -> Delegations:
        store = DelegationStore(self.dynamodb, self.outbox, "catalog")
        return Delegations(store, self.directory.by_email, roles_of, self.clock)

    @cached_property
    def directory_store(self) -> DirectoryStore:
        return DirectoryStore(self.dynamodb, self.outbox, "directory")

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.directory_store, self.clock)

    def known_as(self, person: Person, **facts: Any) -> Colleague:
        """Somebody as the company's directory tells of them."""
        self.directory.meet(person)
        known = self.directory_store.find(Key.of(Name.SUBJECT, person.id))
        assert known
        after, about = known.model_copy(update=facts), Resource(type="person", id=person.id)
        told = AuditEvent.of(Action.PERSON_SIGNED_IN, Actor.system("test"), about, self.clock())
        return self.directory_store.save(known, after, told)

    @cached_property
    def approval_store(self) -> ApprovalStore:
        return ApprovalStore(self.dynamodb, self.outbox, "catalog")

    @cached_property
    def exceptions(self) -> Exceptions:
        store = ExceptionStore(self.dynamodb, self.outbox, "catalog")
        return Exceptions(store, self.apps, self.rules.exceptions, self.clock)

    def renewal(self, review: Review) -> Renewal | None:
        rules = self.rules.skip_the_human
        return Renewals(
            self.approval_store,
            self.exceptions,
            self.apps,
            self.results,
            rules,
            self.policy,
            self.clock,
        ).of(review)

    def results(self, review_id: ReviewId) -> list[GateResult]:
        return self.found.get(review_id, [])

    def evidence(self, review: Review) -> Evidence:
        return evidence_of(self.apps, self.results)(review)

    def summary(self, ref: str) -> ApprovalSummary:
        """What channels show of a request."""
        opened = self.approvals.open(ref)
        return summarise(opened, ref, "https://portal.example.com/", self.rules.exceptions, self.clock())

    def draft(self, app_id: AppId, bundle: Bundle) -> BundleDigest:
        """An app of Ana's with this bundle as its draft."""
        self.apps.create(app_id, "An app", "", "A team", ANA)
        self.apps.save_draft(app_id, bundle, REQUESTER)
        return bundle.digest

    def submitted(self, app_id: AppId = DEFECTS, bundle: Bundle | None = None) -> StepInput:
        """A review that has just begun; the input of its steps."""
        digest = self.draft(app_id, bundle or harmless())
        return StepInput.of(self.reviews.submit(app_id, digest, REQUESTER))

    def gates_say(self, step: StepInput, *findings: Finding, only: tuple[str, ...] = tuple(SECONDS)) -> None:
        """Leave a result for each gate; the first one found all that is given."""
        self.found[step.review_id] = [
            GateResult(
                gate=gate,
                review_id=step.review_id,
                bundle_digest=step.bundle_digest,
                policy_digest=POLICY,
                finished_at=self.clock(),
                duration_ms=1,
                findings=findings if gate == only[0] else (),
            )
            for gate in only
        ]

    def events(self, prefix: str = "") -> list[AuditEvent]:
        """All recorded events whose action starts with `prefix`, in order of time."""
        rows = self.dynamodb.scan(TableName="outbox")["Items"]
        events = [AuditEvent.model_validate_json(row["body"]["S"]) for row in rows]
        return sorted((e for e in events if e.action.startswith(prefix)), key=lambda e: e.timestamp)

    def actions(self, prefix: str = "") -> list[str]:
        """The actions of those events, sorted."""
        return sorted(event.action for event in self.events(prefix))


class Answers(Machine):
    """Stands where the waiting run stands: remembers what it is told. moto has no task tokens."""

    def __init__(self) -> None:
        self.given: list[tuple[str, dict[str, str]]] = []
        self.failed: list[tuple[str, str]] = []

    def resume(self, task_token: str, output: dict[str, str]) -> None:
        self.given.append((task_token, output))

    def give_up(self, task_token: str, error: str) -> None:
        self.failed.append((task_token, error))


def block(rule: str = "secret-found", message: str = "A password stands in app.yaml.") -> Finding:
    """A finding that refuses."""
    return Finding(
        gate="secrets", rule=rule, severity=Severity.BLOCK, message=message, remediation="Remove it."
    )


def approve_finding(
    rule: str = "personal-data", message: str = "It reads personal data.", line: int = 1
) -> Finding:
    """A finding that a person may accept."""
    return Finding(
        gate="policy",
        rule=rule,
        severity=Severity.APPROVE,
        message=message,
        remediation="A reviewer decides.",
        line=line,
    )


@contextmanager
def world_on_moto(monkeypatch: Any) -> Iterator[World]:
    """A fresh world with its tables and buckets."""
    for name, value in {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        world = World()
        catalog_and_outbox(world.dynamodb)
        directory(world.dynamodb)
        for bucket in ("artifacts", "archive", "assets"):
            world.s3.create_bucket(Bucket=bucket)
        yield world
