"""People as the directory knows them: as little as access and messages need."""

import re
from enum import StrEnum
from secrets import token_hex
from typing import NamedTuple, Self

from pydantic import AwareDatetime

from appguard.kernel.ids import PersonId, TypedId
from appguard.kernel.person import Person
from appguard.kernel.record import Record


class ColleagueId(TypedId):
    """Our own name for a person, also of one who never signed in. SCIM clients know people by it."""

    pattern = re.compile(r"col-[0-9a-f]{32}")
    shape = "col- followed by 32 hexadecimal digits"

    @classmethod
    def new(cls) -> Self:
        """A name nobody has had."""
        return cls("col-" + token_hex(16))


class GroupId(TypedId):
    """Our own name for a group that SCIM told of."""

    pattern = re.compile(r"grp-[0-9a-f]{32}")
    shape = "grp- followed by 32 hexadecimal digits"

    @classmethod
    def new(cls) -> Self:
        """A name no group has had."""
        return cls("grp-" + token_hex(16))


class Name(StrEnum):
    """By what somebody, or a group, can be found."""

    SUBJECT = "subject"
    EMAIL = "email"
    USER_NAME = "user_name"
    EXTERNAL_ID = "external_id"
    GROUP = "group"
    GROUP_EXTERNAL_ID = "group_external_id"


class Key(NamedTuple):
    """One name. Addresses and user names are the same in upper and lower case, names of groups are not."""

    name: Name
    value: str

    @classmethod
    def of(cls, name: Name, value: str) -> Self:
        """The key under which `value` is kept."""
        folds = name in {Name.EMAIL, Name.USER_NAME}
        return cls(name, value.casefold() if folds else value)


class Account(Record):
    """What the company's own directory calls somebody, as it told us by SCIM."""

    user_name: str
    external_id: str | None = None


class Known(Record):
    """What the directory keeps of somebody or of a group. `version` counts saves."""

    created_at: AwareDatetime
    changed_at: AwareDatetime
    version: int = 0

    @property
    def ident(self) -> str:
        """Our own name for it."""
        raise NotImplementedError

    @property
    def listed(self) -> bool:
        """Whether SCIM clients are shown it."""
        return True

    @property
    def keys(self) -> frozenset[Key]:
        """Everything it can be found by."""
        raise NotImplementedError


class Colleague(Known):
    """Somebody the directory knows: from SCIM, where `account` is there, or from their sign-ins alone."""

    colleague_id: ColleagueId
    person_id: PersonId | None = None
    """The `sub` of their ID tokens, from their first sign-in on."""
    email: str
    name: str
    account: Account | None = None
    active: bool = True
    groups: frozenset[str] = frozenset()
    grouped: bool = False
    """Whether SCIM has told of their groups: from then on it alone does, not their ID token."""
    manager: ColleagueId | None = None
    sessions_since: AwareDatetime | None = None
    """Sessions begun before this moment have ended."""

    @property
    def ident(self) -> str:
        """Our own name for them."""
        return self.colleague_id

    @property
    def listed(self) -> bool:
        """Whether SCIM knows them."""
        return self.account is not None

    @property
    def gone(self) -> bool:
        """Whether the company's directory has removed them: nothing is kept but that they left."""
        return not self.active and self.account is None

    @property
    def person(self) -> Person:
        """The person; until their first sign-in our own name for them stands for the `sub`."""
        known_as = self.person_id or PersonId(self.colleague_id)
        return Person(id=known_as, email=self.email, name=self.name, groups=self.groups)

    @property
    def keys(self) -> frozenset[Key]:
        """Everything they can be found by."""
        account = self.account
        names = {
            Name.SUBJECT: self.person_id,
            Name.EMAIL: self.email,
            Name.USER_NAME: account and account.user_name,
            Name.EXTERNAL_ID: account and account.external_id,
        }
        return frozenset(Key.of(name, value) for name, value in names.items() if value)


class Group(Known):
    """A group SCIM told of. Who is in it is said by its people."""

    group_id: GroupId
    name: str
    external_id: str | None = None

    @property
    def ident(self) -> str:
        """Our own name for it."""
        return self.group_id

    @property
    def names(self) -> frozenset[str]:
        """What `policies/roles.yaml` may call it: its name, or the id that stands in ID tokens of Entra."""
        return frozenset({self.name, *([self.external_id] if self.external_id else [])})

    @property
    def keys(self) -> frozenset[Key]:
        """Everything it can be found by."""
        names = {Name.GROUP: self.name, Name.GROUP_EXTERNAL_ID: self.external_id}
        return frozenset(Key.of(name, value) for name, value in names.items() if value)
