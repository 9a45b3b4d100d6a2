"""Refusals by the connector API's gateway reach the ledger."""

import json

from tests.infra.assembly import text
from tests.infra.rights import of_function

NOTES = "appguard-audit-note-refusals"


def test_the_access_log_of_the_connector_api_is_followed_for_what_no_function_saw(aws):
    [followed] = aws.resources("AWS::Logs::SubscriptionFilter").values()
    properties = followed["Properties"]
    group = aws.resources("AWS::Logs::LogGroup")[properties["LogGroupName"]["Ref"]]["Properties"]
    assert group["LogGroupName"] == "/aws/apigateway/appguard-connectors"
    assert text(properties["DestinationArn"]).startswith("<AuditNoteRefusals")
    assert properties["FilterPattern"] == (
        '{ ($.status = "401" || $.status = "403") && $.integration = "-" }'
    )


def test_the_log_says_what_the_filter_asks_for(aws):
    for stage in aws.resources("AWS::ApiGatewayV2::Stage").values():
        logged = json.loads(stage["Properties"]["AccessLogSettings"]["Format"])
        assert (logged["status"], logged["integration"]) == ("$context.status", "$context.integrationStatus")


def test_that_log_group_alone_may_call_the_function(aws):
    [permission] = [
        each["Properties"]
        for each in aws.resources("AWS::Lambda::Permission").values()
        if each["Properties"]["Principal"] == "logs.amazonaws.com"
    ]
    assert text(permission["FunctionName"]).startswith("<AuditNoteRefusals")
    assert text(permission["SourceArn"]).startswith("<ConnectorsApiAccessLog")


def test_who_notes_refusals_may_append_to_the_outbox_and_nothing_else(aws):
    actions = {right.action for right in of_function(aws, NOTES)}
    assert {action for action in actions if not action.startswith(("logs:", "xray:"))} == {
        "dynamodb:PutItem",
        "sqs:SendMessage",
    }
