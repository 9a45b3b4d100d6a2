"""A question to a data owner: may I use this connector? Discriminated on whether it was answered."""

import hashlib
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, TypeAdapter

from appguard.kernel.ids import ConnectorName, PersonId
from appguard.kernel.record import Record

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
RequestId = Annotated[str, StringConstraints(pattern=r"^acc-[0-9a-f]{24}$")]


class RequestBase(Record):
    """What every question has. One person has one for one connector; asking again begins anew."""

    request_id: RequestId
    connector: ConnectorName
    by: PersonId
    by_email: str
    purpose: Words
    asked_at: AwareDatetime
    version: int = Field(default=0, ge=0)


class Asked(RequestBase):
    """Nobody has answered."""

    state: Literal["asked"] = "asked"


class Answered(RequestBase):
    """A data owner said yes or no, and why."""

    state: Literal["yes", "no"]
    answered_by: PersonId
    answered_at: AwareDatetime
    words: Words


AccessRequest = Annotated[Asked | Answered, Field(discriminator="state")]
ACCESS_REQUEST: TypeAdapter[Asked | Answered] = TypeAdapter(AccessRequest)


def request_id(person: PersonId, connector: ConnectorName) -> str:
    """The one question of this person about this connector."""
    return "acc-" + hashlib.sha256(f"{person}\0{connector}".encode()).hexdigest()[:24]
