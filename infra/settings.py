"""What a deployer chooses: the context of cdk.json, overridden by `-c name=value`."""

from hashlib import sha256
from typing import Literal, Self

from constructs import Node
from pydantic import BaseModel, ConfigDict, Field, model_validator

from appguard.approvals.channels.slack.settings import SLACK
from appguard.packages.settings import PYPI
from appguard.siem.model import DestinationName

KEY_ARN = r"^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/"


class Deployment(BaseModel):
    """One deployment of AppGuard. Addresses left out are those AWS gives the APIs."""

    model_config = ConfigDict(frozen=True)

    target: Literal["aws", "local"] = "aws"
    oidc_issuer: str
    oidc_client_id: str
    mail_from: str
    reviewer_email: str
    auditor_email: str = Field(description="Who is told of compliance reports; several stand with commas.")
    operators_email: str | None = Field(default=None, description="Who is mailed when an alarm rings.")
    package_index_url: str = Field(default=PYPI, description="The company's mirror, where there is one.")
    package_index_secret: str | None = Field(default=None, description="Name of the secret with its login.")
    advisory_source: Literal["osv", "inspector"] = "osv"
    secrets_provider: Literal["aws", "vault"] = "aws"
    vault_address: str = Field(default="", description="Where Vault answers, over https.")
    ledger_origin: str = "appguard/ledger"
    witness_name: str = Field(default="appguard/witness", description="Its name in signature lines.")
    witness_function_arn: str | None = Field(
        default=None,
        pattern=r"^arn:[a-z-]+:lambda:",
        description="The witness in another account; without it one is deployed beside.",
    )
    witness_key_arn: str | None = Field(
        default=None, pattern=KEY_ARN, description="Its key, to check what it signed."
    )
    ledger_key_arn: str | None = Field(
        default=None,
        pattern=KEY_ARN,
        description="Deploy the witness alone, for the ledger whose key this is.",
    )
    portal_url: str | None = None
    apps_url: str | None = None
    connectors_url: str | None = None
    help_contact: str = Field(default="", description="Whom people ask: an e-mail address or an https page.")
    office_hours: str = Field(default="", description="When and where, e.g. Wednesdays 14:00 in room 3.")
    recommend_model: str | None = Field(
        default=None, description="A Bedrock model that may rank templates; none is asked by default."
    )
    siem_splunk_url: str | None = Field(
        default=None, description="Splunk's HTTP Event Collector, e.g. https://splunk.our.company:8088."
    )
    siem_opensearch_url: str | None = Field(default=None, description="An OpenSearch cluster.")
    siem_opensearch_index: str = Field(default="appguard", description="Its index, alias or data stream.")
    siem_lake_bucket: str | None = Field(
        default=None, description="A bucket for Parquet, laid out as Security Lake wants it."
    )
    slack_team_id: str | None = Field(
        default=None, description="The workspace where reviewers are asked and may answer, T…"
    )
    slack_channel: str = Field(
        default="", description="Its channel for requests, C…; without one, reviewers are written to."
    )
    slack_api_url: str = Field(default=SLACK, description="Where Slack's Web API answers; local only.")
    teams: bool = Field(default=False, description="Whether requests are told in a channel of Teams.")
    aws_endpoint: str | None = Field(default=None, description="Where the emulator listens; local only.")
    sources_file: str | None = Field(
        default=None, description="Stands for policies/sources.yaml; local only, where functions see files."
    )

    @model_validator(mode="after")
    def _a_witness_is_its_function_and_its_key(self) -> Self:
        if (self.witness_function_arn is None) != (self.witness_key_arn is None):
            raise ValueError("witness_function_arn and witness_key_arn are given together or not at all")
        return self

    @property
    def witness_account(self) -> str | None:
        """The account of a witness deployed elsewhere."""
        return self.witness_function_arn.split(":")[4] if self.witness_function_arn else None

    @property
    def holds_examples(self) -> bool:
        """Whether an address of `cdk.json` is still the example's."""
        addresses = (self.oidc_issuer, self.mail_from, self.reviewer_email, self.auditor_email)
        return any("example.com" in one for one in addresses)

    @property
    def digest(self) -> str:
        """Names these choices in the ledger without telling them."""
        return "sha256:" + sha256(self.model_dump_json().encode()).hexdigest()

    @property
    def siem(self) -> tuple[DestinationName, ...]:
        """Where events are delivered: nowhere unless it was said where."""
        said = {
            DestinationName.SPLUNK: self.siem_splunk_url,
            DestinationName.OPENSEARCH: self.siem_opensearch_url,
            DestinationName.LAKE: self.siem_lake_bucket,
        }
        return tuple(name for name, where in said.items() if where)

    @property
    def channels(self) -> tuple[str, ...]:
        """Where reviewers are asked besides by mail."""
        said = {"slack": self.slack_team_id, "teams": self.teams}
        return tuple(name for name, chosen in said.items() if chosen)

    @classmethod
    def from_context(cls, node: Node) -> Self:
        """Read the context; a missing word fails the synthesis naming it."""
        found = {name: node.try_get_context(name) for name in cls.model_fields}
        return cls.model_validate({name: value for name, value in found.items() if value is not None})
