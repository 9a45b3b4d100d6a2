"""Every function is observable, bounded and reachable only as intended."""

import json

import pytest

from appguard.secrets.policy import SecretKind, secret_policy
from infra.functions import FUNCTIONS, SANDBOXES, WITNESS


def test_every_function_of_the_table_is_deployed_the_sandboxes_and_the_witness(aws):
    assert set(aws.functions()) == {function.name for function in (*FUNCTIONS, *SANDBOXES, WITNESS)}


def test_functions_run_the_python_their_layers_were_built_for(aws):
    for properties in aws.functions().values():
        assert properties["Runtime"] == "python3.13"
        assert properties["Architectures"] == ["x86_64"]


def test_functions_have_a_log_group_of_their_own_that_forgets(aws):
    groups = aws.resources("AWS::Logs::LogGroup")
    for name, properties in aws.functions().items():
        group = groups[properties["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
        assert group["LogGroupName"] == f"/aws/lambda/{name}"
        assert group["RetentionInDays"] > 0


def test_functions_are_traced_except_those_that_may_do_nothing(aws):
    for name, properties in aws.functions().items():
        active = properties.get("TracingConfig") == {"Mode": "Active"}
        assert active == (name not in {sandbox.name for sandbox in SANDBOXES})


def test_no_function_can_be_called_from_outside_but_through_an_api(aws):
    assert not aws.resources("AWS::Lambda::Url")
    principals = {p["Properties"]["Principal"] for p in aws.resources("AWS::Lambda::Permission").values()}
    assert principals <= {"apigateway.amazonaws.com", "events.amazonaws.com", "logs.amazonaws.com"}
    assert all("SourceArn" in p["Properties"] for p in aws.resources("AWS::Lambda::Permission").values())


def test_every_route_of_the_connector_api_asks_for_a_signature(aws):
    [api] = [name for name in aws.resources("AWS::ApiGatewayV2::Api") if name.startswith("Connectors")]
    routes = [
        route["Properties"]
        for route in aws.resources("AWS::ApiGatewayV2::Route").values()
        if route["Properties"]["ApiId"] == {"Ref": api}
    ]
    assert len(routes) == 3
    assert {route["AuthorizationType"] for route in routes} == {"AWS_IAM"}


def test_submissions_have_a_route_and_a_function_of_their_own_beside_the_portal(aws):
    routes = aws.resources("AWS::ApiGatewayV2::Route").values()
    [route] = [r["Properties"] for r in routes if "submissions" in r["Properties"]["RouteKey"]]
    assert route["RouteKey"] == "POST /api/apps/{app_id}/submissions"
    _, integration = route["Target"]["Fn::Join"][1]
    [function] = [
        name for name in aws.resources("AWS::Lambda::Function") if name.startswith("SubmissionsReceive")
    ]
    uri = aws.resources("AWS::ApiGatewayV2::Integration")[integration["Ref"]]["Properties"]["IntegrationUri"]
    assert uri == {"Fn::GetAtt": [function, "Arn"]}


def test_the_companys_directory_has_an_address_and_a_function_of_its_own_beside_the_portal(aws):
    routes = aws.resources("AWS::ApiGatewayV2::Route").values()
    [route] = [r["Properties"] for r in routes if "scim" in r["Properties"]["RouteKey"]]
    assert route["RouteKey"] == "ANY /scim/v2/{proxy+}"
    _, integration = route["Target"]["Fn::Join"][1]
    [function] = [name for name in aws.resources("AWS::Lambda::Function") if name.startswith("DirectoryScim")]
    uri = aws.resources("AWS::ApiGatewayV2::Integration")[integration["Ref"]]["Properties"]["IntegrationUri"]
    assert uri == {"Fn::GetAtt": [function, "Arn"]}


def test_what_is_believed_and_protected_stands_in_the_policies_not_in_the_environment(aws):
    for properties in aws.functions().values():
        assert "SOURCES_FILE" not in properties.get("Environment", {}).get("Variables", {})


def test_apis_are_throttled_and_log_no_addresses_that_hold_secrets(aws):
    stages = aws.resources("AWS::ApiGatewayV2::Stage")
    assert len(stages) == 3
    for stage in stages.values():
        assert stage["Properties"]["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
        logged = set(json.loads(stage["Properties"]["AccessLogSettings"]["Format"]).values())
        assert not {"$context.path", "$context.http.path", "$context.requestOverride"} & logged


def test_what_fails_in_the_background_is_kept(aws):
    for rule in aws.resources("AWS::Events::Rule").values():
        for target in rule["Properties"]["Targets"]:
            assert target["DeadLetterConfig"]
    for schedule in aws.resources("AWS::Scheduler::Schedule").values():
        assert schedule["Properties"]["Target"]["DeadLetterConfig"]
    for mapping in aws.resources("AWS::Lambda::EventSourceMapping").values():
        properties = mapping["Properties"]
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        if "StartingPosition" in properties:
            assert properties["DestinationConfig"]["OnFailure"]
            assert properties["BisectBatchOnFunctionError"]


def test_messages_stay_hidden_long_enough_for_their_function(aws):
    [inbox] = [
        q for name, q in aws.resources("AWS::SQS::Queue").items() if name.startswith("LedgerInboxQueue")
    ]
    timeout = aws.functions()["appguard-audit-sequence"]["Timeout"]
    assert inbox["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_a_missing_setting_fails_the_synthesis():
    with pytest.raises(KeyError, match="OUTBOX_TABLE"):
        FUNCTIONS[0].environment({"CATALOG_TABLE": "x", "ARTIFACTS_BUCKET": "y"})


def test_rights_are_in_place_before_what_needs_them(aws):
    policies = aws.resources("AWS::IAM::Policy")
    owners = {policy["Properties"]["Roles"][0]["Ref"]: name for name, policy in policies.items()}
    for function in aws.resources("AWS::Lambda::Function").values():
        role = function["Properties"]["Role"]["Fn::GetAtt"][0]
        assert owners.get(role) is None or owners[role] in function["DependsOn"]
    [machine] = aws.resources("AWS::StepFunctions::StateMachine").values()
    assert owners[machine["Properties"]["RoleArn"]["Fn::GetAtt"][0]] in machine["DependsOn"]


def test_a_secret_that_is_older_than_its_policy_rings_an_alarm_and_so_does_silence(aws):
    alarms = {
        alarm["Properties"]["Dimensions"][0]["Value"]: alarm["Properties"]
        for alarm in aws.resources("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == "OldestSecretAge"
    }
    assert set(alarms) == {kind.value for kind in SecretKind}
    for kind, alarm in alarms.items():
        assert alarm["Threshold"] == secret_policy().ages[SecretKind(kind)].alarm_after.total_seconds()
        assert alarm["TreatMissingData"] == "breaching"


def test_only_who_reads_secrets_through_the_provider_is_told_where_they_are_kept(aws):
    told = {
        name
        for name, properties in aws.functions().items()
        if "SECRETS_PROVIDER" in properties.get("Environment", {}).get("Variables", {})
    }
    assert told == {"appguard-connectors-serve", "appguard-directory-scim", "appguard-secrets-keep"}


@pytest.mark.parametrize(
    ("alarm", "missing"),
    [
        ("appguard-ledger-broken", "ignore"),
        ("appguard-ledger-unverified", "breaching"),
        ("appguard-ledger-dead-letters", "notBreaching"),
        ("appguard-witness-contradiction", "ignore"),
        ("appguard-witness-silence", "breaching"),
        ("appguard-search-lag", "breaching"),
    ],
)
def test_a_ledger_in_trouble_rings_and_so_does_silence(aws, alarm, missing):
    [found] = [
        a["Properties"]
        for a in aws.resources("AWS::CloudWatch::Alarm").values()
        if a["Properties"]["AlarmName"] == alarm
    ]
    assert found["TreatMissingData"] == missing
    if missing == "breaching":
        patience = 15 * 60 if alarm.endswith("-lag") else 26 * 3600
        assert found["Period"] * found["EvaluationPeriods"] == patience
