"""Each kind of source through the deployed broker: over HTTP, signed by a micro app's role, for a person."""

import base64
import hashlib
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import openpyxl
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from appguard.apps.lifecycle import State
from appguard.apps.model import App, ConnectorGrant, Grants, Publication, Risk
from appguard.apps.store import CatalogStore
from appguard.audit.outbox import Outbox
from appguard.connectors.budgets.budget import Account
from appguard.kernel.event import Actor, AuditEvent, Resource, Role
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName, PersonId
from appguard.kernel.levels import DataClass, RiskTier
from infra.local.emulator import ACCOUNT, REGION
from infra.local.people import CLIENT_ID
from infra.local.story.cast import ADA, ANA, MIA, ROB
from infra.local.story.chapters.prove import appguard
from infra.local.story.ground import Ground, until
from infra.local.story.visitor import Visitor

pytestmark = pytest.mark.e2e

LOANS = AppId("equipment-loans-app")
VERIFIER = "v" * 64
VERSION = "sha256:" + "0" * 64


@dataclass
class Caller:
    """A micro app's role, and the connector API it may invoke."""

    url: str
    issuer: str
    redirect: str
    credentials: Credentials

    def ask(self, person: str, path: str, **parameters: Any) -> httpx.Response:
        """Ask a query or a command."""
        return self._post(person, path, {"parameters": parameters})

    def export(self, person: str, path: str, form: str, **parameters: Any) -> httpx.Response:
        """Ask a query for a file."""
        about = {"format": form, "purpose": "To try it out end to end", "parameters": parameters}
        return self._post(person, f"{path}/export", about)

    def _post(self, person: str, path: str, document: dict[str, Any]) -> httpx.Response:
        """POST to the broker, signed by the app's role, with the person's token."""
        url, body = f"{self.url}/connectors/{path}", json.dumps(document).encode()
        headers = {"content-type": "application/json", "x-appguard-user-token": self.token(person)}
        request = AWSRequest("POST", url, data=body, headers=headers)
        SigV4Auth(self.credentials, "execute-api", REGION).add_auth(request)
        return httpx.post(url, content=body, headers=dict(request.headers.items()), timeout=30)

    def token(self, person: str) -> str:
        """An ID token, by the code flow with PKCE a browser would go through."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": CLIENT_ID,
            "redirect_uri": self.redirect,
            "response_type": "code",
            "scope": "openid email profile",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        sent = httpx.post(f"{self.issuer}/oauth2/authorize", params=asked, data={"sub": person})
        code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": CLIENT_ID,
            "redirect_uri": self.redirect,
            "code_verifier": VERIFIER,
        }
        return str(httpx.post(f"{self.issuer}/oauth2/token", data=form).json()["id_token"])


@pytest.fixture(scope="module")
def caller(endpoints, ground):
    """An active app with everything of two connectors granted, and the role that provisioning would make."""
    _publish(ground)
    role = f"appguard-app-{LOANS}"
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
    }
    api = ground.outputs["ConnectorsApiId"]
    invoke = {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/*/POST/connectors/*"],
    }
    iam = ground.client("iam")
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=_policy(trust))
    iam.put_role_policy(RoleName=role, PolicyName="broker", PolicyDocument=_policy(invoke))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    found = ground.client("sts").assume_role(RoleArn=arn, RoleSessionName="loans")["Credentials"]
    keys = Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    return Caller(endpoints.connectors, endpoints.oidc_issuer, f"{endpoints.portal}/callback", keys)


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _publish(ground: Ground) -> None:
    """The app as the review would leave it in the catalog."""
    now = datetime.now(UTC)
    granted = {
        "equipment-desk": ConnectorGrant(
            queries=frozenset({"my_loans", "lent_items"}), commands=frozenset({"borrow", "give_back"})
        ),
        "workplace-usage": ConnectorGrant(queries=frozenset({"busy_floors"})),
    }
    publication = Publication(
        bundle_digest=BundleDigest(VERSION),
        risk=Risk(tier=RiskTier.MEDIUM, reasons=()),
        grants=Grants(connectors={ConnectorName(name): grant for name, grant in granted.items()}),
        url="/apps/loans",
        published_at=now,
        retire_on=date(2099, 1, 1),
        idle_after_days=90,
    )
    app = App(
        app_id=LOANS,
        name="Loans",
        owner=PersonId(ANA),
        owner_email=ANA,
        team="Facilities",
        state=State.ACTIVE,
        created_at=now,
        publication=publication,
    )
    tables = ground.client("dynamodb")
    outbox = Outbox(tables, ground.outputs["OutboxTable"])
    store = CatalogStore(
        tables, ground.client("s3"), outbox, ground.outputs["CatalogTable"], ground.outputs["ArtifactsBucket"]
    )
    about = Resource(type="app", id=LOANS)
    store.create(app, AuditEvent.of("app.created", Actor(id="test", role=Role.SYSTEM), about, now))


def recorded(ground, operation):
    """The events of accesses to one operation, which the broker wrote before it answered."""
    items = ground.client("dynamodb").scan(TableName=ground.outputs["OutboxTable"])["Items"]
    return [text for item in items if operation in (text := json.dumps(item)) and LOANS in text]


def test_an_item_is_borrowed_seen_by_its_borrower_alone_and_given_back_once(caller, ground):
    borrowed = caller.ask(ANA, "equipment-desk/commands/borrow", item="Camera", due_on="2026-12-24")
    assert (borrowed.status_code, borrowed.json()) == (200, {"affected": 1}), borrowed.text
    again = caller.ask(ANA, "equipment-desk/commands/borrow", item="Camera", due_on="2026-12-24")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "refused_by_source")

    (mine,) = caller.ask(ANA, "equipment-desk/queries/my_loans").json()["rows"]
    assert mine[0] == "Camera"
    assert caller.ask(MIA, "equipment-desk/queries/my_loans").json()["rows"] == []
    assert len(caller.ask(MIA, "equipment-desk/queries/lent_items", item="Camera").json()["rows"]) == 1

    stolen = caller.ask(MIA, "equipment-desk/commands/give_back", item="Camera")
    assert (stolen.status_code, stolen.json()["error"]["code"]) == (409, "nothing_changed")
    assert caller.ask(ANA, "equipment-desk/commands/give_back", item="Camera").status_code == 200
    assert until(lambda: recorded(ground, "equipment-desk/give_back"), "the events of giving back")


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_file_comes_through_byte_for_byte_and_its_entry_holds_its_digest(caller, ground, form):
    caller.ask(ANA, "equipment-desk/commands/borrow", item="=1+1", due_on="2026-12-24")
    answer = caller.export(MIA, "equipment-desk/queries/lent_items", form, item="=1+1")
    assert answer.status_code == 200, answer.text
    entry = answer.headers["x-appguard-ledger-entry"]
    assert entry in answer.headers["content-disposition"]
    digest = hashlib.sha256(answer.content).hexdigest()
    assert any(entry in text and digest in text for text in recorded(ground, "lent_items"))
    match form:
        case "csv":
            assert '"\'=1+1"' in answer.content.decode("utf-8-sig")
        case "json":
            document = answer.json()
            assert (document["export"]["by"], document["rows"][0]["item"]) == (MIA, "=1+1")
        case "xlsx":
            book = openpyxl.load_workbook(io.BytesIO(answer.content))
            assert (book["Data"]["A2"].value, book["Data"]["A2"].data_type) == ("=1+1", "s")
            assert entry in [row[1].value for row in book["About this file"].iter_rows()]


def test_personal_rows_leave_by_a_reviewers_word_alone_and_no_longer_than_it_stands(
    caller, ground, endpoints
):
    caller.ask(ANA, "equipment-desk/commands/borrow", item="Adapter", due_on="2026-12-24")
    refused = caller.export(ANA, "equipment-desk/queries/my_loans", "csv")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "export_blocked")
    page = refused.json()["error"]["remediation"].partition(endpoints.portal)[2]

    asking = Visitor.signed_in(endpoints.portal, MIA)
    asking.open(page)
    assert not asking.has_form("/exports/allow")
    reviewer = Visitor.signed_in(endpoints.portal, ROB)
    reviewer.open(page)
    reviewer.fill("/exports/allow", reason="The insurer wants a list, once.")
    assert "Adapter" in caller.export(ANA, "equipment-desk/queries/my_loans", "csv").text

    exception = next(text for text in recorded(ground, "exc-") if "data.exported" in text)
    known = re.search(r"exc-[0-9a-f]{24}", exception)[0]
    table, key = ground.outputs["CatalogTable"], {"pk": {"S": f"EXCEPTION#{known}"}, "sk": {"S": "EXCEPTION"}}
    ground.client("dynamodb").delete_item(TableName=table, Key=key)
    assert caller.export(ANA, "equipment-desk/queries/my_loans", "csv").status_code == 403


def test_the_rows_of_a_day_are_counted_where_every_process_sees_them(caller, ground):
    caller.ask(MIA, "equipment-desk/queries/my_loans")
    table = ground.outputs["BudgetsTable"]
    counters = ground.client("dynamodb").scan(TableName=table)["Items"]
    assert counters
    assert all(int(counter["taken"]["N"]) > 0 and counter["expires"]["N"] for counter in counters)

    today = datetime.now(UTC).date()
    account = Account("equipment-desk", LOANS, ADA, DataClass.PERSONAL)
    used_up = {"pk": {"S": account.on(today)}, "taken": {"N": "10000"}}
    ground.client("dynamodb").put_item(TableName=table, Item=used_up)
    refused = caller.ask(ADA, "equipment-desk/queries/my_loans")
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "budget_exceeded")
    assert any("data.budget_exceeded" in text for text in recorded(ground, "equipment-desk"))


def test_a_card_number_in_an_internal_text_is_hidden_on_its_way_out(caller, ground):
    card = "4539 1488 0343 6467"
    item = {"borrower": {"S": MIA}, "item": {"S": f"Card {card}"}, "lent_on": {"S": "2026-11-02"}}
    ground.client("dynamodb").put_item(
        TableName="equipment-loans", Item=item | {"due_on": {"S": "2026-12-24"}}
    )
    answer = caller.ask(ANA, "equipment-desk/queries/lent_items", item=f"Card {card}")
    assert [row[0] for row in answer.json()["rows"]] == ["Card ••••"], answer.text
    assert any("data.person_found" in text for text in recorded(ground, "equipment-desk/lent_items"))


def test_athena_answers_and_small_groups_stay_inside(caller):
    answer = caller.ask(ANA, "workplace-usage/queries/busy_floors")
    assert answer.status_code == 200, answer.text
    assert answer.json()["rows"] == [["Vienna", 1, "2026-03-02", 42]]


def test_what_was_not_granted_is_refused(caller):
    refused = caller.ask(ANA, "workplace-usage/queries/my_office_days", since="2026-01-01")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_granted")


def test_the_brokers_role_reaches_nothing_else_of_dynamodb_or_athena(ground):
    role = f"arn:aws:iam::{ACCOUNT}:role/{_broker_role(ground)}"
    found = ground.client("sts").assume_role(RoleArn=role, RoleSessionName="broker")["Credentials"]
    keys = {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }
    dynamodb, athena = ground.client("dynamodb", **keys), ground.client("athena", **keys)
    for attempt in (
        lambda: dynamodb.scan(TableName="equipment-loans"),
        lambda: dynamodb.delete_item(
            TableName="equipment-loans", Key={"borrower": {"S": ANA}, "item": {"S": "Camera"}}
        ),
        lambda: athena.start_query_execution(QueryString="SELECT 1", WorkGroup="primary"),
    ):
        with pytest.raises(Exception, match=r"AccessDenied|not authorized"):
            attempt()


def _broker_role(ground: Ground) -> str:
    about = ground.client("lambda").get_function_configuration(FunctionName="appguard-connectors-serve")
    return str(about["Role"]).rpartition("/")[2]


def test_a_person_is_told_exactly_the_accesses_to_their_data_and_can_be_forgotten(caller, ground, tmp_path):
    before = ids_of(who_saw(ANA))
    caller.ask(ANA, "equipment-desk/commands/borrow", item="Tripod", due_on="2026-12-24")
    caller.ask(ANA, "equipment-desk/commands/borrow", item="Tripod", due_on="2026-12-24")
    caller.ask(ANA, "equipment-desk/queries/my_loans")
    caller.ask(MIA, "equipment-desk/queries/my_loans")
    caller.ask(MIA, "equipment-desk/queries/lent_items", item="Tripod")
    caller.ask(MIA, "equipment-desk/commands/give_back", item="Tripod")
    caller.ask(ANA, "equipment-desk/commands/give_back", item="Tripod")

    def told():
        new = [each for each in who_saw(ANA)["sightings"] if each["event_id"] not in before]
        return new if len(new) >= 3 and all(each["log"] for each in new) else None

    new = until(told, "the entries about Ana", 120)
    assert [each["operation"] for each in new] == ["borrow", "my_loans", "give_back"]
    assert {each["actor"] for each in new} == {ANA}
    assert {each["bundle_digest"] for each in new} == {VERSION}

    key, export, proofs = (tmp_path / name for name in ("ana.json", "ledger", "proofs"))
    appguard("audit", "export", str(export))
    everything = who_saw(ANA, "--save-key", str(key), "--proofs", str(proofs))["sightings"]
    offline = who_saw(ANA, "--from-export", str(export), "--key", str(key))["sightings"]
    assert ids_of({"sightings": offline}) == ids_of({"sightings": everything})
    one = proofs / f"{new[0]['event_id']}.json"
    assert "is entry" in appguard("audit", "verify", str(one), "--key", str(export / "ledger-key.pem"))


def test_after_forgetting_nothing_is_found_and_the_ledger_still_verifies(caller, ground, tmp_path):
    caller.ask(MIA, "equipment-desk/commands/borrow", item="Screen", due_on="2026-12-24")
    caller.ask(MIA, "equipment-desk/queries/my_loans")
    until(lambda: len(who_saw(MIA)["sightings"]) >= 2, "the entries about Mia", 120)
    by = {"id": "dora", "role": "data_owner"}
    asked = {"verb": "forget", "subject": MIA, "reason": "left the company long ago", "by": by}

    assert ground.invoke("appguard-privacy-decide", asked) == {}

    assert who_saw(MIA) == {"known_since": None, "sightings": [], "held": None, "asked_to_forget": None}
    assert ground.invoke("appguard-privacy-decide", asked)["error"]["code"] == "not_found"
    appguard("audit", "export", str(tmp_path / "ledger"))
    assert "ok 3y" in appguard("audit", "verify", str(tmp_path / "ledger"))


def who_saw(person, *options):
    words = ("data", "who-saw", person, "--connector", "equipment-desk", "--format", "json", *options)
    return json.loads(appguard(*words))


def ids_of(answer):
    return {each["event_id"] for each in answer["sightings"]}
