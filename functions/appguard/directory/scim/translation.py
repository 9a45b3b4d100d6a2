"""Between what SCIM says and what the directory keeps."""

import re

from scim2_models import InvalidValueException, Meta

from appguard.directory.model import Account, Colleague, ColleagueId
from appguard.directory.model import Group as KnownGroup
from appguard.directory.roster import Said
from appguard.directory.scim.shapes import Email, EnterpriseUser, Group, Manager, Member, Person

ADDRESS = re.compile(r"[!-?A-~]{1,64}@[!-?A-~]{1,189}")
"""As in ID tokens: ASCII, so that no address looks like another."""


def said_by(user: Person) -> Said:
    """What we keep of a user; raises `InvalidValueException` for one without an address."""
    extension = user[EnterpriseUser]
    manager = extension.manager.value if extension and extension.manager else None
    return Said(
        account=Account(user_name=user.user_name, external_id=user.external_id or None),
        email=_address(user),
        name=user.display_name or user.user_name,
        active=user.active is not False,
        manager=_colleague(manager),
    )


def as_user(colleague: Colleague, at: str) -> Person:
    """A colleague as SCIM shows them; `at` is where the service answers."""
    account = colleague.account
    assert account is not None, "SCIM shows those it knows"  # noqa: S101
    user = Person(
        id=colleague.colleague_id,
        external_id=account.external_id,
        user_name=account.user_name,
        display_name=colleague.name,
        active=colleague.active,
        emails=[Email(value=colleague.email, type="work", primary=True)],
        meta=_meta("User", f"{at}/Users/{colleague.colleague_id}", colleague),
    )
    if colleague.manager:
        user[EnterpriseUser] = EnterpriseUser(manager=Manager(value=colleague.manager))
    return user


def members_of(group: Group) -> list[ColleagueId]:
    """The people a group is said to have; raises `InvalidValueException` for what cannot be one."""
    found = [_colleague(member.value) for member in group.members or ()]
    if None in found:
        raise InvalidValueException(detail="a member is no user of this service; groups in groups are not")
    return [one for one in found if one]


def as_group(known: KnownGroup, people: list[Colleague], at: str) -> Group:
    """A group as SCIM shows it."""
    return Group(
        id=known.group_id,
        external_id=known.external_id,
        display_name=known.name,
        members=[
            Member(value=one.colleague_id, ref=f"{at}/Users/{one.colleague_id}", type="User")
            for one in people
        ]
        or None,
        meta=_meta("Group", f"{at}/Groups/{known.group_id}", known),
    )


def _address(user: Person) -> str:
    """The primary address, or the first."""
    addresses = sorted(user.emails or (), key=lambda email: not email.primary)
    address = str(addresses[0].value).lower() if addresses else ""
    if not ADDRESS.fullmatch(address):
        raise InvalidValueException(detail="emails needs an address, in ASCII")
    return address


def _colleague(ident: str | None) -> ColleagueId | None:
    try:
        return ColleagueId(ident or "")
    except ValueError:
        return None


def _meta(kind: str, location: str, known: Colleague | KnownGroup) -> Meta:
    return Meta(
        resource_type=kind, location=location, created=known.created_at, last_modified=known.changed_at
    )
