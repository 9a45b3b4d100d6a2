"""From groups to roles, and from roles to what they may: who may come in where."""

from collections.abc import Iterable, Iterator, Set
from enum import StrEnum
from functools import cache
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from appguard.kernel.event import Role
from appguard.kernel.files import policies_dir
from appguard.kernel.person import Person


class Permission(StrEnum):
    """What `policies/roles.yaml` can let a role do. What is one's own needs none but the last two."""

    READ_ANY = "read_any"
    EDIT_ANY = "edit_any"
    RECERTIFY_ANY = "recertify_any"
    SUSPEND_ANY = "suspend_any"
    RETIRE_ANY = "retire_any"
    TRANSFER_ANY = "transfer_any"
    LOCK_ANY = "lock_any"
    RELEASE_ANY = "release_any"
    DECIDE = "decide"
    OVERSEE = "oversee"
    REVOKE = "revoke"
    ANSWER = "answer"
    LEND = "lend"
    SEE_SECRETS = "see_secrets"
    SEARCH = "search"
    EXAMINE = "examine"
    STEER = "steer"
    BUILD = "build"
    USE = "use"


class Holders(Set[Role]):
    """The roles that hold one of some permissions. The policy file is read when somebody looks inside."""

    def __init__(self, *permissions: Permission) -> None:
        """Whoever may do any of these."""
        self._permissions = frozenset(permissions)

    def __contains__(self, role: object) -> bool:
        return role in self._roles

    def __iter__(self) -> Iterator[Role]:
        return iter(self._roles)

    def __len__(self) -> int:
        return len(self._roles)

    def __or__(self, other: Iterable[object]) -> Set[Role]:
        """Whoever is in either; of two of this kind without looking inside."""
        if isinstance(other, Holders):
            return Holders(*self._permissions, *other._permissions)
        return self._roles.union(role for role in other if isinstance(role, Role))

    @classmethod
    def _from_iterable(cls, roles: Iterable[Role]) -> frozenset[Role]:  # type: ignore[override]
        return frozenset(roles)

    @property
    def _roles(self) -> frozenset[Role]:
        return role_map().holding(self._permissions)


EVERYONE = Holders(Permission.USE)
BUILDERS = Holders(Permission.BUILD)
EDITORS = Holders(Permission.BUILD, Permission.EDIT_ANY)
"""May edit something: apps of their own, or any."""
EDITORS_OF_ANY = Holders(Permission.EDIT_ANY)
DECIDERS = Holders(Permission.DECIDE)
STEWARDS = Holders(Permission.STEER)
"""May change the policies in force."""
RECERTIFIERS = Holders(Permission.RECERTIFY_ANY)
SUSPENDERS = Holders(Permission.SUSPEND_ANY)
RETIRERS = Holders(Permission.RETIRE_ANY)
TRANSFERRERS = Holders(Permission.TRANSFER_ANY)
LOCKERS = Holders(Permission.LOCK_ANY)
RELEASERS = Holders(Permission.RELEASE_ANY)
"""These six may act on an app they do not own."""
LENDERS = Holders(Permission.LEND)
"""May say whether a connector is for somebody's app."""
OVERSEERS = Holders(Permission.OVERSEE)
"""May see what was accepted for which app, and until when."""
REVOKERS = Holders(Permission.REVOKE)
"""May take back what was accepted."""
ANSWERERS = Holders(Permission.ANSWER)
"""May learn who saw a person's data."""
KEEPERS = Holders(Permission.SEE_SECRETS)
"""May see which secrets there are and how old they are; nobody sees a secret."""
EXAMINERS = Holders(Permission.EXAMINE)
"""May read compliance reports and have one made."""
SEARCHERS = Holders(Permission.SEARCH)
"""May search the ledger."""
READERS = Holders(Permission.READ_ANY)
"""May read everything about any app."""


class RoleTemplate(BaseModel):
    """One role: what it may in words, its permissions, and the groups that give it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    may: str
    permissions: frozenset[Permission]
    groups: frozenset[str]


class RoleMap(BaseModel):
    """`policies/roles.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: dict[Role, RoleTemplate]

    @model_validator(mode="after")
    def _roles_are_peoples(self) -> Self:
        """A typo must not leave a permission to nobody, nor may a function's role be given to people."""
        held = {permission for role in self.roles.values() for permission in role.permissions}
        if missing := sorted(set(Permission) - held):
            raise ValueError(f"no role holds {', '.join(missing)}")
        if wrong := sorted({Role.APP, Role.SYSTEM} & self.roles.keys()):
            raise ValueError(f"nobody can be {', '.join(wrong)}")
        return self

    def of(self, person: Person) -> frozenset[Role]:
        """Every role one of the person's groups gives."""
        return frozenset(role for role, its in self.roles.items() if its.groups & person.groups)

    def holding(self, permissions: Set[Permission]) -> frozenset[Role]:
        """Every role with at least one of these permissions."""
        return frozenset(role for role, its in self.roles.items() if its.permissions & permissions)


@cache
def role_map() -> RoleMap:
    """The role map of this deployment, read once."""
    import yaml  # noqa: PLC0415 - only a signed-in request needs it, the import of the handler does not

    text = (policies_dir() / "roles.yaml").read_text(encoding="utf-8")
    return RoleMap.model_validate(yaml.safe_load(text))


def roles_of(person: Person) -> frozenset[Role]:
    """The roles of a signed-in person in this deployment."""
    return role_map().of(person)
