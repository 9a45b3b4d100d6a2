import pytest
from pydantic import ValidationError

from appguard.kernel.event import Result
from appguard.operations.noting.deployed import Deployed
from appguard.operations.noting.deployments import Deployments, StackChanged

RUNNING = Deployed(version="0.1.0", code="code-ba83ec838b748eae", configuration="sha256:" + "0" * 64)
STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/appguard-platform/9f2b1c60-1a2b-11ee"


def changed(status="UPDATE_COMPLETE", **changes):
    """As EventBridge tells it."""
    return {
        "version": "0",
        "source": "aws.cloudformation",
        "account": "123456789012",
        "id": "1f6c9d9c-6f0e-4a9f-b3a0-0a3c5b8e2d11",
        "region": "eu-west-1",
        "detail-type": "CloudFormation Stack Status Change",
        "time": "2026-03-01T07:00:00Z",
        "resources": [STACK],
        "detail": {
            "stack-id": STACK,
            "status-details": {"status": status, "status-reason": "said by somebody"},
            "client-request-token": "",
        },
    } | changes


def told(event):
    heard = []
    Deployments(heard.append, RUNNING).note(StackChanged.model_validate(event))
    return heard[0]


def test_a_deployment_says_which_stack_which_code_and_which_settings():
    event = told(changed())
    assert (event.action, event.result, event.resource.id) == (
        "platform.deployed",
        Result.SUCCESS,
        "appguard-platform",
    )
    assert event.metadata == {
        "status": "UPDATE_COMPLETE",
        "version": "0.1.0",
        "code": RUNNING.code,
        "configuration": RUNNING.configuration,
    }


@pytest.mark.parametrize(
    "status", ["UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]
)
def test_a_deployment_that_was_taken_back_is_told_as_a_failure(status):
    assert told(changed(status)).result is Result.FAILURE


def test_told_twice_it_is_one_entry():
    assert told(changed()).event_id == told(changed()).event_id


@pytest.mark.parametrize(
    "wrong", [{"source": "appguard"}, {"detail": {}}, {"time": "yesterday"}, {"detail": {"stack-id": "x"}}]
)
def test_what_is_no_such_event_is_refused(wrong):
    with pytest.raises(ValidationError):
        told(changed(**wrong))
