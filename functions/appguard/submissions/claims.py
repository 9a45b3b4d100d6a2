"""What the identity tokens of GitHub's and GitLab's CI say, read into one form.

https://docs.github.com/actions/reference/openid-connect-reference and
https://docs.gitlab.com/ci/secrets/id_token_authentication/. Read only from tokens already verified.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from appguard.provenance.model import ForgeKind, GitSource
from appguard.provenance.sources import Forge
from appguard.submissions.errors import CiTokenRefused, NotAPush
from appguard.submissions.model import TOP, Vouched

Path = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$", max_length=400)]

NAMES: Mapping[ForgeKind, Mapping[str, str]] = {
    "github": {
        "path": "repository",
        "ref": "ref",
        "workflow": "workflow_ref",
        "actor": "actor",
        "begun_by": "event_name",
    },
    "gitlab": {
        "path": "project_path",
        "ref": "ref_path",
        "workflow": "ci_config_ref_uri",  # null when the pipeline's definition is not the project's own
        "actor": "user_login",
        "begun_by": "pipeline_source",
    },
}
"""How each Git service calls a fact; `jti`, `sha` and `ref_protected` are called alike."""

SUBMITS: Mapping[ForgeKind, frozenset[str]] = {
    "github": frozenset({"push", "workflow_dispatch"}),
    "gitlab": frozenset({"push", "web"}),
}
"""What may begin a run that submits: not what lets others choose the files. `pull_request_target` runs
with the claims of the protected branch, often over a stranger's files."""


class Claims(BaseModel):
    """The facts of one run."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    jti: str
    sha: str
    ref_protected: bool
    path: Path
    ref: str
    workflow: str
    actor: str
    begun_by: str


def read(forge: Forge, claims: Mapping[str, Any]) -> Vouched:
    """What `forge` vouches for; raises `CiTokenRefused` or `NotAPush`."""
    named = {fact: claims.get(name) for fact, name in NAMES[forge.kind].items()}
    try:
        said = Claims.model_validate({**claims, **named})
        if said.begun_by not in SUBMITS[forge.kind]:
            raise NotAPush(f"this run was begun by {said.begun_by!r:.40}")
        source = GitSource(
            forge=forge.kind,
            repository=f"{forge.address}/{said.path}",
            folder=TOP,
            ref=said.ref,
            ref_protected=said.ref_protected,
            commit=said.sha,
            workflow=said.workflow,
            actor=said.actor,
        )
        person = forge.person(said.actor)
        return Vouched(issuer=forge.issuer, token_id=said.jti, person=person, source=source)
    except ValidationError as error:
        raise CiTokenRefused("The token is not one of a CI run.") from error
