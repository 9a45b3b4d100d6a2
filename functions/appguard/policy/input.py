"""What the policies are asked about: the facts of one app, computed once, none of them optional.

Rego denies nothing when an operand is missing, so no field here has a default: a document
that lacks one is refused before any rule runs. Only facts a rule may need are sent, which
also keeps an evaluation well under a millisecond.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from appguard.apps.manifest import Audience, Criticality
from appguard.connectors.model import ConnectorState
from appguard.kernel.event import RetentionClass
from appguard.kernel.levels import DataClass, RiskTier
from appguard.policy.hosts import HostKind

Word = Annotated[str, StringConstraints(pattern=r'^[^"\\\x00-\x1f\x7f]*$', max_length=512)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""Within 32 bits: regopy cuts what is longer, and 2**32 + 6 months would be six."""


class _Facts(BaseModel):
    """Base of everything sent to the policies."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class IntentFacts(_Facts):
    """What the requester declared."""

    purpose_words: Count
    users: Audience
    data_class: DataClass
    criticality: Criticality


class RuntimeFacts(_Facts):
    """What the app's own function asks for."""

    memory_mb: Count
    timeout_seconds: Count
    concurrency: Count


class LifecycleFacts(_Facts):
    """How long the app and its evidence live."""

    retire_after_months: Count
    idle_after_days: Count
    retention: RetentionClass


class PageFacts(_Facts):
    """One page: `operation` is the query it shows or the command it sends."""

    id: Word
    type: Literal["form", "table"]
    has_help: bool
    connector: Word
    operation: Word
    export: bool
    path: Word


class ManifestFacts(_Facts):
    """The manifest without its wording."""

    id: Word
    owner: Word
    template: Word | None
    intent: IntentFacts
    runtime: RuntimeFacts
    lifecycle: LifecycleFacts
    pages: tuple[PageFacts, ...]
    tests: Count


class ConnectorFacts(_Facts):
    """A known connector the app asks for."""

    name: Word
    state: ConnectorState
    owner: Word
    path: Word


class TouchedColumn(_Facts):
    """A column of a query."""

    name: Word
    class_: DataClass = Field(alias="class")


class TouchedQuery(_Facts):
    """A query the app may ask, with what it answers."""

    connector: Word
    name: Word
    path: Word
    columns: tuple[TouchedColumn, ...]


class TouchedCommand(_Facts):
    """A command the app may send, with the most sensitive class it writes."""

    connector: Word
    name: Word
    class_: DataClass = Field(alias="class")
    path: Word


class Permission(_Facts):
    """An AWS action the app asks for, e.g. `s3:GetObject`, in its two halves and in lower case."""

    action: Word
    service: Word
    operation: Word


class Egress(_Facts):
    """A host the app asks to reach, and what kind of host that is."""

    host: Word
    kind: HostKind


class RiskFacts(_Facts):
    """The computed tier."""

    tier: RiskTier
    reasons: tuple[Word, ...]


class PolicyInput(_Facts):
    """The whole input document; `input` in every rule."""

    schema_: Literal["appguard.policy-input/v1"] = Field(alias="schema")
    manifest: ManifestFacts
    connectors: tuple[ConnectorFacts, ...]
    touched_queries: tuple[TouchedQuery, ...]
    touched_commands: tuple[TouchedCommand, ...]
    permissions: tuple[Permission, ...]
    egress: tuple[Egress, ...]
    risk: RiskFacts
