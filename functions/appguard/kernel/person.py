"""A signed-in person, as the identity provider vouches for them."""

from pydantic import BaseModel, ConfigDict

from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import PersonId


class Person(BaseModel):
    """Who is acting. Built only from a verified token or a session made from one."""

    model_config = ConfigDict(frozen=True)

    id: PersonId
    email: str
    name: str
    groups: frozenset[str] = frozenset()

    def acting_as(self, role: Role) -> Actor:
        """The person as actor of an audit event: the id alone, no name and no address."""
        return Actor(id=self.id, role=role)
