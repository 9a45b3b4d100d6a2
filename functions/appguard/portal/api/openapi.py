"""The portal in OpenAPI 3.1, made from its routes: what programs ask in full, pages by who may see them."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from appguard.approvals.summary import ApprovalSummary
from appguard.portal.api.model import Decision, Failure, Heard, Inbox, Provider
from appguard.portal.routes import ROUTES, Route

REFERENCE = "#/components/schemas/{model}"
PARAMETER = re.compile(r"<(\w+)>")
ANY_OBJECT = {"type": "object"}


class Spoken(NamedTuple):
    """What an address takes and gives; none given stands for a document of no model of ours."""

    gives: type[BaseModel] | None
    takes: type[BaseModel] | None = None


SPOKEN = {
    "GET /api/sign-in": Spoken(Provider),
    "GET /api/openapi.json": Spoken(None),
    "GET /api/approvals": Spoken(Inbox),
    "GET /api/approvals/<locator>": Spoken(ApprovalSummary),
    "POST /api/approvals/<locator>": Spoken(Heard, Decision),
}


@cache
def document() -> str:
    """The whole document, made once in a process."""
    return json.dumps(described())


def described() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        path = PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {"parameters": [*_parameters(route)]})[route.method.lower()] = _operation(
            route
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "AppGuard portal", "version": "1"},
        "paths": paths,
        "components": {"schemas": _schemas(), "securitySchemes": _schemes()},
    }


def _operation(route: Route) -> dict[str, Any]:
    spoken = SPOKEN.get(f"{route.method} {route.path}")
    operation: dict[str, Any] = {
        "operationId": route.view.replace(":", ".") + "." + _slug(route),
        "responses": _json(spoken) if spoken else _html(),
    }
    if route.roles is not None:
        operation["security"] = [{"bearer" if route.bearer else "session": []}]
        operation["x-roles"] = sorted(route.roles)
    if spoken and spoken.takes:
        operation["requestBody"] = {"required": True, "content": _content(spoken.takes)}
    return operation


def _json(spoken: Spoken) -> dict[str, Any]:
    return {
        "200": {"description": "Done", "content": _content(spoken.gives)},
        "default": {"description": "What went wrong, and what to do", "content": _content(Failure)},
    }


def _html() -> dict[str, Any]:
    return {"default": {"description": "For people: a page, a part of one, a file, or the way to one"}}


def _content(model: type[BaseModel] | None) -> dict[str, Any]:
    schema = {"$ref": REFERENCE.format(model=model.__name__)} if model else ANY_OBJECT
    return {"application/json": {"schema": schema}}


def _parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in PARAMETER.findall(route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _schemas() -> Any:
    given = {spoken.gives for spoken in SPOKEN.values() if spoken.gives} | {Failure}
    taken = {spoken.takes for spoken in SPOKEN.values() if spoken.takes}
    by_name = sorted(given, key=lambda model: model.__name__)
    models = [*((model, "serialization") for model in by_name), *((model, "validation") for model in taken)]
    return models_json_schema(models, ref_template=REFERENCE)[1]["$defs"]  # type: ignore[arg-type]


def _schemes() -> dict[str, Any]:
    return {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "ID token of the last 15 minutes"},
        "session": {"type": "apiKey", "in": "cookie", "name": "__Host-appguard_session"},
    }


def _slug(route: Route) -> str:
    return re.sub(r"\W+", "-", f"{route.method.lower()}{route.path}").strip("-")
