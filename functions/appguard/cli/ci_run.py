"""The CI run this command is part of: what identity it has, and where in the repository it works.

No secret is kept anywhere: GitHub hands a token to whoever holds the run's own request token, GitLab
puts one into a variable that the job's `id_tokens` names.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from appguard.cli.web import ask
from appguard.kernel.errors import Invalid, Unauthenticated

GITLAB_TOKEN = "APPGUARD_ID_TOKEN"  # noqa: S105 - the name of a variable


class NoIdentity(Unauthenticated):
    """There is no CI run here, or it was not given an identity."""

    code = "no_ci_identity"
    remediation = (
        "On GitHub give the job `permissions: id-token: write`; on GitLab an `id_tokens` entry named "
        f"{GITLAB_TOKEN} whose aud is the portal's address. From a laptop, submit in the portal."
    )


@dataclass(frozen=True)
class CiRun:
    """A run of GitHub's or GitLab's CI, by its environment."""

    environment: Mapping[str, str]

    @classmethod
    def here(cls) -> "CiRun":
        """The run this process is part of."""
        return cls(os.environ)

    def token(self, audience: str) -> str:
        """An identity token for `audience`; raises `NoIdentity`."""
        if given := self.environment.get(GITLAB_TOKEN):
            return given
        try:
            address = self.environment["ACTIONS_ID_TOKEN_REQUEST_URL"]
            bearer = self.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        except KeyError:
            raise NoIdentity("this is not a CI run with an identity") from None
        said = ask(f"{address}&audience={quote(audience, safe='')}", bearer)
        try:
            return str(json.loads(said)["value"])
        except (ValueError, KeyError, TypeError):
            raise NoIdentity("the CI gave no identity token") from None

    def folder(self, path: Path) -> str:
        """`path` as seen from the top of the repository; raises `Invalid` when it is outside."""
        top = self.environment.get("GITHUB_WORKSPACE") or self.environment.get("CI_PROJECT_DIR") or "."
        try:
            return path.resolve().relative_to(Path(top).resolve()).as_posix()
        except ValueError:
            raise Invalid(
                f"{path} is outside the repository {top}", "Submit a folder of the repository."
            ) from None
