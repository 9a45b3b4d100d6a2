"""cdk-nag's AwsSolutions pack as part of every synthesis for AWS, with the findings we accept and why.

cdk-nag 3 can acknowledge only one exact finding at a time, and IAM5 makes a finding of every name
pattern. So patterns are accepted here, in one table, each with its reason; a finding outside the
table fails the synthesis, and so does a line of the table that no longer accepts anything.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import jsii
from aws_cdk import (
    App,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)
from cdk_nag import AwsSolutionsChecks


@dataclass(frozen=True)
class Accepted:
    """Findings of `rule` (a regular expression) on constructs at `at` (another one), and why they stand."""

    rule: str
    at: str
    reason: str

    def covers(self, rule: str, path: str) -> bool:
        """Whether this line speaks of that finding."""
        return bool(re.fullmatch(self.rule, rule) and re.search(self.at, path))


def _wildcard(resource: str) -> str:
    """The IAM5 findings about a resource whose ARN ends so."""
    return rf"AwsSolutions-IAM5\[Resource::.*{resource}\]"


APP = "appguard-app-"
ACCEPTED = (
    Accepted(
        "AwsSolutions-L1",
        "^appguard-(platform|witness)/",
        "Wheels are locked and tested for python3.13; moving to a newer Python is a release of its own.",
    ),
    Accepted(
        "AwsSolutions-APIG4",
        "^appguard-platform/PortalApi/",
        "People sign in on the portal itself (OIDC with PKCE), whose sign-in page must be reachable before; "
        "submissions carry their CI run's identity token and Slack's requests a signature, which their "
        "functions verify.",
    ),
    Accepted(
        "AwsSolutions-DDB3",
        "^appguard-data/Subjects/",
        "Forgetting a person deletes their key; a point-in-time copy would outlive the forgetting.",
    ),
    Accepted(
        "AwsSolutions-SQS3",
        "/DeadLetters/Queue/",
        "It is the dead-letter queue of the rules, schedules and streams.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::\*\]",
        "^appguard-(platform|witness)/(Telemetry|GatesDependencies|PortalServe)/",
        "X-Ray and, where it is chosen, Inspector's ScanSbom know no resources: they take only a star.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::\*\]",
        "^appguard-platform/Review/Role/",
        "Log delivery of state machines knows no resources: its actions take only a star.",
    ),
    Accepted(
        r"AwsSolutions-IAM5\[Resource::\*\]",
        "^appguard-platform/AppStacks/Role/",
        "secretsmanager:GetRandomPassword knows no resources; it reads and changes nothing.",
    ),
    Accepted(
        _wildcard("/connectors/\\*"),
        "^appguard-platform/AppStacks/Boundary/",
        "The boundary spans all apps; each app's own role names the connectors it was granted.",
    ),
    Accepted(
        _wildcard(f":(secret:appguard/apps/|role/{APP}|function:{APP}|stack/{APP}|alarm:{APP})\\*(/\\*)?"),
        "^appguard-platform/",
        "Micro apps come and go: whoever builds them is limited to names that begin as theirs do.",
    ),
    Accepted(
        _wildcard(f":log-group:/aws/lambda/{APP}\\*(:\\*)?"),
        "^appguard-platform/AppStacks/",
        "The log groups of micro apps, by the beginning of their names.",
    ),
    Accepted(
        _wildcard(":log-group:\\*"),
        "^appguard-platform/AppStacks/Role/",
        "logs:DescribeLogGroups lists, and so is authorised on the account's log groups only.",
    ),
    Accepted(
        _wildcard(":layer:appguard-\\*"),
        "^appguard-platform/AppStacks/Role/",
        "Versions of our own layers, which change with every release.",
    ),
    Accepted(
        _wildcard("/(integrations|routes)/\\*"),
        "^appguard-platform/AppStacks/Role/",
        "API Gateway chooses the ids of a micro app's routes; they are bound to the one API of the apps.",
    ),
    Accepted(
        _wildcard(":execution:appguard-review:\\*"),
        "^appguard-platform/(Approvals(Ask|Notify)|PortalServe|SubmissionsReceive)/",
        "Executions of the one state machine, named by the reviews they run.",
    ),
    Accepted(
        _wildcard(":secret:appguard/(connectors|logins)/\\*"),
        "^appguard-platform/(ConnectorsServe|SecretsKeep)/",
        "Connectors are added as files and apps come and go: their secrets share prefixes of their own.",
    ),
    Accepted(
        _wildcard(":dbuser:\\*/appguard_\\*_a"),
        "^appguard-platform/ConnectorsServe/",
        "Databases are named in secrets and the roles of apps come and go; it signs in as no other role.",
    ),
    Accepted(
        _wildcard(":secret:appguard/administrators/\\*"),
        "^appguard-platform/SecretsKeep/",
        "Likewise; no other function may read or change them.",
    ),
    Accepted(
        _wildcard("(Bucket[0-9A-F]{8}Arn[0-9A-F]{8}/appguard-|:s3:::)[A-Za-z0-9_.=/-]*\\*"),
        "^appguard-platform/(ConnectorsServe|SiemLake)/",
        "Objects of a data lake and of query results, under the prefixes the connectors' files name, and of"
        " the lake of security events, under the names of its sources.",
    ),
    Accepted(
        _wildcard("Bucket[0-9A-F]{8}Arn[0-9A-F]{8}/([a-z0-9]+/)*\\*(/[a-z]+\\.json)?"),
        "^appguard-platform/",
        "Objects are addressed by digest under the named prefix of one bucket.",
    ),
)


@jsii.implements(IPolicyValidationPlugin)
class Nag:
    """The AwsSolutions pack, less what is accepted."""

    def __init__(self, app: App, *, whole: bool = True) -> None:
        """Where the app is not `whole` but a witness alone, most of the table finds nothing to accept."""
        self._app, self._pack, self._whole = app, AwsSolutionsChecks(verbose=True), whole

    @property
    def name(self) -> str:
        return "cdk-nag"

    @property
    def version(self) -> str:
        return "3.0.2"

    @property
    def rule_ids(self) -> list[str]:
        return []

    def validate(self, _context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """What a reviewer still has to see."""
        found = [
            (violation, resource)
            for violation in self._pack.validate_scope(self._app).violations
            for resource in violation.violating_resources
        ]
        open_ = [
            _single(violation, resource)
            for violation, resource in found
            if not any(line.covers(violation.rule_name, str(resource.construct_path)) for line in ACCEPTED)
        ]
        if self._whole:
            open_ += _unused(
                [(violation.rule_name, str(resource.construct_path)) for violation, resource in found]
            )
        return PolicyValidationPluginReport(success=not open_, violations=open_)


def _single(violation: PolicyViolation, resource: PolicyViolatingResource) -> PolicyViolation:
    return PolicyViolation(
        rule_name=violation.rule_name, description=violation.description, violating_resources=[resource]
    )


def _unused(found: Sequence[tuple[str, str]]) -> list[PolicyViolation]:
    """Lines of the table that accept nothing any more."""
    return [
        PolicyViolation(
            rule_name="appguard-unused-acceptance",
            description=f"{line.rule} at {line.at} is accepted but found no more: remove it",
            violating_resources=[PolicyViolatingResource(locations=[], construct_path="infra/nag.py")],
        )
        for line in ACCEPTED
        if not any(line.covers(rule, path) for rule, path in found)
    ]
