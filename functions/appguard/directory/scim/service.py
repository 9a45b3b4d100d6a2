"""The SCIM 2.0 service provider: which address does what, and how errors are told (RFC 7644)."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import ValidationError
from scim2_models import Context, Error, ListResponse, NotFoundException, Resource, SCIMException

from appguard.directory.groups import Groups as Keeper
from appguard.directory.roster import Roster
from appguard.directory.scim.asked import Answer, Asked, Endpoint
from appguard.directory.scim.groups import Groups
from appguard.directory.scim.shapes import POLICY, PROVIDER
from appguard.directory.scim.users import Users
from appguard.directory.store import DirectoryStore, kept
from appguard.kernel.errors import AppGuardError

LONGEST_DETAIL = 300


class Service:
    """Answers one client, whose token has been checked."""

    def __init__(self, store: DirectoryStore) -> None:
        """Keep people and groups in `store`."""
        self._endpoints: dict[str, Endpoint] = {
            "Users": Users(store, Roster(store)),
            "Groups": Groups(store, Keeper(store)),
        }

    def answer(self, asked: Asked) -> Answer:
        """What was asked for, or what is wrong with it, in SCIM's words."""
        try:
            with POLICY:
                return self._answer(asked)
        except SCIMException as error:
            return refusal(error.status, error.detail, error.scim_type)
        except ValidationError as error:
            first = Error.from_validation_errors(error)[0]
            return refusal(first.status or 400, first.detail or "", first.scim_type or "")
        except AppGuardError as error:
            kind = {"name_taken": "uniqueness", "invalid": "invalidValue"}.get(error.code, "")
            return refusal(error.status, error.message, kind)

    def _answer(self, asked: Asked) -> Answer:
        kind, _, ident = asked.path.strip("/").partition("/")
        endpoint = self._endpoints.get(kind)
        if endpoint is None:
            return _described(kind, ident, asked)
        for_all = {"GET": endpoint.search, "POST": endpoint.create}
        for_one = {
            "GET": endpoint.read,
            "PUT": endpoint.replace,
            "PATCH": endpoint.patch,
            "DELETE": endpoint.delete,
        }
        if (asked.method, ident) == ("POST", ".search"):
            return endpoint.search(asked.as_search())
        if not ident and asked.method in for_all:
            return for_all[asked.method](asked)
        if ident and asked.method in for_one:
            return for_one[asked.method](ident, asked)
        return refusal(405, "this method is not for this address")


@cache
def service() -> Service:
    """The service of this deployment, made on first use."""
    return Service(kept())


def refusal(status: int, detail: str, scim_type: str = "") -> Answer:
    """An error as SCIM tells it."""
    error = Error(status=status, detail=detail[:LONGEST_DETAIL], scim_type=scim_type or None)
    return Answer(status, error.model_dump())


def _described(kind: str, ident: str, asked: Asked) -> Answer:
    """What the service says about itself; it is there to be read only."""
    if kind == "ServiceProviderConfig" and not ident:
        found: Any = PROVIDER.config
    elif kind in {"ResourceTypes", "Schemas"}:
        every = PROVIDER.resource_types if kind == "ResourceTypes" else PROVIDER.schemas
        found = _listed(every) if not ident else next((one for one in every if one.id == ident), None)
    else:
        found = None
    if found is None:
        raise NotFoundException(detail="there is nothing at this address")
    if asked.method != "GET":
        return refusal(405, "this can only be read")
    if "filter" in asked.query:  # RFC 7644, 4: nobody may filter what a service says of itself
        return refusal(403, "this cannot be filtered")
    return Answer(200, found.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE))


def _listed(every: Sequence[Resource[Any]]) -> Any:
    kind: Any = type(every[0])
    return ListResponse[kind](
        total_results=len(every), start_index=1, items_per_page=len(every), resources=list(every)
    )
