"""What fails with nobody waiting for it is told, and becomes an entry of the ledger."""

from tests.infra.rights import of_function


def functions_named_in(aws, kind, pick):
    return {arn["Fn::GetAtt"][0] for made in aws.resources(kind).values() for arn in pick(made["Properties"])}


def test_every_function_that_bus_or_clock_calls_tells_when_it_fails_for_good(aws):
    called = functions_named_in(
        aws, "AWS::Events::Rule", lambda rule: [each["Arn"] for each in rule["Targets"]]
    )
    called |= functions_named_in(aws, "AWS::Scheduler::Schedule", lambda made: [made["Target"]["Arn"]])
    watched = {
        made["Properties"]["FunctionName"]["Ref"]
        for made in aws.resources("AWS::Lambda::EventInvokeConfig").values()
        if made["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]
    }
    assert len(called) > 6
    assert called <= watched


def test_whoever_notes_failures_reads_that_queue_and_may_append_to_the_outbox_alone(aws):
    actions = {right.action for right in of_function(aws, "appguard-operations-noting-failures")}
    assert {action for action in actions if action.startswith("dynamodb:")} == {"dynamodb:PutItem"}
    assert {action.partition(":")[0] for action in actions} <= {"dynamodb", "sqs", "logs", "xray"}
