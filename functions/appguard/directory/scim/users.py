"""`/Users`: people come, change and leave."""

from collections.abc import Iterator
from typing import Any

from scim2_models import Context, InvalidFilterException, NotFoundException, PatchOp

from appguard.directory.model import Colleague, ColleagueId, Key, Name
from appguard.directory.roster import Roster
from appguard.directory.scim.asked import Answer, Asked
from appguard.directory.scim.listing import listed, shown
from appguard.directory.scim.shapes import Person
from appguard.directory.scim.translation import as_user, said_by
from appguard.directory.store import DirectoryStore

FILTERS = {"username": Name.USER_NAME, "externalid": Name.EXTERNAL_ID, "emails.value": Name.EMAIL}


class Users:
    """The endpoint of people."""

    def __init__(self, store: DirectoryStore, roster: Roster) -> None:
        """Show people from `store`, change them through `roster`."""
        self._store, self._roster = store, roster

    def create(self, asked: Asked) -> Answer:
        """POST: somebody new."""
        user = Person.model_validate(asked.json(), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        made = as_user(self._roster.enrol(said_by(user)), asked.at)
        return Answer(201, shown(made, asked, Context.RESOURCE_CREATION_RESPONSE))

    def search(self, asked: Asked) -> Answer:
        """GET: those a filter names, or everybody, page by page."""
        found = self._matching(asked.equals())
        return listed(Person, (as_user(one, asked.at) for one in found), asked)

    def read(self, ident: str, asked: Asked) -> Answer:
        """GET of one."""
        return Answer(200, shown(as_user(self._one(ident), asked.at), asked, Context.RESOURCE_QUERY_RESPONSE))

    def replace(self, ident: str, asked: Asked) -> Answer:
        """PUT: all that is said of somebody."""
        before = self._one(ident)
        user = Person.model_validate(asked.json(), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        return self._changed(before, user, asked)

    def patch(self, ident: str, asked: Asked) -> Answer:
        """PATCH: some of what is said of somebody; all of it or nothing."""
        before = self._one(ident)
        patch = PatchOp[Person].model_validate(asked.json(), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        user = as_user(before, asked.at)
        patch.patch(user)
        return self._changed(before, user, asked)

    def delete(self, ident: str, _: Asked) -> Answer:
        """DELETE: somebody left for good."""
        self._roster.remove(self._one(ident))
        return Answer(204)

    def _changed(self, before: Colleague, user: Any, asked: Asked) -> Answer:
        after = as_user(self._roster.change(before, said_by(user)), asked.at)
        return Answer(200, shown(after, asked, Context.RESOURCE_REPLACEMENT_RESPONSE))

    def _matching(self, equals: tuple[str, str] | None) -> Iterator[Colleague]:
        if equals is None:
            yield from self._store.listed(Colleague)
            return
        attribute, value = equals
        if attribute == "id":
            found = self._maybe(value)
        elif attribute in FILTERS:
            found = self._store.find(Key.of(FILTERS[attribute], value))
        else:
            raise InvalidFilterException(detail=f"{attribute} cannot be asked for")
        if found and found.account:
            yield found

    def _one(self, ident: str) -> Colleague:
        if (found := self._maybe(ident)) is None or found.account is None:
            raise NotFoundException(detail="there is no such user")
        return found

    def _maybe(self, ident: str) -> Colleague | None:
        try:
            return self._store.get(ColleagueId(ident))
        except ValueError:
            return None
