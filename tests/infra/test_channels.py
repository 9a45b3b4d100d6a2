"""Channels: none unless a deployer names one, and then with no more rights than it takes."""

import pytest

from infra.functions import SLACK_ANSWER, SLACK_TELL, TEAMS_TELL
from tests.infra.rights import of_function, who_may

TELL, ANSWER, TEAMS = SLACK_TELL.name, SLACK_ANSWER.name, TEAMS_TELL.name


def test_no_channel_is_there_unless_a_deployer_names_it(aws):
    assert {TELL, ANSWER, TEAMS} & set(aws.functions()) == set()
    routes = [one["Properties"]["RouteKey"] for one in aws.resources("AWS::ApiGatewayV2::Route").values()]
    assert not any("slack" in route for route in routes)


def test_slack_has_a_route_of_its_own_for_posts_alone(delivering):
    keys = [
        one["Properties"]["RouteKey"] for one in delivering.resources("AWS::ApiGatewayV2::Route").values()
    ]
    assert [key for key in keys if "slack" in key] == ["POST /slack/interactions"]


def test_the_sdk_is_in_the_layers_of_these_functions_and_of_no_others(delivering):
    [layer] = [name for name in delivering.resources("AWS::Lambda::LayerVersion") if name.startswith("Slack")]
    holding = {
        name
        for name, properties in delivering.functions().items()
        if {"Ref": layer} in properties.get("Layers", [])
    }
    assert holding == {TELL, ANSWER}


def test_both_read_the_secret_of_slack_and_no_other_and_nobody_else_reads_it(delivering):
    assert who_may(delivering, "secretsmanager:GetSecretValue", "appguard/channels/slack") == {TELL, ANSWER}
    for name in (TELL, ANSWER):
        read = [r for r in of_function(delivering, name) if r.action.startswith("secretsmanager:")]
        assert len(read) == 1


def test_teams_reads_its_own_secret_alone(delivering):
    assert who_may(delivering, "secretsmanager:GetSecretValue", "appguard/channels/teams") == {TEAMS}
    read = [r for r in of_function(delivering, TEAMS) if r.action.startswith("secretsmanager:")]
    assert len(read) == 1


@pytest.mark.parametrize("name", [TELL, TEAMS])
def test_who_tells_decides_nothing_and_writes_down_only_where_messages_are(delivering, name):
    rights = of_function(delivering, name)
    written = {
        (r.resource, r.conditions) for r in rights if r.action in {"dynamodb:PutItem", "dynamodb:DeleteItem"}
    }
    [(resource, conditions)] = written
    assert "CatalogTable" in resource
    assert conditions == (("ForAllValues:StringLike", "dynamodb:LeadingKeys", "CHANNEL#*"),)
    assert not any(r.action.startswith(("states:", "ses:", "lambda:")) for r in rights)


def test_who_answers_may_decide_and_neither_mails_nor_builds(delivering):
    actions = {r.action for r in of_function(delivering, ANSWER)}
    assert "states:SendTaskSuccess" in actions
    assert not any(action.startswith(("ses:", "lambda:", "cloudformation:", "kms:")) for action in actions)


def test_whoever_cannot_be_told_or_answered_rings(delivering):
    names = {
        one["Properties"]["AlarmName"] for one in delivering.resources("AWS::CloudWatch::Alarm").values()
    }
    assert {"appguard-slack-dead-letters", "appguard-slack-failed", "appguard-teams-dead-letters"} <= names


@pytest.mark.parametrize("channel", ["Slack", "Teams"])
def test_only_events_about_approvals_come_into_an_inbox(delivering, channel):
    rules = delivering.resources("AWS::Events::Rule").items()
    [rule] = [one["Properties"] for name, one in rules if name.startswith(channel)]
    assert rule["EventPattern"]["detail-type"] == [{"prefix": "approval."}]


def test_elsewhere_than_on_a_laptop_slack_is_slack(delivering):
    variables = delivering.functions()[TELL]["Environment"]["Variables"]
    assert variables["SLACK_API_URL"] == "https://slack.com/api/"
