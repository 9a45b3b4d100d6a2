"""Resources as they are sent: the attributes asked for, and pages of many."""

from collections.abc import Iterable
from typing import Any

from scim2_models import Context, ListResponse, Resource, ResponseParameters

from appguard.directory.scim.asked import Answer, Asked


def shown(resource: Resource[Any], asked: Asked, context: Context) -> dict[str, Any]:
    """One resource with the attributes the client wants; raises for attributes there are not."""
    wanted = _wanted(type(resource), asked)
    return resource.model_dump(scim_ctx=context, response_parameters=wanted)


def listed(kind: type[Resource[Any]], found: Iterable[Resource[Any]], asked: Asked) -> Answer:
    """The page asked for, and how many there are in all."""
    start, count = asked.page()
    everything = list(found)
    page = everything[start : start + count]
    response = ListResponse[kind](  # type: ignore[valid-type]
        total_results=len(everything),
        start_index=start + 1,
        items_per_page=len(page),
        resources=page,
    )
    context = Context.RESOURCE_QUERY_RESPONSE
    return Answer(200, response.model_dump(scim_ctx=context, response_parameters=_wanted(kind, asked)))


def _wanted(kind: type[Resource[Any]], asked: Asked) -> ResponseParameters[Any]:
    said = {name: asked.query[name] for name in ("attributes", "excludedAttributes") if name in asked.query}
    return ResponseParameters[kind].model_validate(said)  # type: ignore[valid-type]
