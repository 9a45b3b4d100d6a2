"""A push to a protected branch, and a platform that has listed that branch."""

from appguard.provenance.model import GitSource
from appguard.provenance.sources import Repository, Sources

OURS = "https://github.com/example/leave-request"
LISTED = Sources(repositories=(Repository(url=OURS, refs=("refs/heads/main", "refs/tags/v*")),))


def git(repository: str = OURS, ref: str = "refs/heads/main", *, guarded: bool = True) -> GitSource:
    return GitSource(
        forge="github",
        repository=repository,
        folder=".",
        ref=ref,
        ref_protected=guarded,
        commit="a" * 40,
        workflow="example/leave-request/.github/workflows/check.yml@refs/heads/main",
        actor="octocat",
    )
