"""Which sources are protected: nobody, their author included, changes what was submitted unseen.

The portal is: people sign in, each saved draft is a new immutable version, and the version submitted
is named by digest. A Git repository is when the platform team says so in `policies/sources.yaml`.
"""

from collections.abc import Collection
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pydantic import Field, ValidationError

from appguard.apps.yaml_source import ManifestError, load
from appguard.kernel.errors import Misconfigured
from appguard.kernel.files import policies_dir
from appguard.kernel.levels import DataClass
from appguard.kernel.record import Record
from appguard.provenance.errors import SourceNotProtected
from appguard.provenance.model import GitSource, PortalSource, Statement

FILE = "sources.yaml"
FROM = DataClass.PERSONAL


class Repository(Record):
    """A protected repository: its address, and the refs whose history cannot be rewritten."""

    url: str = Field(pattern=r"^https://[^\s@?#]+$")
    refs: tuple[str, ...] = Field(min_length=1)


class Sources(Record):
    """`policies/sources.yaml`."""

    repositories: tuple[Repository, ...] = ()

    @classmethod
    def read(cls, file: Path) -> "Sources":
        """The file's content; raises `Misconfigured`: without it nobody knows what is protected."""
        try:
            return cls.model_validate(load(file.read_bytes()).value)
        except (OSError, ManifestError, ValidationError) as error:
            raise Misconfigured(f"{file.name} does not say which sources are protected: {error}") from None

    def protected(self, source: PortalSource | GitSource) -> bool:
        """Whether what came from there is what its author meant to send."""
        if isinstance(source, PortalSource):
            return True
        return any(
            source.repository == known.url and any(fnmatchcase(source.ref, ref) for ref in known.refs)
            for known in self.repositories
        )

    def require(self, statement: Statement, classes: Collection[DataClass]) -> None:
        """Apps that touch personal data, or worse, come from a protected source.

        Together with our builder's signature this is SLSA build level 2. Raises `SourceNotProtected`.
        """
        highest = max(classes, default=DataClass.PUBLIC)
        if highest >= FROM and not self.protected(statement.source):
            raise SourceNotProtected(
                f"{statement.app_id} touches {highest.value} data and its source is not protected"
            )


@cache
def sources() -> Sources:
    """The protected sources of this deployment."""
    return Sources.read(policies_dir() / FILE)
