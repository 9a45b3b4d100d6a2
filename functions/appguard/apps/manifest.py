"""Manifest v1: what a requester writes in `app.yaml`."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, ValidationError, model_validator

from appguard.apps.manifest_problems import explain
from appguard.apps.yaml_source import ManifestError, load
from appguard.kernel.event import RetentionClass
from appguard.kernel.ids import AppId, ConnectorName
from appguard.kernel.levels import DataClass, Level
from appguard.runtime.pages import Label, Name, Page, PageId, Part, Text

Email = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
QueryKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}/[a-z][a-z0-9_]{0,39}$")]
IamAction = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+:[A-Za-z0-9*]+$", max_length=128)]


class Audience(Level):
    """Who may open the app, the smallest circle first."""

    TEAM = "team"
    EMPLOYEES = "employees"
    PARTNERS = "partners"
    PUBLIC = "public"


class Criticality(StrEnum):
    """What it costs the business when the app is down."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Metadata(Part):
    """Who and what."""

    id: AppId = Field(description="Short name; part of the address of the app.")
    name: Label = Field(description="The name people see.")
    description: Text = Field(description="One or two sentences on what the app does.")
    owner: Email = Field(description="E-mail of the person who answers for the app.")
    team: Label = Field(description="The owner's team, for cost and escalation.")
    template: str | None = Field(
        default=None, pattern=r"^[a-z][a-z0-9-]*@[0-9]+$", description="Template and version it started from."
    )


class Intent(Part):
    """The one-page form: why, for whom, with what data."""

    purpose: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=1000)] = Field(
        description="What it is for, and what happens today without it; reviewers read this first."
    )
    users: Audience = Field(description="Who may open the app; the smallest circle that does the job.")
    data_class: DataClass = Field(description="The most sensitive data the app is meant to touch.")
    criticality: Criticality = Field(
        default=Criticality.LOW, description="How much it hurts when the app is down."
    )


class ConnectorUse(Part):
    """The queries and commands of one connector that the app asks for."""

    name: ConnectorName = Field(description="An approved connector, e.g. hr-db.")
    queries: tuple[Name, ...] = Field(
        default=(), max_length=50, description="What the app reads; only what a page uses."
    )
    commands: tuple[Name, ...] = Field(
        default=(), max_length=50, description="What the app writes; only what a page uses."
    )


class RuntimeLimits(Part):
    """What the app's own function gets; more than the defaults is a question for the reviewer."""

    memory_mb: int = Field(default=256, ge=128, le=1024, description="Memory of the app's function in MB.")
    timeout_seconds: int = Field(default=10, ge=3, le=60, description="Longest time one request may take.")
    concurrency: int = Field(default=5, ge=1, le=50, description="How many requests run at the same time.")
    permissions: tuple[IamAction, ...] = Field(
        default=(), max_length=20, description="AWS actions beyond the connector API; normally none."
    )
    egress: tuple[Host, ...] = Field(
        default=(), max_length=20, description="Hosts outside the company the app must reach; normally none."
    )


class LifecycleRules(Part):
    """When the app is asked whether it is still needed, and how long its evidence is kept."""

    retire_after_months: int = Field(
        default=6, ge=1, le=24, description="Months until the owner is asked whether it is still needed."
    )
    idle_after_days: int = Field(
        default=60, ge=7, le=365, description="Days without use after which the app is paused."
    )
    retention: RetentionClass = Field(
        default=RetentionClass.THREE_YEARS, description="How long the evidence about the app is kept."
    )


class ExampleTest(Part):
    """An example the form must satisfy: given these values, expect these parameters or these errors."""

    name: Label = Field(description="What the example shows, in a few words.")
    page: PageId = Field(description="The id of the form it fills in.")
    given: dict[Name, JsonValue] = Field(
        default_factory=dict, max_length=100, description="The values a person would enter, by field name."
    )
    rows: dict[QueryKey, tuple[dict[Name, JsonValue], ...]] = Field(
        default_factory=dict,
        max_length=20,
        description="What queries answer to the app's code, e.g. hr-db/my_leave_balance; else made-up rows.",
    )
    expect: "Expectation" = Field(description="What must come of it.")


class Expectation(Part):
    """Either the parameters the mapping yields, or the fields that are refused."""

    params: dict[Name, JsonValue] | None = Field(
        default=None, description="The parameters the command is sent with."
    )
    errors: tuple[Name, ...] | None = Field(default=None, description="The fields that are refused.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.params is None) == (self.errors is None):
            raise ValueError("give either params or errors")
        return self


class Manifest(Part):
    """A micro app, wholly described."""

    apiVersion: Literal["appguard/v1"] = Field(  # noqa: N815 - as it stands in the file, Kubernetes style
        description="Which version of this language the file is written in."
    )
    kind: Literal["MicroApp"] = Field(description="What the file describes.")
    metadata: Metadata = Field(description="Name, owner and team.")
    intent: Intent = Field(description="Why, for whom, with what data.")
    connectors: tuple[ConnectorUse, ...] = Field(
        default=(), max_length=10, description="The data it asks for, connector by connector."
    )
    pages: tuple[Page, ...] = Field(min_length=1, max_length=20, description="What people see.")
    runtime: RuntimeLimits = Field(
        default=RuntimeLimits(), description="What its own function gets; rarely needed."
    )
    lifecycle: LifecycleRules = Field(
        default=LifecycleRules(), description="How long it lives, and its evidence with it."
    )
    tests: tuple[ExampleTest, ...] = Field(
        default=(), max_length=100, description="Examples that must hold; one for each form at least."
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        for what, names in (
            ("page ids", [page.id for page in self.pages]),
            ("connectors", [str(use.name) for use in self.connectors]),
        ):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{what} must differ; used twice: {', '.join(twice)}")
        return self


def parse(text: bytes) -> Manifest:
    """Read `app.yaml`. Raises `ManifestError` listing every problem with line, column and a suggestion."""
    document = load(text)
    try:
        return Manifest.model_validate(document.value)
    except ValidationError as error:
        raise ManifestError(explain(error, document, json_schema())) from None


def json_schema() -> dict[str, JsonValue]:
    """The published JSON Schema (draft 2020-12) of manifest v1."""
    schema = Manifest.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "AppGuard micro app v1",
    } | schema
