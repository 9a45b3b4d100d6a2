"""What happens seldom, made to happen once on a deployed platform: each becomes an entry.

It happens now: an entry that says it happened long ago is back-dated to whoever verifies the ledger.
"""

import json

import pytest
from typer.testing import CliRunner

from appguard.cli.audit import app as audit_command
from appguard.kernel.actions import Action
from appguard.kernel.clock import utc_now
from infra.local.story.cast import ANA
from infra.local.story.ground import Ground, until
from infra.local.story.visitor import Visitor
from tests.e2e.recorded import recorded

pytestmark = pytest.mark.e2e

HELD = ("--log", "3y", "--first", "0", "--last", "0", "--reason", "Case 2026-17, asked for by legal")


@pytest.fixture
def told(ground: Ground):
    """Wait until the platform recorded an action."""
    return lambda action: until(lambda: action in recorded(ground, "body"), f"{action} is recorded", 30)


def test_somebody_signs_out(endpoints, told):
    ana = Visitor.signed_in(endpoints.portal, ANA)
    ana.open("/")
    ana.fill("/sign-out")
    told(Action.PERSON_SIGNED_OUT)


def test_a_sign_in_comes_back_to_a_browser_that_never_began_it(endpoints, told):
    assert not Visitor(endpoints.portal).open("/callback?state=made-up&code=made-up").ok
    told(Action.PERSON_SIGN_IN_FAILED)


def test_the_platform_is_deployed(ground, told):
    """CloudFormation's word stands in for CloudFormation: the emulator's tells nobody."""
    stack = "arn:aws:cloudformation:us-east-1:000000000000:stack/appguard-platform/9f2b1c60-1a2b-11ee"
    status = {"status": "UPDATE_COMPLETE", "status-reason": ""}
    event = {
        "version": "0",
        "id": "1f6c9d9c-6f0e-4a9f-b3a0-0a3c5b8e2d11",
        "source": "aws.cloudformation",
        "account": "000000000000",
        "region": "us-east-1",
        "detail-type": "CloudFormation Stack Status Change",
        "time": utc_now().isoformat(),
        "resources": [stack],
        "detail": {"stack-id": stack, "status-details": status, "client-request-token": ""},
    }
    ground.invoke("appguard-operations-noting-deployment", event)
    told(Action.PLATFORM_DEPLOYED)


def test_a_function_fails_with_nobody_waiting(ground, told):
    """So does Lambda's word: what the emulator sends where a function fails for good has another form."""
    about = {
        "requestId": "e4b46cbf-b738-4a9f-8880-a18cdf61200e",
        "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:appguard-operations-sweep",
        "condition": "RetriesExhausted",
        "approximateInvokeCount": 3,
    }
    report = {"version": "1.0", "timestamp": utc_now().isoformat(), "requestContext": about}
    record = {"messageId": "1", "body": json.dumps(report)}
    unread = ground.invoke("appguard-operations-noting-failures", {"Records": [record]})
    assert unread == {"batchItemFailures": []}
    told(Action.PLATFORM_FAILED)


def test_entries_are_held_for_legal_and_released(ground, told, as_operator):
    held = CliRunner().invoke(audit_command, ["hold", *HELD])
    assert held.exit_code == 0, held.output
    told(Action.LEDGER_HELD)
    name = next(word.strip(".,:") for word in held.stdout.split() if word.startswith("hold-"))
    released = CliRunner().invoke(audit_command, ["release", name, "--reason", "The case is closed"])
    assert released.exit_code == 0, released.output
    told(Action.LEDGER_RELEASED)
