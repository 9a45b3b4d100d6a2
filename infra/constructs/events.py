"""What makes functions run without being called: the bus and its rules, and the clock."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as event_targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as schedule_targets
from constructs import Construct

from infra.constructs.handler import Handler
from infra.constructs.queue import DeadLetters, Queue

ATTEMPTS = 8
MAX_AGE = Duration.hours(6)


class Bus(Construct):
    """AppGuard's own EventBridge bus: every audit event appears on it, `detail-type` is its action."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, dead_letters: DeadLetters) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Bus", event_bus_name=name)
        self.name = name
        self._dead_letters = dead_letters

    def deliver(self, actions: Sequence[str], handler: Handler) -> None:
        """Send events to a handler when their action is one of these, or begins so (`data.*`)."""
        self._rule(
            f"To{handler.node.id}",
            handler,
            events.EventPattern(source=["appguard"], detail_type=_any_of(actions)),
            self.bus,
        )

    def announce(self, queue: Queue, *actions: str) -> None:
        """Put events into a queue: all, or those whose action is one of these or begins so (`data.*`)."""
        target = event_targets.SqsQueue(queue.queue, dead_letter_queue=self._dead_letters.queue)
        pattern = events.EventPattern(source=["appguard"], detail_type=_any_of(actions) if actions else None)
        events.Rule(queue, "Announced", event_bus=self.bus, event_pattern=pattern, targets=[target])

    def deliver_failures_of(self, workflow_arn: str, handler: Handler) -> None:
        """Tell a handler when AWS itself ended an execution; such events appear on the default bus."""
        ended = {"stateMachineArn": [workflow_arn], "status": ["FAILED", "TIMED_OUT", "ABORTED"]}
        self._rule(
            "WorkflowEnded",
            handler,
            events.EventPattern(
                source=["aws.states"], detail_type=["Step Functions Execution Status Change"], detail=ended
            ),
            None,
        )

    def deliver_deployments_of(self, stacks: Sequence[Stack], handler: Handler) -> None:
        """Tell a handler when one of these stacks came to rest, well or not; from the default bus, too."""
        arns = [
            stack.format_arn(service="cloudformation", resource="stack", resource_name=f"{stack.stack_name}/")
            for stack in stacks
        ]
        at_rest = events.Match.any_of(events.Match.suffix("_COMPLETE"), events.Match.suffix("_FAILED"))
        self._rule(
            "Deployed",
            handler,
            events.EventPattern(
                source=["aws.cloudformation"],
                detail_type=["CloudFormation Stack Status Change"],
                detail={
                    "stack-id": events.Match.any_of(*map(events.Match.prefix, arns)),
                    "status-details": {"status": at_rest},
                },
            ),
            None,
        )

    def grant_publish(self, handler: Handler) -> None:
        """Put events on the bus."""
        handler.allow("events:PutEvents", on=[self.bus.event_bus_arn])

    def _rule(
        self, rule_id: str, handler: Handler, pattern: events.EventPattern, bus: events.EventBus | None
    ) -> None:
        target = event_targets.LambdaFunction(
            handler.function,
            dead_letter_queue=self._dead_letters.queue,
            retry_attempts=ATTEMPTS,
            max_event_age=MAX_AGE,
        )
        events.Rule(self, rule_id, event_bus=bus, event_pattern=pattern, targets=[target])


def _any_of(actions: Sequence[str]) -> list[str]:
    return events.Match.any_of(
        *(
            events.Match.prefix(action[:-1]) if action.endswith("*") else events.Match.exact_string(action)
            for action in actions
        )
    )


class Schedule(Construct):
    """Calls a handler at a steady rate, with a role that may do only that."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        every: Duration,
        handler: Handler,
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
        for action, resource in (
            ("lambda:InvokeFunction", handler.function.function_arn),
            ("sqs:SendMessage", dead_letters.queue.queue_arn),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        scheduler.Schedule(
            self,
            "Schedule",
            schedule=scheduler.ScheduleExpression.rate(every),
            target=schedule_targets.LambdaInvoke(
                handler.function,
                dead_letter_queue=dead_letters.queue,
                retry_attempts=ATTEMPTS,
                max_event_age=MAX_AGE,
                role=role.without_policy_updates(),
            ),
        )
