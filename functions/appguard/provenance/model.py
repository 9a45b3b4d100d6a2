"""The statement about a bundle: in-toto Statement v1 with a SLSA v1 provenance predicate.

Field names and nesting are those of https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1;
what stands in the two parameter objects is ours and described in docs/decisions/0010-provenance.md.
"""

from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue, StringConstraints
from pydantic.alias_generators import to_camel

from appguard.kernel.ids import AppId, BundleDigest, PersonId
from appguard.kernel.levels import DataClass, RiskTier
from appguard.kernel.record import Record

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "https://slsa.dev/provenance/v1"
BUILD_TYPE: Final = "https://appguard.dev/provenance/bundle/v1"
BUILDER: Final = "https://appguard.dev/provenance/review/v1"

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Commit = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
ForgeKind = Literal["github", "gitlab"]


class Part(Record):
    """A part of the statement: camelCase on paper, snake_case in code, nothing it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class DigestSet(Part):
    """The digest of some content."""

    sha256: Sha256


class CommitSet(Part):
    """What in-toto calls the digest of a Git commit."""

    git_commit: Commit


class Resource(Part):
    """An in-toto ResourceDescriptor."""

    name: str | None = None
    uri: str | None = None
    digest: DigestSet | CommitSet | None = None
    media_type: str | None = None
    annotations: dict[str, JsonValue] | None = None


class Subject(Part):
    """What the statement is about: a name and its digest, both needed."""

    name: str = Field(min_length=1)
    digest: DigestSet


class PortalSource(Part):
    """Written in the portal: `draft` is the immutable version that was submitted."""

    kind: Literal["portal"] = "portal"
    draft: BundleDigest


class GitSource(Part):
    """Submitted from a Git repository by its CI, as its Git service vouches; `folder` is what the CI says.

    `actor` is a login of that service: whose push or click began the workflow, not who wrote the commit.
    """

    kind: Literal["git"] = "git"
    forge: ForgeKind
    repository: str = Field(pattern=r"^https://[^\s@?#]+$", max_length=500)
    folder: str = Field(min_length=1, max_length=200)
    ref: str = Field(pattern=r"^refs/(heads|tags)/[^\s]+$", max_length=250)
    ref_protected: bool
    commit: Commit
    workflow: str = Field(min_length=1, max_length=500)
    actor: str = Field(pattern=r"^[^\s\x00-\x1f\x7f]{1,100}$")

    @property
    def place(self) -> tuple[str, str, bool]:
        """What its protection depends on."""
        return self.repository, self.ref, self.ref_protected

    @property
    def login(self) -> str:
        """The login with its Git service: `github.com/octocat`."""
        host = self.repository.removeprefix("https://").partition("/")[0]
        return f"{host}/{self.actor}"

    @property
    def commit_url(self) -> str:
        """Where a person can look at the commit."""
        return f"{self.repository}{'/-' if self.forge == 'gitlab' else ''}/commit/{self.commit}"


Source = Annotated[PortalSource | GitSource, Field(discriminator="kind")]


class ExternalParameters(Part):
    """What came from outside, and so has to be checked by whoever relies on the statement."""

    app_id: AppId
    requester: PersonId
    source: Source


class InternalParameters(Part):
    """What the platform found and decided: by a person, or resting on an earlier approval, or by itself."""

    tier: RiskTier
    classes: tuple[DataClass, ...]
    attempt: int = Field(ge=1)
    decided_by: PersonId | None = None
    rests_on: str | None = None


class BuildDefinition(Part):
    """From what, and how."""

    build_type: Literal["https://appguard.dev/provenance/bundle/v1"] = BUILD_TYPE
    external_parameters: ExternalParameters
    internal_parameters: InternalParameters
    resolved_dependencies: tuple[Resource, ...]


class Builder(Part):
    """Who vouches."""

    id: Literal["https://appguard.dev/provenance/review/v1"] = BUILDER


class Metadata(Part):
    """Which run of the review, from submission to approval."""

    invocation_id: str = Field(pattern=r"^rev-[0-9a-f]{24}(-[0-9]+)?$")
    started_on: AwareDatetime
    finished_on: AwareDatetime


class RunDetails(Part):
    """By whom, when, and what else the run left behind."""

    builder: Builder = Builder()
    metadata: Metadata
    byproducts: tuple[Resource, ...]


class Provenance(Part):
    """The predicate."""

    build_definition: BuildDefinition
    run_details: RunDetails


class Statement(Part):
    """The whole of what is signed."""

    type_: Literal["https://in-toto.io/Statement/v1"] = Field(default=STATEMENT_TYPE, alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1)
    predicate_type: Literal["https://slsa.dev/provenance/v1"] = PREDICATE_TYPE
    predicate: Provenance

    @property
    def app_id(self) -> AppId:
        """The app it speaks of."""
        return self.predicate.build_definition.external_parameters.app_id

    @property
    def source(self) -> PortalSource | GitSource:
        """Where the bundle came from."""
        return self.predicate.build_definition.external_parameters.source

    @property
    def run(self) -> str:
        """The review's run it stems from."""
        return self.predicate.run_details.metadata.invocation_id
