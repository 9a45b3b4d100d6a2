"""The template every app's stack is made from: what it grants, and that CloudFormation would take it."""

import json
from pathlib import Path

import pytest
from cfnlint.api import lint

from appguard.kernel.levels import RiskTier
from appguard.provisioning.parameters import parameters, template
from appguard.runtime.settings import RuntimeSettings
from tests.support.world import LEAVE, RISKY

TEMPLATE = json.loads(template())
RESOURCES = TEMPLATE["Resources"]


def test_cfn_lint_finds_nothing_wrong():
    assert [str(match) for match in lint(template())] == []


def test_the_role_may_read_its_secret_write_its_logs_call_its_connectors_and_nothing_else():
    [policy] = RESOURCES["Role"]["Properties"]["Policies"]
    secret, logs, connectors = policy["PolicyDocument"]["Statement"]

    assert secret["Action"] == "secretsmanager:GetSecretValue"
    assert secret["Resource"]["Fn::Sub"].endswith(":secret:appguard/apps/${AppId}-??????")
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert logs["Resource"]["Fn::Sub"].endswith(":log-group:/aws/lambda/${ResourceName}:*")
    granted = connectors["Fn::If"][1]
    assert (granted["Action"], granted["Resource"]) == ("execute-api:Invoke", {"Ref": "ConnectorPaths"})
    assert RESOURCES["Role"]["Properties"]["PermissionsBoundary"] == {"Ref": "BoundaryArn"}


def test_only_the_apps_gateway_on_the_apps_own_paths_may_call_the_function():
    grants = [r["Properties"] for r in RESOURCES.values() if r["Type"] == "AWS::Lambda::Permission"]

    assert {grant["Principal"] for grant in grants} == {"apigateway.amazonaws.com"}
    paths = {grant["SourceArn"]["Fn::Sub"].partition("${AppsApiId}")[2] for grant in grants}
    assert paths == {"/*/*/apps/${AppId}", "/*/*/apps/${AppId}/*"}


def test_the_generated_secret_has_a_length_and_only_letters_the_runtime_takes():
    generated = RESOURCES["Secret"]["Properties"]["GenerateSecretString"]

    assert generated["PasswordLength"] == 43
    left = set(map(chr, range(33, 127))) - set(generated["ExcludeCharacters"])
    assert all(letter.isalnum() or letter in "-_" for letter in left)


def test_every_parameter_is_given_and_none_besides(settings, world):
    world.draft(LEAVE, RISKY)

    given = parameters(
        world.apps.get(LEAVE), RISKY.manifest(), RiskTier.HIGH, "apps/x.zip", "eu-central-1", settings
    )

    assert set(given) == set(TEMPLATE["Parameters"])
    assert given["ConnectorPaths"] == (
        "arn:aws:execute-api:eu-central-1:123456789012:conn1/*/POST/connectors/hr-db/*"
    )
    assert given["AppUrl"] == "https://apps.example.com/apps/leave-request"
    assert given["Tier"] == "high"


def test_a_team_that_tags_cannot_hold_keeps_no_app_from_its_stack_and_is_no_reference(settings, world):
    """The template writes owner and team into tags, where CloudFormation would resolve `{{…}}`."""
    world.draft(LEAVE, RISKY)
    manifest = RISKY.manifest()
    odd = manifest.metadata.model_copy(update={"team": "R&D {{resolve:ssm:/x}}"})

    given = parameters(
        world.apps.get(LEAVE),
        manifest.model_copy(update={"metadata": odd}),
        RiskTier.LOW,
        "apps/x.zip",
        "eu-central-1",
        settings,
    )

    assert given["Team"] == "R-D --resolve:ssm:/x--"


def test_the_function_is_told_all_its_runtime_needs():
    told = RESOURCES["Function"]["Properties"]["Environment"]["Variables"]

    assert {field.alias for field in RuntimeSettings.model_fields.values()} <= set(told)


@pytest.mark.parametrize("name", ["Function", "Role", "Secret", "Logs"])
def test_what_costs_or_holds_something_carries_the_apps_tag(name):
    tags = {tag["Key"] for tag in RESOURCES[name]["Properties"]["Tags"]}

    assert {"appguard:app", "appguard:team"} <= tags


def test_the_template_holds_no_name_of_an_app():
    text = Path("functions/appguard/provisioning/micro_app.template.json").read_text()

    assert "leave" not in text
