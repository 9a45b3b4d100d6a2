"""Every alarm tells somebody, and nobody else can speak on the topic they tell it on."""

import json

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Match, Template

from appguard.provisioning.parameters import template
from infra.constructs.operators import Operators
from infra.target import Target
from tests.infra.assembly import text

ONLY_OUR_ALARMS = {
    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    "ArnLike": {
        "aws:SourceArn": {
            "Fn::Join": [
                "",
                [
                    "arn:",
                    {"Ref": "AWS::Partition"},
                    ":cloudwatch:",
                    {"Ref": "AWS::Region"},
                    ":",
                    {"Ref": "AWS::AccountId"},
                    ":alarm:appguard-*",
                ],
            ]
        }
    },
}


def alarms(resources):
    return [each["Properties"] for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]


def test_every_alarm_tells_the_operators_when_it_rings_and_when_it_ends(aws):
    found = alarms(resource for _, resource in aws.all_resources())
    assert found
    for alarm in found:
        [told] = {text(each) for each in alarm["AlarmActions"]}
        assert "OperatorsTopic" in told
        assert alarm["OKActions"] == alarm["AlarmActions"]


def test_the_alarms_of_micro_apps_tell_them_too():
    [alarm] = alarms(json.loads(template())["Resources"].values())
    assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "OperatorsTopicArn"}]


def test_alarms_are_called_so_that_the_topic_takes_them_and_say_what_to_do(aws):
    for alarm in alarms(resource for _, resource in aws.all_resources()):
        assert alarm["AlarmName"].startswith("appguard-")
        assert ":" in alarm["AlarmDescription"], "what it is, and after the colon what to do"


def test_only_our_alarms_may_speak_to_operators_and_only_over_tls(aws):
    [policy] = aws.resources("AWS::SNS::TopicPolicy").values()
    refused, allowed = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (refused["Effect"], refused["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert allowed["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert (allowed["Action"], allowed["Condition"]) == ("sns:Publish", ONLY_OUR_ALARMS)


def test_what_operators_are_told_is_encrypted_with_a_key_alarms_may_use_for_nothing_else(aws):
    [topic] = aws.resources("AWS::SNS::Topic").values()
    key = aws.resources("AWS::KMS::Key")[topic["Properties"]["KmsMasterKeyId"]["Fn::GetAtt"][0]]["Properties"]
    assert key["EnableKeyRotation"] is True
    [alarms_may] = [s for s in key["KeyPolicy"]["Statement"] if "Service" in s["Principal"]]
    assert alarms_may["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert alarms_may["Condition"] == ONLY_OUR_ALARMS


@pytest.mark.parametrize(("email", "listeners"), [("operators@our.company", 1), (None, 0)])
def test_whoever_is_named_is_mailed(email, listeners):
    stack = Stack(App(), "data")
    Operators(stack, "Operators", target=Target("aws"), email=email)
    listening = {"Protocol": "email", "Endpoint": email or Match.any_value()}
    Template.from_stack(stack).resource_properties_count_is("AWS::SNS::Subscription", listening, listeners)
