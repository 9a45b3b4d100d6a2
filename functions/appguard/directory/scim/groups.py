"""`/Groups`: who is in which."""

from collections.abc import Iterator

from scim2_models import Context, InvalidFilterException, NotFoundException, PatchOp

from appguard.directory.groups import Groups as Keeper
from appguard.directory.model import Group as KnownGroup
from appguard.directory.model import GroupId, Key, Name
from appguard.directory.scim.asked import Answer, Asked
from appguard.directory.scim.listing import listed, shown
from appguard.directory.scim.shapes import Group
from appguard.directory.scim.translation import as_group, members_of
from appguard.directory.store import DirectoryStore

FILTERS = {"displayname": Name.GROUP, "externalid": Name.GROUP_EXTERNAL_ID}


class Groups:
    """The endpoint of groups."""

    def __init__(self, store: DirectoryStore, keeper: Keeper) -> None:
        """Show groups from `store`, change them through `keeper`."""
        self._store, self._keeper = store, keeper

    def create(self, asked: Asked) -> Answer:
        """POST: a new group, perhaps with people."""
        group = Group.model_validate(asked.json(), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        formed = self._keeper.form(str(group.display_name), group.external_id or None, members_of(group))
        made = self._shown(formed, asked)
        return Answer(201, shown(made, asked, Context.RESOURCE_CREATION_RESPONSE))

    def search(self, asked: Asked) -> Answer:
        """GET: those a filter names, or all, page by page."""
        return listed(Group, (self._shown(one, asked) for one in self._matching(asked.equals())), asked)

    def read(self, ident: str, asked: Asked) -> Answer:
        """GET of one."""
        group = self._shown(self._one(ident), asked)
        return Answer(200, shown(group, asked, Context.RESOURCE_QUERY_RESPONSE))

    def replace(self, ident: str, asked: Asked) -> Answer:
        """PUT: the group has these people and no others."""
        before = self._one(ident)
        group = Group.model_validate(asked.json(), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        after = self._shown(self._changed(before, group), asked)
        return Answer(200, shown(after, asked, Context.RESOURCE_REPLACEMENT_RESPONSE))

    def patch(self, ident: str, asked: Asked) -> Answer:
        """PATCH: people join and leave. The answer is empty: the group may be large."""
        before = self._one(ident)
        patch = PatchOp[Group].model_validate(asked.json(), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        group = as_group(before, self._keeper.people(before), asked.at)
        patch.patch(group)
        self._changed(before, group)
        return Answer(204)

    def delete(self, ident: str, _: Asked) -> Answer:
        """DELETE: nobody is in it any more."""
        self._keeper.dissolve(self._one(ident))
        return Answer(204)

    def _changed(self, before: KnownGroup, group: Group) -> KnownGroup:
        return self._keeper.change(
            before, str(group.display_name), group.external_id or None, members_of(group)
        )

    def _shown(self, group: KnownGroup, asked: Asked) -> Group:
        """With its people, unless the client said it does without."""
        left_out = "members" in asked.query.get("excludedAttributes", "").split(",")
        return as_group(group, [] if left_out else self._keeper.people(group), asked.at)

    def _matching(self, equals: tuple[str, str] | None) -> Iterator[KnownGroup]:
        if equals is None:
            yield from self._store.listed(KnownGroup)
            return
        attribute, value = equals
        if attribute == "id":
            found = self._maybe(value)
        elif attribute in FILTERS:
            found = self._store.find_group(Key.of(FILTERS[attribute], value))
        else:
            raise InvalidFilterException(detail=f"{attribute} cannot be asked for")
        if found:
            yield found

    def _one(self, ident: str) -> KnownGroup:
        if (found := self._maybe(ident)) is None:
            raise NotFoundException(detail="there is no such group")
        return found

    def _maybe(self, ident: str) -> KnownGroup | None:
        try:
            return self._store.group(GroupId(ident))
        except ValueError:
            return None
