"""Who may do what on AWS, function by function."""

import pytest

from appguard.gates.limits import SECONDS
from appguard.kernel.event import RetentionClass
from infra.constructs.table import READ, WRITE
from infra.functions import FUNCTIONS, SANDBOXES
from tests.infra.rights import all_documents, by_function, of_function, of_managed, of_role, role_of, who_may

STAR_ONLY = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "secretsmanager:GetRandomPassword",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
}


def test_every_function_has_a_role_of_its_own(aws):
    roles = [role_of(aws, name) for name in aws.functions()]
    assert len(roles) == len(set(roles))


def test_no_policy_of_aws_is_attached_to_any_role(aws):
    for role in aws.resources("AWS::IAM::Role").values():
        for arn in role["Properties"].get("ManagedPolicyArns", []):
            assert set(arn) == {"Ref"}, arn


def test_no_action_is_a_wildcard(aws):
    for name, document in all_documents(aws):
        for statement in document["Statement"]:
            assert "*" not in str(statement["Action"]), (name, statement)


def test_a_star_as_resource_is_only_for_actions_that_know_no_resources(aws):
    for name, rights in {role: of_role(aws, role) for role in aws.resources("AWS::IAM::Role")}.items():
        assert {right.action for right in rights if right.resource == "*"} <= STAR_ONLY, name


@pytest.mark.parametrize("sandbox", SANDBOXES, ids=lambda sandbox: sandbox.name)
def test_a_sandbox_may_do_nothing_at_all(aws, sandbox):
    assert of_function(aws, sandbox.name) == set()
    assert aws.functions()[sandbox.name].get("Environment", {}).get("Variables", {}).keys() <= {
        "POWERTOOLS_SERVICE_NAME",
        "PYDANTIC_DISABLE_PLUGINS",
    }


def test_nobody_scans_a_table(aws):
    assert who_may(aws, "dynamodb:Scan") == set()


@pytest.mark.parametrize(
    "action",
    [
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:PutBucketPolicy",
        "s3:BypassGovernanceRetention",
        "s3:PutBucketObjectLockConfiguration",
        "kms:ScheduleKeyDeletion",
        "dynamodb:DeleteTable",
        "sqs:PurgeQueue",
        "iam:DeleteRolePermissionsBoundary",
    ],
)
def test_nobody_may_destroy_evidence_or_bounds(aws, action):
    everybody = {right.action for role in aws.resources("AWS::IAM::Role") for right in of_role(aws, role)}
    assert action not in everybody


def test_only_the_sequencer_signs_and_only_with_the_ledgers_algorithm(aws):
    assert who_may(aws, "kms:Sign", "Ledger") == {"appguard-audit-sequence"}
    [sign] = [r for r in of_function(aws, "appguard-audit-sequence") if r.action == "kms:Sign"]
    assert sign.conditions == (("StringEquals", "kms:SigningAlgorithm", "ED25519_SHA_512"),)


def test_the_witness_is_asked_by_one_function_and_reaches_nothing_of_the_platform(aws):
    assert who_may(aws, "lambda:InvokeFunction", "WitnessCosign") == {"appguard-audit-cosign"}
    own = {
        (r.action, r.resource.partition("Memory")[1])
        for r in of_function(aws, "appguard-witness-cosign")
        if not r.action.startswith(("logs:", "xray:"))
    }
    assert own == {
        ("dynamodb:GetItem", "Memory"),
        ("dynamodb:PutItem", "Memory"),
        ("kms:GetPublicKey", ""),
        ("kms:Sign", ""),
    }
    assert who_may(aws, "dynamodb:PutItem", "Memory") == {"appguard-witness-cosign"}


def test_no_function_places_or_releases_a_legal_hold(aws):
    assert who_may(aws, "s3:PutObjectLegalHold") == set()
    people = of_managed(aws, "appguard-legal-holds")
    assert {r.action for r in people if r.action.startswith("s3:Put")} == {"s3:PutObjectLegalHold"}
    rows = [r for r in people if r.conditions]
    assert {r.conditions for r in rows} == {(("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "HOLDS"),)}


def test_only_attesting_signs_for_bundles_with_a_key_that_signs_nothing_else(aws):
    assert who_may(aws, "kms:Sign", "Attestations") == {"appguard-provenance-attest"}
    assert who_may(aws, "kms:Sign") == {
        "appguard-audit-sequence",
        "appguard-provenance-attest",
        "appguard-reports-make",
        "appguard-witness-cosign",
    }
    [sign] = [r for r in of_function(aws, "appguard-provenance-attest") if r.action == "kms:Sign"]
    assert sign.conditions == (("StringEquals", "kms:SigningAlgorithm", "ECDSA_SHA_256"),)


def test_who_builds_and_publishes_may_check_that_signature(aws):
    assert who_may(aws, "kms:Verify", "Attestations") == {
        "appguard-provenance-attest",
        "appguard-provisioning-provision",
        "appguard-reviews-publish",
    }


def test_only_attesting_writes_attestations_and_it_writes_nothing_else(aws):
    assert who_may(aws, "s3:PutObject", "/attestations/*") == {"appguard-provenance-attest"}
    written = {
        r.resource for r in of_function(aws, "appguard-provenance-attest") if r.action == "s3:PutObject"
    }
    assert len(written) == 1


def test_only_the_sequencer_writes_the_ledger_others_stay_in_their_folders(aws):
    assert who_may(aws, "s3:PutObject", "LedgerBucket") == {
        "appguard-audit-cosign",
        "appguard-audit-sequence",
        "appguard-reports-make",
    }
    cosigned = {r.resource for r in of_function(aws, "appguard-audit-cosign") if r.action == "s3:PutObject"}
    assert {resource.rpartition("Arn")[2].partition("/")[2] for resource in cosigned} == {
        f"{log}/witness/*" for log in RetentionClass
    }
    report = {r.resource for r in of_function(aws, "appguard-reports-make") if r.action == "s3:PutObject"}
    report = {r.resource for r in of_function(aws, "appguard-reports-make") if r.action == "s3:PutObject"}
    assert all(resource.endswith("/reports/*") for resource in report)


def test_only_one_function_signs_reports_and_the_portal_reads_them_and_nothing_else_of_the_ledger(aws):
    assert who_may(aws, "kms:Sign", "Reports") == {"appguard-reports-make"}
    read = {
        right.resource
        for right in of_function(aws, "appguard-portal-serve")
        if right.action == "s3:GetObject" and "LedgerBucket" in right.resource
    }
    assert len(read) == 1
    assert all(resource.endswith("/reports/*") for resource in read)


def test_who_makes_and_mails_reports_changes_nothing_else_in_the_catalog(aws):
    written = {
        (name, right.action, right.conditions)
        for name in ("make", "tell")
        for right in of_function(aws, f"appguard-reports-{name}")
        if right.action in WRITE and "CatalogTable" in right.resource
    }
    assert written
    prefixes = {(name, conditions[0][2]) for name, _, conditions in written}
    assert prefixes == {("make", "REPORTS*"), ("tell", "REPORTLINK#*"), ("tell", "MAIL#*")}


def test_only_the_sequencer_moves_the_heads_of_the_ledger(aws):
    assert who_may(aws, "dynamodb:PutItem", "LedgerHeads") == {"appguard-audit-sequence"}


def test_the_searchs_index_is_made_by_one_function_from_the_ledger_and_read_by_another(aws):
    assert who_may(aws, "s3:PutObject", "SearchIndex") == {"appguard-audit-search-index"}
    assert who_may(aws, "s3:GetObject", "SearchIndex") == {
        "appguard-audit-search-index",
        "appguard-audit-search-answer",
    }
    assert who_may(aws, "lambda:InvokeFunction", "AuditSearch") == {"appguard-portal-serve"}
    for function in ("appguard-audit-search-index", "appguard-audit-search-answer"):
        verbs = {right.action for right in of_function(aws, function)}
        assert verbs.isdisjoint({"dynamodb:GetItem", "kms:Sign", "s3:DeleteObject"})


def test_whoever_searches_is_recorded_by_the_function_that_searches_which_writes_nothing_else(aws):
    rights = of_function(aws, "appguard-audit-search-answer")
    written = {right.resource for right in rights if right.action in WRITE or right.action == "s3:PutObject"}
    assert len(written) == 1
    assert "Outbox" in written.pop()
    assert "appguard-audit-search-index" not in who_may(aws, "dynamodb:PutItem")


def test_nobody_removes_an_event_and_only_the_sequencer_marks_it(aws):
    assert who_may(aws, "dynamodb:DeleteItem", "OutboxTable") == set()
    assert who_may(aws, "dynamodb:UpdateItem", "OutboxTable") == {"appguard-audit-sequence"}


def test_only_the_relay_speaks_on_the_bus(aws):
    assert who_may(aws, "events:PutEvents") == {"appguard-audit-relay"}


def test_only_broker_and_keeper_learn_where_databases_are_and_read_the_logins_of_apps(aws):
    both = {"appguard-connectors-serve", "appguard-secrets-keep"}
    assert who_may(aws, "secretsmanager:GetSecretValue", "appguard/connectors/") == both
    assert who_may(aws, "secretsmanager:GetSecretValue", "appguard/logins/") == both


def test_one_function_holds_the_logins_of_administrators_and_the_broker_is_not_it(aws):
    assert who_may(aws, "secretsmanager:GetSecretValue", "appguard/administrators/") == {
        "appguard-secrets-keep"
    }


def test_the_broker_alone_signs_in_by_iam_and_only_as_roles_of_apps(aws):
    assert who_may(aws, "rds-db:connect") == {"appguard-connectors-serve"}
    [right] = [r for r in of_function(aws, "appguard-connectors-serve") if r.action == "rds-db:connect"]
    assert right.resource.endswith(":dbuser:*/appguard_*_a")


@pytest.mark.parametrize("action", ["CreateSecret", "PutSecretValue", "UpdateSecretVersionStage"])
def test_only_the_keeper_changes_secrets(aws, action):
    assert who_may(aws, f"secretsmanager:{action}") == {"appguard-secrets-keep"}


def test_the_keeper_writes_the_records_of_secrets_and_nothing_else_of_the_catalog(aws):
    written = [
        r
        for r in of_function(aws, "appguard-secrets-keep")
        if r.action in WRITE and "CatalogTable" in r.resource
    ]
    assert {right.action for right in written} == {"dynamodb:PutItem", "dynamodb:DeleteItem"}
    for right in written:
        assert right.conditions == (("ForAllValues:StringLike", "dynamodb:LeadingKeys", "SECRET#*"),)


def test_looking_again_at_packages_stops_nothing_and_reads_no_bundle(aws):
    rights = of_function(aws, "appguard-operations-recheck")
    stopping = ("lambda:", "cloudformation:", "iam:", "secretsmanager:", "ses:")
    assert {right.action for right in rights if right.action.startswith(stopping)} == set()
    read = {r.resource for r in rights if r.action == "s3:GetObject"}
    assert len(read) == 1
    assert read.pop().endswith("/packages/*")


def test_the_broker_cannot_change_the_catalog(aws):
    rights = {(r.action, r.resource) for r in of_function(aws, "appguard-connectors-serve")}
    assert not any(a == "dynamodb:PutItem" and "CatalogTable" in resource for a, resource in rights)


def test_the_broker_reaches_the_tables_its_connectors_name_and_only_as_they_say(aws):
    rights = {
        (r.action, r.resource.rsplit(":table/")[-1])
        for r in of_function(aws, "appguard-connectors-serve")
        if ":table/equipment" in r.resource
    }
    assert rights == {
        ("dynamodb:Query", "equipment-loans"),
        ("dynamodb:Query", "equipment-loans/index/by_item"),
        ("dynamodb:PutItem", "equipment-loans"),
        ("dynamodb:UpdateItem", "equipment-loans"),
    }


def test_only_the_broker_asks_athena_in_workgroups_of_its_connectors(aws):
    assert who_may(aws, "athena:StartQueryExecution") == {"appguard-connectors-serve"}
    rights = of_function(aws, "appguard-connectors-serve")
    asked = {r.resource.rsplit("/")[-1] for r in rights if r.action.startswith("athena:")}
    assert asked == {"appguard-workplace-usage"}
    described = {r.resource.rsplit(":")[-1] for r in rights if r.action == "glue:GetTable"}
    assert described == {
        "catalog",
        "database/workplace",
        "table/workplace/badge_day",
        "table/workplace/floor_day",
    }


def test_the_broker_reads_a_data_lake_under_the_declared_prefixes(aws):
    rights = of_function(aws, "appguard-connectors-serve")
    lake = {
        (r.action, r.resource.rsplit(":::")[-1]) for r in rights if "example-workplace-data" in r.resource
    }
    assert lake == {
        ("s3:GetBucketLocation", "example-workplace-data"),
        ("s3:GetObject", "example-workplace-data/curated/*"),
        ("s3:ListBucket", "example-workplace-data"),
    }
    (listing,) = [r for r in rights if r.action == "s3:ListBucket" and "workplace" in r.resource]
    assert listing.conditions == (("StringLike", "s3:prefix", "curated/*"),)


def test_a_query_cannot_override_where_results_lie_or_how_much_it_reads(aws):
    (workgroup,) = aws.resources("AWS::Athena::WorkGroup").values()
    settings = workgroup["Properties"]["WorkGroupConfiguration"]
    assert settings["EnforceWorkGroupConfiguration"] is True
    assert settings["BytesScannedCutoffPerQuery"] == 100_000_000
    assert settings["ResultConfiguration"]["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}


@pytest.mark.parametrize("verb", ["provision", "undo"])
def test_who_builds_stacks_cannot_change_the_catalog(aws, verb):
    rights = {(r.action, r.resource) for r in of_function(aws, f"appguard-provisioning-{verb}")}
    assert not any(a in WRITE and "CatalogTable" in resource for a, resource in rights)


def test_only_the_keeper_reads_the_secrets_of_micro_apps(aws):
    assert who_may(aws, "secretsmanager:GetSecretValue", "appguard/apps/") == {"appguard-secrets-keep"}


def test_gates_can_change_no_state(aws):
    for gate in SECONDS:
        rights = of_function(aws, f"appguard-gates-{gate}")
        assert not any(r.action in ("dynamodb:PutItem", "dynamodb:UpdateItem") for r in rights)


def test_a_gates_result_is_written_by_that_gate_and_by_nobody_else(aws):
    for gate in SECONDS:
        assert who_may(aws, "s3:PutObject", f"/reviews/*/{gate}.json") == {f"appguard-gates-{gate}"}
        written = {
            r.resource for r in of_function(aws, f"appguard-gates-{gate}") if r.action == "s3:PutObject"
        }
        assert len(written) == 1
    others = {
        r.resource for rights in by_function(aws).values() for r in rights if r.action == "s3:PutObject"
    }
    assert not any("ArtifactsBucket" in resource and resource.endswith(">/*") for resource in others)


def test_packages_are_fetched_and_kept_by_one_function_that_a_review_and_the_portal_call(aws):
    assert who_may(aws, "s3:PutObject", "/packages/advisories.zip") == {"appguard-packages-sync"}
    for kind in ("resolutions", "wheels", "installed"):
        assert who_may(aws, "s3:PutObject", f"/packages/{kind}/*") == {"appguard-packages-fetch"}
    rights = of_function(aws, "appguard-packages-fetch")
    assert {
        r.action for r in rights if r.action.startswith(("dynamodb:", "secretsmanager:", "iam:"))
    } == set()


def test_bundles_come_in_and_reviews_begin_through_the_portal_and_submissions_alone(aws):
    doors = {"appguard-portal-serve", "appguard-submissions-receive"}
    assert who_may(aws, "s3:PutObject", "/bundles/*") == doors
    assert who_may(aws, "states:StartExecution") == doors


def test_what_comes_from_git_can_hand_in_a_version_and_decide_read_or_sign_nothing(aws):
    rights = of_function(aws, "appguard-submissions-receive")
    tables = {right.action for right in rights if right.action.startswith("dynamodb:")}
    others = {right.action for right in rights} - tables - STAR_ONLY
    assert tables <= {*READ, *WRITE}
    assert others == {
        "s3:PutObject",
        "states:StartExecution",
        "states:DescribeExecution",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }


def test_nobody_asks_inspector_unless_the_deployment_chose_it(aws):
    assert who_may(aws, "inspector-scan:ScanSbom") == set()


def test_keys_of_persons_are_made_by_the_broker_read_by_one_function_and_deleted_by_another(aws):
    rights = {
        name.removeprefix("appguard-"): {r.action for r in found if "SubjectsKeys" in r.resource}
        for name, found in by_function(aws).items()
    }
    assert {name: actions for name, actions in rights.items() if actions} == {
        "connectors-serve": {"dynamodb:BatchGetItem", "dynamodb:PutItem"},
        "privacy-answer": {"dynamodb:GetItem"},
        "privacy-decide": {"dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"},
    }
    assert who_may(aws, "kms:GenerateMac") == {
        f"appguard-{name}" for name, actions in rights.items() if actions
    }


def test_who_answers_about_persons_changes_nothing_but_adds_its_own_record(aws):
    rights = {
        (r.action, r.resource) for r in of_function(aws, "appguard-privacy-answer") if r.action in WRITE
    }
    [(action, resource)] = rights
    assert action == "dynamodb:PutItem"
    assert "OutboxTable" in resource


def test_only_the_portal_holds_sessions(aws):
    assert who_may(aws, "dynamodb:GetItem", "SessionsTable") == {"appguard-portal-serve"}


def test_people_are_changed_by_their_sign_ins_and_by_the_companys_directory_alone(aws):
    for action in ("PutItem", "DeleteItem"):
        both = {"appguard-portal-serve", "appguard-directory-scim"}
        assert who_may(aws, f"dynamodb:{action}", "DirectoryTable") == both
    mailers = who_may(aws, "ses:SendEmail")
    assert mailers < who_may(aws, "dynamodb:GetItem", "DirectoryTable")


def test_who_listens_to_the_companys_directory_keeps_people_and_does_nothing_else(aws):
    rights = of_function(aws, "appguard-directory-scim")
    about = {
        right.action: right.resource
        for right in rights
        if not right.action.startswith(("logs:", "xray:", "dynamodb:"))
    }
    assert set(about) == {"secretsmanager:GetSecretValue"}
    assert "secret:appguard/directory/scim-??????" in about["secretsmanager:GetSecretValue"]
    tables = {right.action for right in rights if "DirectoryTable" not in right.resource} - {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "secretsmanager:GetSecretValue",
    }
    assert tables <= {"dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
    assert who_may(aws, "secretsmanager:GetSecretValue", "appguard/directory/") == {"appguard-directory-scim"}


def test_only_approvals_and_reports_send_mail_and_only_from_the_platforms_address(aws):
    assert who_may(aws, "ses:SendEmail") == {
        "appguard-approvals-ask",
        "appguard-approvals-notify",
        "appguard-reports-tell",
    }
    for name in who_may(aws, "ses:SendEmail"):
        for right in of_function(aws, name):
            if right.action == "ses:SendEmail":
                assert right.conditions == (("StringEquals", "ses:FromAddress", "appguard@example.com"),)


def test_only_who_asks_people_ends_runs_and_reminding_neither_decides_nor_mails(aws):
    ends = {"appguard-approvals-ask", "appguard-approvals-notify", "appguard-portal-serve"}
    assert who_may(aws, "states:StopExecution") == ends
    assert who_may(aws, "states:SendTaskSuccess") == ends
    actions = {right.action for right in of_function(aws, "appguard-approvals-reminding-run")}
    assert {action.partition(":")[0] for action in actions} <= {"dynamodb", "kms", "logs", "sqs", "xray"}


def test_no_function_creates_roles_or_writes_their_policies(aws):
    creators = {"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy"}
    for name, rights in by_function(aws).items():
        assert not creators & {right.action for right in rights}, name


def test_functions_pass_one_role_to_cloudformation_and_nothing_to_anything_else(aws):
    for rights in by_function(aws).values():
        for right in rights:
            if right.action == "iam:PassRole":
                assert right.resource == "<AppStacksRole234DDE8B.Arn>"
                assert right.conditions == (
                    ("StringEquals", "iam:PassedToService", "cloudformation.amazonaws.com"),
                )


def test_app_stacks_change_only_through_cloudformations_role(aws):
    changes = {"cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"}
    for rights in by_function(aws).values():
        for right in rights:
            if right.action in changes:
                assert ":stack/appguard-app-*/*" in right.resource
                assert (
                    "StringEquals",
                    "cloudformation:RoleArn",
                    "<AppStacksRole234DDE8B.Arn>",
                ) in right.conditions


def test_cloudformation_makes_roles_only_inside_the_boundary(aws):
    [role] = [
        name
        for name, found in aws.resources("AWS::IAM::Role").items()
        if found["Properties"].get("RoleName") == "appguard-provisioning"
    ]
    [boundary] = [
        name
        for name, found in aws.resources("AWS::IAM::ManagedPolicy").items()
        if found["Properties"].get("ManagedPolicyName") == "appguard-app-boundary"
    ]
    within = (("StringEquals", "iam:PermissionsBoundary", f"<{boundary}>"),)
    for right in of_role(aws, role):
        if right.action.startswith("iam:"):
            assert ":role/appguard-app-*" in right.resource
        if right.action in {"iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"}:
            assert right.conditions == within
        if right.action == "iam:PassRole":
            assert right.conditions == (("StringEquals", "iam:PassedToService", "lambda.amazonaws.com"),)
        assert right.action not in {"lambda:CreateFunctionUrlConfig", "iam:AttachRolePolicy"}


def test_the_boundary_allows_three_things_and_nothing_else(aws):
    rights = of_managed(aws, "appguard-app-boundary")
    assert {right.action for right in rights} == {
        "execute-api:Invoke",
        "secretsmanager:GetSecretValue",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    for right in rights:
        match right.action:
            case "execute-api:Invoke":
                assert right.resource.endswith("/*/POST/connectors/*")
            case "secretsmanager:GetSecretValue":
                assert right.resource.endswith(":secret:appguard/apps/*")
            case _:
                assert right.resource.endswith(":log-group:/aws/lambda/appguard-app-*:*")


def test_functions_write_their_own_logs_and_no_others(aws):
    for function in FUNCTIONS:
        logs = {r.resource for r in of_function(aws, function.name) if r.action == "logs:PutLogEvents"}
        assert logs == {f"<{aws.functions()[function.name]['LoggingConfig']['LogGroup']['Ref']}.Arn>"}


def test_a_comparison_of_policies_reads_and_leaves_its_result_and_does_nothing_else(aws):
    assert who_may(aws, "s3:PutObject", "/comparisons/*") == {
        "appguard-policy-compare",
        "appguard-portal-serve",
    }
    rights = of_function(aws, "appguard-policy-compare")
    changes = {r.action for r in rights if r.action in WRITE or r.action.startswith(("s3:Put", "lambda:"))}
    assert changes == {"s3:PutObject"}


def test_who_calls_whom(aws):
    callers = {
        name: {r.resource for r in rights if r.action == "lambda:InvokeFunction"}
        for name, rights in by_function(aws).items()
    }
    found = {name: resources for name, resources in callers.items() if resources}
    gates = {"appguard-gates-tests", "appguard-gates-contracts"}
    others = {"appguard-portal-serve", "appguard-provisioning-smoke-test", "appguard-audit-cosign"}
    assert set(found) == others | gates
    assert all(
        resource.startswith(
            ("<Sandbox", "<PolicyCompare", "<PackagesFetch", "<Privacy", "<ReportsMake", "<AuditSearch")
        )
        for resource in found["appguard-portal-serve"]
    )
    for gate in gates:
        [resource] = found[gate]
        assert resource.startswith("<SandboxTests")
    assert all(
        resource.endswith(":function:appguard-app-*")
        for resource in found["appguard-provisioning-smoke-test"]
    )


def test_only_the_broker_counts_rows_and_it_can_remove_no_counter(aws):
    assert who_may(aws, "dynamodb:UpdateItem", "BudgetsTable") == {"appguard-connectors-serve"}
    for action in ("PutItem", "DeleteItem", "GetItem", "Query"):
        assert who_may(aws, f"dynamodb:{action}", "BudgetsTable") == set()
