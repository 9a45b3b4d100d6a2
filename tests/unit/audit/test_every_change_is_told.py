"""State and evidence are written together: every call that changes something at AWS, found in the code.

Whatever goes through the outbox is told by construction. Any other call is named here, with the action
that tells of it or the reason why nobody needs to be told. A new one fails until somebody thought of it.
"""

import ast
import re
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from appguard.kernel.actions import Action

CODE = Path("functions/appguard")
OUTBOX = "audit/outbox.py"
ELSEWHERE = ("runtime/", "cli/", "connectors/lint/")
"""What runs with a person's own rights, or with an app's, which has none but to ask the broker."""
LOOKS = (
    "get_",
    "list_",
    "describe_",
    "head_",
    "batch_get_",
    "query",
    "scan",
    "lookup_",
    "generate_",
    "verify",
)
CLIENT = re.compile(r"boto3\.(?:client|resource)\(\s*['\"]([\w-]+)")

LEDGER = "it is the telling itself"
DERIVED = "it is worked out from entries, and can be again"
CONTENT = "content under its own digest: it means nothing until a record names it, and that is told"
ASKS = "it asks another function, which tells of what it does"
SAYS = "it says to people or machines what the ledger says already"

WRITES: dict[str, dict[str, Action | str]] = {
    "approvals/channels/store.py": {
        "delete_item": "a message that was not sent may be tried again",
        "put_item": "where a message is, or that a click was answered; what it decided is told",
    },
    "approvals/mailer.py": {"send_email": SAYS},
    "approvals/store.py": {
        "send_task_failure": Action.REVIEW_FAILED,
        "send_task_success": Action.APPROVAL_DECIDED,
        "update_item": "it drops a used task token, after the decision was told",
    },
    "apps/bedrock.py": {"converse": "it asks for a suggestion that decides nothing"},
    "apps/store.py": {"put_object": CONTENT},
    "audit/cosigning.py": {"invoke": "the witness adds a signature; that it refused is told"},
    "audit/hold_store.py": {"put_object_legal_hold": Action.LEDGER_HELD},
    "audit/objects.py": {"put_object": LEDGER},
    "audit/relay.py": {"put_events": LEDGER, "send_message_batch": LEDGER},
    "audit/search/asking.py": {"invoke": ASKS},
    "audit/search/store.py": {"put_object": DERIVED},
    "audit/signing.py": {"sign": LEDGER},
    "audit/store.py": {"put_item": LEDGER, "transact_write_items": LEDGER},
    "audit/subject_index.py": {"batch_write_item": DERIVED},
    "audit/sweep.py": {"send_message_batch": LEDGER},
    "connectors/budgets/store.py": {"update_item": Action.DATA_READ},
    "connectors/sources/athena.py": {
        "start_query_execution": Action.DATA_READ,
        "stop_query_execution": Action.DATA_READ,
    },
    "connectors/sources/dynamodb.py": {"put_item": Action.DATA_WRITE, "update_item": Action.DATA_WRITE},
    "directory/store.py": {
        "delete_item": "a name somebody had, or a group they left: the change itself went through the outbox",
        "put_item": "where to look for who is in a group; who is, went through the outbox",
    },
    "gates/sandbox/function.py": {"invoke": "the sandbox may do nothing"},
    "gates/store.py": {"put_object": Action.REVIEW_CHECKED},
    "operations/store.py": {"put_object": Action.APP_ARCHIVED},
    "packages/store.py": {"put_object": Action.ADVISORIES_SYNCED},
    "packages/stored.py": {"invoke": ASKS},
    "policy/comparisons.py": {"invoke": ASKS},
    "policy/store.py": {"put_object": CONTENT},
    "portal/store.py": {
        "delete_item": "a session that ran out, or a sign-in on its way back",
        "put_item": "a sign-in on its way out, or a session that was seen again",
        "update_item": "which of somebody's sessions are over",
    },
    "portal/views/preview.py": {"invoke": "the sandbox may do nothing"},
    "privacy/asking.py": {"invoke": ASKS},
    "privacy/store.py": {"transact_write_items": "the key of a person first met; the access is told"},
    "provenance/signing.py": {"sign": Action.BUNDLE_ATTESTED},
    "provenance/store.py": {"put_object": Action.BUNDLE_ATTESTED},
    "provisioning/store.py": {
        "create_stack": Action.REVIEW_PROVISIONED,
        "delete_secret": Action.APP_ARCHIVED,
        "delete_stack": Action.APP_ARCHIVED,
        "invoke": Action.REVIEW_TESTED,
        "put_function_concurrency": Action.APP_SUSPENDED,
        "put_object": CONTENT,
        "put_role_permissions_boundary": Action.REVIEW_PROVISIONED,
        "update_stack": Action.REVIEW_PROVISIONED,
    },
    "reports/make.py": {"sign": Action.REPORT_CREATED},
    "reports/shelf.py": {"invoke": ASKS},
    "reports/store.py": {"put_item": "where the link of a mail leads; fetching from there is told"},
    "reviews/store.py": {
        "start_execution": Action.REVIEW_SUBMITTED,
        "stop_execution": Action.REVIEW_WITHDRAWN,
    },
    "siem/destinations/lake.py": {"put_object": SAYS},
    "siem/store.py": {
        "put_item": "who delivers, or how a run ended: of no account to anybody else",
        "transact_write_items": "the cursor moves; what it skips goes through the outbox",
    },
    "secrets/store.py": {
        "create_secret": Action.SECRET_REGISTERED,
        "delete_secret": Action.SECRET_WITHDRAWN,
        "put_secret_value": Action.SECRET_ROTATED,
        "update_secret_version_stage": Action.SECRET_ROTATED,
    },
    "witness/store.py": {"put_item": "what the witness remembers; what it refuses is told by who asked"},
}


@pytest.fixture(scope="module")
def clients() -> dict[str, str]:
    """The text of each file that may hold an AWS client: it names boto3, or a client's type."""
    files = {str(file.relative_to(CODE)): file.read_text(encoding="utf-8") for file in CODE.rglob("*.py")}
    return {n: text for n, text in files.items() if "boto3" in text and not n.startswith(ELSEWHERE)}


@pytest.fixture(scope="module")
def changing(clients: dict[str, str]) -> set[str]:
    """Every operation that does more than look, as boto3 names it, of every service there is a client of."""
    made = {name for text in clients.values() for name in CLIENT.findall(text)}
    assert len(made) > 10
    session = botocore.session.get_session()
    models = (session.get_service_model(name) for name in made)
    names = {xform_name(operation) for model in models for operation in model.operation_names}
    return {name for name in names if not name.startswith(LOOKS)}


def writes_in(text: str, changing: set[str]) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)} & changing


def test_every_call_that_changes_something_is_told_or_need_not_be(changing, clients):
    found = {name: writes_in(text, changing) for name, text in clients.items() if name != OUTBOX}
    assert {name: sorted(writes) for name, writes in found.items() if writes} == {
        name: sorted(writes) for name, writes in WRITES.items()
    }


def test_the_outbox_alone_writes_without_being_named(changing, clients):
    assert writes_in(clients[OUTBOX], changing) == {"transact_write_items", "put_item"}
