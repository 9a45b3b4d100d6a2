"""A request to the SCIM service, and its answer, free of the gateway's event format."""

import json
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from scim2_models import InvalidFilterException, InvalidSyntaxException, ScimFilter
from scim2_models.path import CompareOperator, Comparison

from appguard.directory.scim.shapes import MAX_RESULTS

SEARCHED_BY = ("filter", "startIndex", "count", "attributes", "excludedAttributes")


@dataclass(frozen=True)
class Asked:
    """What a client asks for; `path` begins behind `/scim/v2`, and `at` says where that is."""

    method: str
    path: str
    at: str
    query: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def json(self) -> Any:
        """The body; raises `InvalidSyntaxException`."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise InvalidSyntaxException(detail="the body is not JSON") from None

    def as_search(self) -> "Asked":
        """The same search with its parameters, which were posted, in the query (RFC 7644, 3.4.3)."""
        body = self.json()
        given = body if isinstance(body, dict) else {}
        words = {name: given[name] for name in SEARCHED_BY if name in given}
        query = {name: ",".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in words.items()}
        return replace(self, query=query)

    def page(self) -> tuple[int, int]:
        """From which result on, counted from 0, and how many at most (RFC 7644, 3.4.2.4)."""
        start, count = (self._number(name, usual) for name, usual in (("startIndex", 1), ("count", 100)))
        return max(1, start) - 1, min(max(0, count), MAX_RESULTS)

    def equals(self) -> tuple[str, str] | None:
        """The one comparison of the filter, attribute in lower case; raises for any other filter."""
        if "filter" not in self.query:
            return None
        asked = ScimFilter(self.query["filter"]).ast
        if (
            not isinstance(asked, Comparison)
            or asked.op is not CompareOperator("eq")
            or not isinstance(asked.value, str)
        ):
            raise InvalidFilterException(detail='only `attribute eq "value"` is supported')
        return str(asked.attr_path).lower(), asked.value

    def _number(self, name: str, usual: int) -> int:
        try:
            return int(self.query.get(name, usual))
        except ValueError:
            raise InvalidSyntaxException(detail=f"{name} is not a number") from None


@dataclass(frozen=True)
class Answer:
    """A status, and a body to be written as JSON."""

    status: int
    body: dict[str, Any] | None = None


class Endpoint(Protocol):
    """The resources of one kind."""

    def create(self, asked: Asked) -> Answer:
        """POST on all."""

    def search(self, asked: Asked) -> Answer:
        """GET of all, or of those a filter names."""

    def read(self, ident: str, asked: Asked) -> Answer:
        """GET of one."""

    def replace(self, ident: str, asked: Asked) -> Answer:
        """PUT of one."""

    def patch(self, ident: str, asked: Asked) -> Answer:
        """PATCH of one."""

    def delete(self, ident: str, asked: Asked) -> Answer:
        """DELETE of one."""
