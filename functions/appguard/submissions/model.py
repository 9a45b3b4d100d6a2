"""What a submission from Git rests on: the owner's link, and what the Git service vouches for."""

from typing import Annotated, Self

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from appguard.apps.bundle_rules import BundleError, check_path
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId, PersonId
from appguard.kernel.record import Record
from appguard.provenance.model import GitSource

TOP = "."


def plain_folder(said: str) -> str:
    """A folder seen from the top of its repository, which itself is `.`; raises `ValueError`."""
    folder = said.strip().removeprefix("./").strip("/")
    if folder in ("", TOP):
        return TOP
    if folder != folder.strip():
        raise ValueError("a folder's name does not begin or end in a space")
    try:
        check_path(folder)
    except BundleError as error:
        raise ValueError(error.message) from None
    return folder


def plain_repository(said: str) -> str:
    """A repository's address as its Git service writes it, without what people copy along."""
    return said.strip().removesuffix("/").removesuffix(".git")


Folder = Annotated[str, AfterValidator(plain_folder)]
RepositoryUrl = Annotated[
    str,
    StringConstraints(max_length=500),
    AfterValidator(plain_repository),
    StringConstraints(pattern=r"^https://[A-Za-z0-9.:-]+(/[A-Za-z0-9_.-]+){2,20}$"),
]


class Link(Record):
    """From where an app may be submitted besides the portal: its owner's word, until they take it back."""

    app_id: AppId
    repository: RepositoryUrl
    folder: Folder
    linked_by: PersonId
    linked_at: AwareDatetime

    def covers(self, source: GitSource) -> bool:
        """Whether `source` is what was linked; Git services fold the case of addresses, not of folders."""
        return (source.repository.casefold(), source.folder) == (self.repository.casefold(), self.folder)


class Vouched(Record):
    """What a Git service says of one run of its CI, and whose login began it, where that is known."""

    issuer: str
    token_id: str = Field(min_length=1, max_length=255)
    person: PersonId | None
    source: GitSource

    def within(self, folder: str) -> Self:
        """The same, about one folder of the repository."""
        return self.model_copy(update={"source": self.source.model_copy(update={"folder": folder})})

    @property
    def actor(self) -> Actor:
        """The person, or else the login with its Git service."""
        return Actor(id=self.person or self.source.login, role=Role.REQUESTER)
