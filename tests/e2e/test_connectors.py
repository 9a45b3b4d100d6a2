"""Each kind of source through the deployed broker: over HTTP, signed by a micro app's role, for a person."""

import hashlib
import io
import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest

from appguard.apps.model import ConnectorGrant
from appguard.connectors.budgets.budget import Account
from appguard.kernel.ids import AppId
from appguard.kernel.levels import DataClass
from infra.local.emulator import ACCOUNT
from infra.local.story.cast import ADA, ANA, MIA, ROB
from infra.local.story.chapters.prove import appguard
from infra.local.story.ground import Ground, until
from infra.local.story.visitor import Visitor
from tests.e2e.caller import Caller
from tests.e2e.micro_apps import VERSION, publish

pytestmark = pytest.mark.e2e

LOANS = AppId("equipment-loans-app")
GRANTED = {
    "equipment-desk": ConnectorGrant(
        queries=frozenset({"my_loans", "lent_items"}), commands=frozenset({"borrow", "give_back"})
    ),
    "workplace-usage": ConnectorGrant(queries=frozenset({"busy_floors"})),
}


@pytest.fixture(scope="module")
def caller(endpoints, ground):
    """An active app with parts of two connectors granted."""
    return Caller(endpoints, publish(ground, LOANS, GRANTED))


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
