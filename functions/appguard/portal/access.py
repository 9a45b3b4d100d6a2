"""From groups to roles: who may come in where."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from appguard.kernel.event import Role
from appguard.kernel.files import policies_dir
from appguard.kernel.person import Person

EVERYONE = frozenset(
    {
        Role.EMPLOYEE,
        Role.REQUESTER,
        Role.REVIEWER,
        Role.SECURITY,
        Role.DATA_OWNER,
        Role.AUDITOR,
        Role.PLATFORM,
    }
)
BUILDERS = frozenset({Role.REQUESTER})
DECIDERS = frozenset({Role.REVIEWER, Role.SECURITY})
APPROVERS = DECIDERS | {Role.DATA_OWNER}
"""May be asked to approve a version; which seat is whose, `approvals` says."""
STEWARDS = frozenset({Role.PLATFORM, Role.SECURITY})
"""May act on an app they do not own."""
OVERSEERS = DECIDERS | STEWARDS | {Role.AUDITOR}
"""May see what was accepted for which app, and until when."""
ANSWERERS = frozenset({Role.DATA_OWNER, Role.AUDITOR, Role.SECURITY})
"""May learn who saw a person's data."""
KEEPERS = STEWARDS | {Role.AUDITOR}
"""May see which secrets there are and how old they are; nobody sees a secret."""
EXAMINERS = frozenset({Role.AUDITOR})
"""May read compliance reports and have one made."""
SEARCHERS = STEWARDS | {Role.AUDITOR}
"""May search the ledger."""
READERS = DECIDERS | STEWARDS | {Role.AUDITOR, Role.DATA_OWNER}
"""May read everything about any app."""


class RoleGrant(BaseModel):
    """One role: what it may do in words, and the groups that give it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    may: str
    groups: frozenset[str]


class RoleMap(BaseModel):
    """`policies/roles.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: dict[Role, RoleGrant]

    def of(self, person: Person) -> frozenset[Role]:
        """Every role one of the person's groups gives."""
        return frozenset(role for role, grant in self.roles.items() if grant.groups & person.groups)


@cache
def role_map() -> RoleMap:
    """The role map of this deployment, read once."""
    import yaml  # noqa: PLC0415 - only a signed-in request needs it, the import of the handler does not

    text = (policies_dir() / "roles.yaml").read_text(encoding="utf-8")
    return RoleMap.model_validate(yaml.safe_load(text))


def roles_of(person: Person) -> frozenset[Role]:
    """The roles of a signed-in person in this deployment."""
    return role_map().of(person)
