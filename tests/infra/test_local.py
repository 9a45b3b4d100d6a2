"""The local target is the same app, less what infra/target.py lists."""

from infra.target import REFUSED_LOCALLY, UNKNOWN_LOCALLY
from tests.infra.assembly import text

# A laptop's platform fetches no advisories by itself, and the emulator has no trails.
ON_AWS_ONLY = ("PackagesSyncInvocations", "PackagesSyncSchedule", "AccessTrail")


def test_both_targets_have_the_same_resources(aws, local):
    def shape(assembly):
        return sorted(
            (resource["Type"], name.rstrip("0123456789abcdef") if "Layer" in name else name)
            for name, resource in assembly.all_resources()
            if resource["Type"]
            not in {"AWS::CDK::Metadata", "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"}
            and not name.startswith(ON_AWS_ONLY)
        )

    assert shape(aws) == shape(local)


def test_nothing_the_emulators_cloudformation_refuses_is_used(local):
    used = {resource["Type"] for _, resource in local.all_resources()}
    assert not used & set(REFUSED_LOCALLY)


def test_conditions_the_emulator_cannot_judge_are_on_aws_only(aws, local):
    for key in UNKNOWN_LOCALLY:
        assert key in _policies(aws)
        assert key not in _policies(local).replace(_policies_of_role(local, "AppStacksRole"), "")


def _policies(assembly):
    return "".join(
        str(p["Properties"]["PolicyDocument"]) for p in assembly.resources("AWS::IAM::Policy").values()
    )


def _policies_of_role(assembly, prefix):
    return "".join(
        str(policy["Properties"]["PolicyDocument"])
        for name, policy in assembly.resources("AWS::IAM::Policy").items()
        if name.startswith(prefix)
    )


def test_connectors_are_reached_by_path_where_host_names_do_not_resolve(local):
    url = local.templates["appguard-platform"]["Outputs"]["ConnectorsUrl"]["Value"]
    assert text(url).startswith("http://127.0.0.1:4566/_aws/execute-api/<ConnectorsApi")


def test_the_harness_finds_what_it_needs_in_the_outputs(local):
    outputs = {name for template in local.templates.values() for name in template["Outputs"]}
    assert outputs >= {
        "PortalApiId",
        "AppsApiId",
        "ConnectorsApiId",
        "CatalogTable",
        "OutboxTable",
        "LedgerBucket",
        "LedgerKeyArn",
        "StateMachineArn",
    }
