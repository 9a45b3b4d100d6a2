"""Where bundles come from: which Git services are believed, and which sources are protected.

A source is protected when nobody, its author included, changes what was submitted unseen. The portal
is: people sign in, each saved draft is a new immutable version, and the version submitted is named by
digest. A ref of a Git repository is when `policies/sources.yaml` lists it and the Git service says so too.
"""

from collections.abc import Collection
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from pydantic import Field

from appguard.apps.yaml_model import yaml_model
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import PersonId
from appguard.kernel.levels import DataClass
from appguard.kernel.record import Record
from appguard.provenance.errors import SourceNotProtected
from appguard.provenance.model import ForgeKind, GitSource, PortalSource, Statement
from appguard.provenance.settings import SourceSettings

FILE = "sources.yaml"
FROM = DataClass.PERSONAL


class Forge(Record):
    """A Git service whose CI may submit: who signs its tokens, and where its repositories are.

    `people` says which of its logins is which person, as the identity provider names them.
    """

    kind: ForgeKind
    issuer: str = Field(pattern=r"^https?://[^\s@?#]+$")
    address: str = Field(pattern=r"^https://[^\s@?#]+[^/\s@?#]$")
    people: dict[str, PersonId] = Field(default_factory=dict)

    def person(self, login: str) -> PersonId | None:
        """Whose login it is, whatever its case; None where nobody has said."""
        return next((who for name, who in self.people.items() if name.casefold() == login.casefold()), None)

    @property
    def host(self) -> str:
        """Where it is, as logins are recorded with it."""
        return self.address.removeprefix("https://").partition("/")[0]

    def logins_of(self, person: PersonId) -> frozenset[str]:
        """The logins listed for a person: `github.com/octocat`."""
        return frozenset(f"{self.host}/{name}" for name, who in self.people.items() if who == person)

    def is_unlisted(self, recorded: str) -> bool:
        """Whether this is a login here of which nobody has said whose it is."""
        host, _, login = recorded.partition("/")
        return host == self.host and bool(login) and self.person(login) is None


class Repository(Record):
    """A protected repository: its address, and the refs whose history cannot be rewritten."""

    url: str = Field(pattern=r"^https://[^\s@?#]+$")
    refs: tuple[str, ...] = Field(min_length=1)


class Sources(Record):
    """`policies/sources.yaml`."""

    forges: tuple[Forge, ...] = ()
    repositories: tuple[Repository, ...] = ()

    @classmethod
    def read(cls, file: Path) -> "Sources":
        """The file's content; raises `Misconfigured`: without it nobody knows what is protected."""
        return yaml_model(file, cls, "does not say which sources are protected")

    def logins_of(self, person: PersonId) -> frozenset[str]:
        """Every login listed for a person, at whichever Git service."""
        return frozenset[str]().union(*(forge.logins_of(person) for forge in self.forges))

    def protected(self, source: PortalSource | GitSource) -> bool:
        """Whether what came from there is what its author meant to send."""
        if isinstance(source, PortalSource):
            return True
        return source.ref_protected and any(
            fnmatchcase(source.ref, ref) for ref in self.protected_refs(source.repository)
        )

    def protected_refs(self, repository: str) -> tuple[str, ...]:
        """The refs of a repository that are listed, as they are written there."""
        return tuple(ref for known in self.repositories if known.url == repository for ref in known.refs)

    def objection(self, source: PortalSource | GitSource, classes: Collection[DataClass]) -> str | None:
        """Why data of these classes may not come from there, or None."""
        highest = max(classes, default=DataClass.PUBLIC)
        if highest < FROM or isinstance(source, PortalSource) or self.protected(source):
            return None
        why = (
            "policies/sources.yaml does not list as protected"
            if source.ref_protected
            else "its Git service does not protect"
        )
        where = f"{source.ref} of {source.repository}"
        return f"It touches {highest.value} data and comes from {where}, which {why}."

    def require(self, statement: Statement, classes: Collection[DataClass]) -> None:
        """Apps that touch personal data, or worse, come from a protected source.

        Together with our builder's signature this is SLSA build level 2. Raises `SourceNotProtected`.
        """
        if objection := self.objection(statement.source, classes):
            raise SourceNotProtected(objection)


@cache
def sources() -> Sources:
    """What this deployment believes and holds for protected."""
    file = SourceSettings.from_env().file
    return Sources.read(Path(file) if file else policies_dir() / FILE)
