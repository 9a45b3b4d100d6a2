import boto3
import pytest

from appguard.apps.lifecycle import Trigger
from appguard.provisioning.errors import LimitsNotInForce, SmokeTestFailed
from appguard.provisioning.store import StackStatus
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.world import LEAVE, REQUESTER, RISKY

NAME = "appguard-app-leave-request"

# moto builds role, function and log group of the template; the rest is proved on the local platform.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse")


@pytest.fixture
def place(world, provisioner):
    """The leave-request app's stack, finished and within its limits."""
    world.draft(LEAVE, RISKY)
    provisioner.provision(LEAVE, RISKY.digest, "run-1")
    assert provisioner.status(LEAVE, RISKY.digest).status == "ready"


def publish(world):
    step = StepInput.of(world.reviews.submit(LEAVE, RISKY.digest, REQUESTER))
    world.steps.approve(step, Judgement())
    world.steps.publish(step)


def stacks() -> list[str]:
    return [stack["StackName"] for stack in boto3.client("cloudformation").describe_stacks()["Stacks"]]


def test_a_failed_first_version_leaves_no_stack(place, provisioner):
    provisioner.undo(LEAVE, "undo-run-1")

    assert stacks() == []


def test_after_a_failed_next_version_the_published_one_is_what_runs(place, world, provisioner, monkeypatch):
    built = []
    monkeypatch.setattr(type(provisioner), "provision", lambda _, *given: built.append(given))
    publish(world)
    provisioner.undo(LEAVE, "undo-run-2")

    assert built == [(LEAVE, RISKY.digest, "undo-run-2")]


def test_what_was_stopped_meanwhile_is_not_started_by_an_undo(place, world, provisioner, monkeypatch):
    built = []
    monkeypatch.setattr(type(provisioner), "provision", lambda _, *given: built.append(given))
    publish(world)
    world.apps.advance(LEAVE, Trigger.SUSPENDED, REQUESTER)
    provisioner.undo(LEAVE, "undo-run-2")

    assert built == []
    assert stacks() == [NAME]


def reserved():
    return (
        boto3.client("lambda").get_function_concurrency(FunctionName=NAME).get("ReservedConcurrentExecutions")
    )


def test_an_app_gets_a_stack_with_a_role_and_a_function_of_its_own(place):
    kinds = {
        resource.get("ResourceType"): resource.get("PhysicalResourceId")
        for resource in boto3.client("cloudformation").describe_stack_resources(StackName=NAME)[
            "StackResources"
        ]
    }

    assert kinds["AWS::IAM::Role"] == NAME
    assert kinds["AWS::Lambda::Function"].endswith(NAME)


def test_ready_means_that_boundary_and_concurrency_were_read_back(place, settings):
    role = boto3.client("iam").get_role(RoleName=NAME)["Role"]

    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == settings.boundary_arn
    assert reserved() == RISKY.manifest().runtime.concurrency


def test_an_app_whose_boundary_does_not_stick_never_becomes_ready(place, provisioner, monkeypatch):
    monkeypatch.setattr(provisioner.limits, "_boundary", lambda _: None)

    with pytest.raises(LimitsNotInForce):
        provisioner.status(LEAVE, RISKY.digest)


def test_an_app_whose_concurrency_does_not_stick_never_becomes_ready(place, provisioner, monkeypatch):
    monkeypatch.setattr(provisioner.limits, "_reserved", lambda _: None)

    with pytest.raises(LimitsNotInForce):
        provisioner.status(LEAVE, RISKY.digest)


def test_provisioning_twice_is_provisioning_once(place, provisioner):
    provisioner.provision(LEAVE, RISKY.digest, "run-1")

    assert provisioner.status(LEAVE, RISKY.digest).status == "ready"
    stacks = boto3.client("cloudformation").list_stacks(
        StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"]
    )
    assert [stack["StackName"] for stack in stacks["StackSummaries"]] == [NAME]


def test_the_remains_of_a_failed_creation_are_cleared_away_first(world, provisioner, monkeypatch):
    world.draft(LEAVE, RISKY)
    seen = iter([StackStatus("ROLLBACK_COMPLETE"), None, None])
    monkeypatch.setattr(provisioner.stacks, "status", lambda _: next(seen))
    deleted = []
    monkeypatch.setattr(provisioner.stacks, "delete", deleted.append)

    provisioner.provision(LEAVE, RISKY.digest, "run-1")

    assert deleted == [NAME]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("CREATE_IN_PROGRESS", "working"),
        ("UPDATE_IN_PROGRESS", "working"),
        ("ROLLBACK_IN_PROGRESS", "failed"),
        ("ROLLBACK_COMPLETE", "failed"),
        ("UPDATE_ROLLBACK_COMPLETE", "failed"),
        ("DELETE_IN_PROGRESS", "working"),
    ],
)
def test_a_stack_is_working_only_while_it_may_still_succeed(provisioner, monkeypatch, status, expected):
    monkeypatch.setattr(provisioner.stacks, "status", lambda _: StackStatus(status, "why"))

    assert provisioner.status(LEAVE, RISKY.digest).status == expected


def test_without_a_stack_there_is_nothing_to_wait_for(provisioner):
    assert provisioner.status(LEAVE, RISKY.digest).status == "failed"


@pytest.mark.parametrize(
    "answer",
    [{"statusCode": 500}, {"FunctionError": "Unhandled", "errorType": "Runtime.ImportModuleError"}, {}],
)
def test_an_app_that_does_not_answer_fails_its_smoke_test(provisioner, monkeypatch, answer):
    monkeypatch.setattr(provisioner.limits, "call", lambda *_: answer)

    with pytest.raises(SmokeTestFailed):
        provisioner.smoke_test(LEAVE)


def test_the_smoke_test_asks_as_the_gateway_would(provisioner, monkeypatch):
    asked = []
    monkeypatch.setattr(provisioner.limits, "call", lambda *what: asked.append(what) or {"statusCode": 200})

    provisioner.smoke_test(LEAVE)

    [(name, event)] = asked
    assert name == NAME
    assert event["rawPath"] == event["requestContext"]["http"]["path"] == "/apps/leave-request/healthz"


def test_pausing_stops_the_function_and_resuming_brings_back_its_own_limit(place, provisioner):
    provisioner.pause(LEAVE)
    assert reserved() == 0

    provisioner.resume(LEAVE, RISKY.digest)
    assert reserved() == RISKY.manifest().runtime.concurrency


def test_removing_leaves_nothing_and_may_be_repeated(place, provisioner):
    assert provisioner.remove(LEAVE)
    assert provisioner.remove(LEAVE)

    provisioner.pause(LEAVE)
    assert provisioner.stacks.status(NAME) is None
    with pytest.raises(boto3.client("iam").exceptions.NoSuchEntityException):
        boto3.client("iam").get_role(RoleName=NAME)


def test_a_stack_that_takes_its_time_to_go_is_not_called_gone(provisioner, monkeypatch):
    monkeypatch.setattr(provisioner.stacks, "status", lambda _: StackStatus("DELETE_IN_PROGRESS"))
    monkeypatch.setattr(provisioner.stacks, "delete", lambda _: None)

    assert not provisioner.remove(LEAVE)
