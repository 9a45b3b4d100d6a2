"""What of SCIM is spoken here: the few attributes we keep, of people and of groups (RFC 7643).

What else a client sends is read and dropped: an address book of the whole company is none of our business.
"""

from typing import Annotated, Any

from pydantic import Field, model_validator
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Extension,
    Filter,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models import Group as FullGroup
from scim2_models.urn import URN

MAX_RESULTS = 200
MAX_MEMBERS = 10_000

ShortText = Annotated[
    str, Field(min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]


class Email(ComplexAttribute):
    """One address; of several the primary one is kept."""

    value: Annotated[ShortText | None, Required.true] = None
    type: str | None = None
    primary: bool | None = None


class User(Resource[Any]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[ShortText | None, Uniqueness.server, Required.true] = None
    display_name: ShortText | None = None
    active: bool | None = None
    emails: Annotated[list[Email] | None, Required.true, Field(max_length=50)] = None


class Manager(ComplexAttribute):
    """Whom somebody reports to."""

    value: Annotated[str | None, CaseExact.true] = None

    @model_validator(mode="before")
    @classmethod
    def _bare_value(cls, said: Any) -> Any:
        """Entra ID sends the manager's id alone."""
        return {"value": said} if isinstance(said, str) else said


class EnterpriseUser(Extension):
    """What the enterprise extension says and we keep: the manager."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    manager: Manager | None = None


class Member(ComplexAttribute):
    """One of a group's people."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = None


class Group(Resource[Any]):
    """A group and its people."""

    __schema__ = FullGroup.__schema__

    display_name: Annotated[ShortText | None, Required.true] = None
    members: Annotated[list[Member] | None, Field(max_length=MAX_MEMBERS)] = None


Person = User[EnterpriseUser]  # type: ignore[type-arg]
"""A user with the extension."""

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MAX_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=False),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="The token of the secret appguard/directory/scim",
            primary=True,
        )
    ],
)

POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    # Entra ID removes members by value, and expects a first address where it replaces one.
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)

PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(Person), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)
