"""A portal on moto's tables, and browsers that talk to its Lambda handler."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from moto import mock_aws

from appguard.access.access import access
from appguard.approvals.approvals import approvals
from appguard.approvals.delegation.delegations import delegations
from appguard.approvals.exceptions.exceptions import exceptions
from appguard.apps.bundle import Bundle
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import Trigger
from appguard.apps.model import App, Grants, Risk
from appguard.audit.outbox import outbox
from appguard.directory.directory import directory
from appguard.directory.store import kept
from appguard.gates.evidence import evidence
from appguard.kernel.actions import Action
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import AppId, ConnectorName, EventId
from appguard.kernel.levels import RiskTier
from appguard.kernel.oidc.code_flow import TERMINAL
from appguard.kernel.oidc.issuer import Issuer
from appguard.kernel.person import Person
from appguard.policy.comparisons import comparisons
from appguard.policy.releases import releases
from appguard.portal import identity_events, oidc
from appguard.portal.access import roles_of
from appguard.portal.model import Session, SignedIn
from appguard.portal.oidc import identity
from appguard.portal.settings import settings
from appguard.portal.store import SessionStore, sessions
from appguard.provenance.model import GitSource
from appguard.provenance.sources import sources
from appguard.reports.catalogue import FrameworkName
from appguard.reports.model import Period
from appguard.reports.shelf import shelf
from appguard.reports.shelved import Shelved
from appguard.reports.store import ReportStore
from appguard.reviews.model import Review, Stage, StepInput
from appguard.reviews.reviews import reviews
from appguard.secrets.model import SecretRecord
from appguard.secrets.store import records
from appguard.submissions.links import links
from tests.support.tables import catalog_and_outbox, table
from tests.support.tables import directory as directory_table

ANA = Person(
    id="ana@example.com",
    email="ana@example.com",
    name="Ana Ferreira",
    groups=frozenset({"employees", "requesters"}),
)
MIA = Person(id="mia@example.com", email="mia@example.com", name="Mia Novak", groups=frozenset({"employees"}))
ROB = Person(
    id="rob@example.com",
    email="rob@example.com",
    name="Rob Adler",
    groups=frozenset({"employees", "reviewers"}),
)
SAM = Person(id="sam@example.com", email="sam@example.com", name="Sam Ito", groups=frozenset({"security"}))
ADA = Person(id="ada@example.com", email="ada@example.com", name="Ada Berg", groups=frozenset({"auditors"}))
PAT = Person(id="pat@example.com", email="pat@example.com", name="Pat Quinn", groups=frozenset({"platform"}))
DORA = Person(
    id="dora@example.com",
    email="dora@example.com",
    name="Dora Diaz",
    groups=frozenset({"data-owners"}),
)
NOBODY = Person(id="zoe@example.com", email="zoe@example.com", name="Zoe", groups=frozenset({"visitors"}))

PORTAL = "http://127.0.0.1:9999"
EXAMPLE = Path("examples/leave-request")
ENV = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "SESSIONS_TABLE": "sessions",
    "CATALOG_TABLE": "catalog",
    "DIRECTORY_TABLE": "directory",
    "OUTBOX_TABLE": "outbox",
    "ARTIFACTS_BUCKET": "artifacts",
    "ARCHIVE_BUCKET": "archive",
    "LEDGER_BUCKET": "ledger",
    "OIDC_ISSUER": "http://127.0.0.1:9998",
    "OIDC_CLIENT_ID": "appguard",
    "PORTAL_URL": PORTAL,
    "APPS_URL": PORTAL,
    "SANDBOX_FUNCTION": "appguard-sandbox",
    "REVIEW_STATE_MACHINE_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:appguard-review",
}
FACTORIES = (
    settings,
    sessions,
    identity,
    catalog,
    outbox,
    reviews,
    approvals,
    delegations,
    exceptions,
    releases,
    comparisons,
    evidence,
    links,
    sources,
    records,
    shelf,
    access,
    directory,
    kept,
)


@contextmanager
def world(**changes: str) -> Iterator[None]:
    """AWS as moto plays it, with this deployment's environment; an `OIDC_ISSUER` given is asked as it is."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in (ENV | changes).items():
            patch.setenv(name, value)
        if "OIDC_ISSUER" not in changes:
            patch.setattr(oidc, "Issuer", lambda url: Issuer(url, provider))
        forget()
        _tables()
        yield
    forget()


def emptied() -> None:
    """The same world without its rows: faster than making clients and tables anew for each test."""
    for name, keys in (
        ("catalog", ("pk", "sk")),
        ("outbox", ("pk", "sk")),
        ("directory", ("pk", "sk")),
        ("sessions", ("pk",)),
    ):
        table = _resource().Table(name)
        for item in table.scan()["Items"]:
            table.delete_item(Key={key: item[key] for key in keys})
    catalog.cache_clear()  # it remembers the cards of apps


@lru_cache
def _resource():
    return boto3.resource("dynamodb", region_name="eu-west-1")


def forget() -> None:
    """Clients and settings of another deployment."""
    for factory in FACTORIES:
        factory.cache_clear()
    _resource.cache_clear()


def _tables() -> None:
    dynamodb = boto3.client("dynamodb")
    catalog_and_outbox(dynamodb)
    table(dynamodb, "sessions", keys=("pk",))
    directory_table(dynamodb)
    s3 = boto3.client("s3")
    for bucket in ("artifacts", "archive", "ledger"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    boto3.client("stepfunctions").create_state_machine(
        name="appguard-review",
        definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/any",
    )


def kept_secrets() -> str:
    """Two secrets of one app, of which a login is late; the late one's name."""
    now, app_id = utc_now(), AppId("leave-request")
    login = SecretRecord.login(ConnectorName("hr-db"), app_id, now - timedelta(days=12))
    for record in (SecretRecord.session_key(app_id, now), login):
        about = Resource(type="secret", id=record.name)
        records().save(record, AuditEvent.of("secret.registered", Actor.system("secrets"), about, now))
    return login.name


def signed_in(
    person: Person, proved_at: datetime | None = None, clock: Clock = utc_now
) -> tuple[str, Session]:
    """A session begun at the time of `clock`, and its token."""
    store = SessionStore(boto3.client("dynamodb"), "sessions", outbox(), clock)
    came = identity_events.signed_in(person, roles_of(person), clock())
    known = directory().meet(person)
    return store.create(
        SignedIn(person=known, proved_at=proved_at), roles_of(known), "Firefox on Linux", came
    )


@lru_cache
def provider_key() -> ECKey:
    """What the identity provider signs with."""
    return ECKey.generate_key("P-256", {"kid": "k1"}, auto_kid=False)


def provider(url: str, form: bytes | None = None) -> bytes:
    """What the identity provider says of itself, and its keys."""
    issuer = ENV["OIDC_ISSUER"]
    about = {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/keys",
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
    }
    keys = {"keys": [provider_key().as_dict(private=False)]}
    return json.dumps(keys if url.endswith("/keys") else about).encode()


def bearer(person: Person, **changes: Any) -> str:
    """The ID token of somebody who signed in just now from a terminal; a claim that is None is left out."""
    now = int(utc_now().timestamp())
    claims = {
        "iss": ENV["OIDC_ISSUER"],
        "aud": ENV["OIDC_CLIENT_ID"],
        "sub": person.id,
        "iat": now,
        "exp": now + 3600,
        "auth_time": now,
        "nonce": f"{TERMINAL}n",
        "email": person.email,
        "email_verified": True,
        "name": person.name,
        "groups": sorted(person.groups),
    }
    given = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": "k1"}, given, provider_key())


def program(method: str, path: str, token: str = "", body: bytes = b"", **headers: str) -> "Answer":
    """What a program is answered that shows `token` and sends `body`."""
    shown = {"authorization": f"Bearer {token}"} if token else {}
    return Browser()._ask(method, path, body, shown | headers)


def shelved_report() -> Shelved:
    """A report of March on the shelf, without its files."""
    march = Period(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
    shelved = Shelved(
        report_id="soc2-2026-03",
        framework=FrameworkName.SOC2,
        title="SOC 2",
        period=march,
        made_at=datetime(2026, 4, 1, 6, tzinfo=UTC),
        made_for=Actor.system("reports"),
        folder="0" * 64,
        counts={"failed": 1, "passed": 17, "not evidenced": 1},
        failed=("CC8.1 Changes are authorised, tested and approved",),
        unverified=False,
        sizes={"report.pdf": 482_800, "annexes/accesses.csv": 12_000_000},
    )
    store = ReportStore(boto3.client("s3"), boto3.client("dynamodb"), outbox(), "ledger", "catalog")
    about = Resource(type="report", id=shelved.report_id)
    store.put(shelved, {}, AuditEvent.of(Action.REPORT_CREATED, shelved.made_for, about, shelved.made_at))
    return shelved


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str
    cookies: list[str]

    @property
    def text(self) -> str:
        """The body as people read it: dates without their tags."""
        return re.sub(r"</?time\b[^>]*>", "", self.body)


@dataclass
class Browser:
    """Keeps cookies, knows the CSRF token of its session, speaks to the handler in the gateway's words."""

    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    @classmethod
    def of(cls, person: Person | None, proved_ago: timedelta | None = timedelta()) -> "Browser":
        """A browser in which `person` is signed in, and proved who they are so long ago, or never."""
        if person is None:
            return cls()
        proved_at = None if proved_ago is None else utc_now() - proved_ago
        token, session = signed_in(person, proved_at)
        return cls({"appguard_session": token}, session.csrf)

    def get(self, path: str, **headers: str) -> Answer:
        """Open an address."""
        return self._ask("GET", path, "", headers)

    def post(
        self, path: str, *, csrf: str | None = None, headers: dict[str, str] | None = None, **form: str
    ) -> Answer:
        """Send a form, with the session's token unless told otherwise."""
        body = urlencode({"csrf": self.csrf if csrf is None else csrf, **form})
        return self._ask("POST", path, body, headers or {})

    def _ask(self, method: str, path: str, body: str | bytes, headers: dict[str, str]) -> Answer:
        from appguard.portal.handler import serve  # noqa: PLC0415

        answer = serve(
            event(method, path, body, headers, [f"{n}={v}" for n, v in self.cookies.items()]), None
        )
        for line in answer.get("cookies", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if not value:
                self.cookies.pop(name)
        raw = answer.get("body") or ""
        text = base64.b64decode(raw).decode() if answer.get("isBase64Encoded") else raw
        names = {name.lower(): value for name, value in answer.get("headers", {}).items()}
        return Answer(answer["statusCode"], names, text, answer.get("cookies", []))


def told() -> list[dict[str, Any]]:
    """What the outbox holds, in the order of the telling."""
    rows = _resource().Table("outbox").scan()["Items"]
    return sorted((json.loads(row["body"]) for row in rows), key=lambda event: event["timestamp"])


def event(
    method: str, path: str, body: str | bytes, headers: dict[str, str], cookies: list[str]
) -> dict[str, object]:
    """An HTTP API event, payload format 2.0; forms arrive base64-encoded as from the gateway."""
    raw, _, query = path.partition("?")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": raw,
        "rawQueryString": query,
        "cookies": cookies,
        "headers": {"host": "127.0.0.1:9999", **headers},
        "queryStringParameters": _query(query),
        "requestContext": {
            "http": {"method": method, "path": raw, "sourceIp": "127.0.0.1", "userAgent": "test"},
            "stage": "$default",
            "requestId": "r",
        },
        "body": base64.b64encode(body.encode() if isinstance(body, str) else body).decode(),
        "isBase64Encoded": True,
    }


def _query(query: str) -> dict[str, str]:
    from urllib.parse import parse_qsl  # noqa: PLC0415

    return dict(parse_qsl(query, keep_blank_values=True))


@lru_cache
def example() -> Bundle:
    """The finished leave-request app."""
    return Bundle.from_dir(EXAMPLE)


def leave_request(owner: Person = ANA, app_id: str = "leave-request") -> App:
    """A draft of the example, owned by `owner`."""
    text = example().files["app.yaml"].decode()
    text = re.sub(r"^  id: .*$", f"  id: {app_id}", text, count=1, flags=re.MULTILINE)
    bundle = Bundle({**example().files, "app.yaml": text.encode()})
    app = catalog().create(AppId(app_id), "Leave request", "Ask for days off.", "People Operations", owner)
    return catalog().save_draft(app.app_id, bundle, owner.acting_as(Role.REQUESTER))


def submitted(app: App, by: Person = ANA, source: GitSource | None = None) -> Review:
    """The app's draft in review."""
    assert app.draft
    return reviews().submit(app.app_id, app.draft, by.acting_as(Role.REQUESTER), source)


def waiting(app: App, by: Person = ANA, source: GitSource | None = None) -> tuple[Review, str]:
    """The app's draft in front of a reviewer, and the locator of the link they got."""
    step = StepInput.of(submitted(app, by, source))
    for stage in (Stage.CLASSIFIED, Stage.CHECKED):
        reviews().reach(step, stage)
    locator = approvals().ask(step, "task-token")
    assert locator
    return reviews().get(step.review_id), locator


def published(app: App) -> App:
    """The app's draft in use."""
    assert app.draft
    system = Actor.system("test")
    catalog().advance(app.app_id, Trigger.SUBMITTED, system)
    catalog().advance(app.app_id, Trigger.APPROVED, system)
    risk = Risk(tier=RiskTier.MEDIUM, reasons=("It reads personal data.",))
    manifest = catalog().bundle(app.draft).manifest()
    url = f"{PORTAL}/apps/{app.app_id}/"
    return catalog().publish(
        app.app_id, app.draft, risk, Grants.asked_by(manifest), url, system, EventId.new()
    )
