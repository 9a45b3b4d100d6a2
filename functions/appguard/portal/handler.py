"""Lambda entry point of the portal: an HTTP API event in, a page out."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.shared.cookies import Cookie, SameSite

from appguard.kernel.errors import AppGuardError, Invalid, TooLarge
from appguard.kernel.event import current_trace
from appguard.kernel.phrase import Phrase
from appguard.portal.guard import HEADERS, answer, missing
from appguard.portal.http import Reply, Request
from appguard.portal.routes import ROUTES, Route
from appguard.portal.settings import settings

NOTHING: Mapping[str, str] = {}
MAX_BODY = 1_500_000
logger = logging.getLogger(__name__)
resolver = APIGatewayHttpResolver()


def serve(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    return resolver.resolve(event, context)


def _endpoint(route: Route) -> Callable[..., Response[Any]]:
    """The function Powertools calls for a route."""

    def endpoint(**params: str) -> Response[Any]:
        return _response(answer(route, _request(route.path, params, form=not route.bearer)))

    return endpoint


for _route in ROUTES:
    resolver.route(_route.path, method=_route.method)(_endpoint(_route))


@resolver.exception_handler(NotFoundError)  # type: ignore[untyped-decorator]
def _not_found(_: NotFoundError) -> Response[Any]:
    return _response(missing(_bare()))


@resolver.exception_handler(Exception)  # type: ignore[untyped-decorator]
def _unexpected(_: Exception) -> Response[Any]:
    """The last line: whatever a view did not foresee is logged, and told without its insides."""
    logger.exception("unexpected error, trace %s", current_trace())
    bare = _bare()
    request = bare if bare.wants_json else _request()
    return _failed(AppGuardError(Phrase("Something went wrong on our side")), request)


@resolver.exception_handler(AppGuardError)  # type: ignore[untyped-decorator]
def _known(error: AppGuardError) -> Response[Any]:
    return _failed(error, _bare())


def _failed(error: AppGuardError, request: Request) -> Response[Any]:
    from appguard.portal import render  # noqa: PLC0415 - keeps the template engine out of the import

    return _response(render.error(error, request).with_headers(HEADERS))


def _request(route: str = "", params: Mapping[str, str] = NOTHING, *, form: bool = True) -> Request:
    """The whole request; raises what its body is refused for. With `form`, what is posted is one."""
    event, bare = resolver.current_event, _bare()
    body = _body() if event.http_method == "POST" else ""
    return replace(
        bare,
        route=route,
        params=params,
        query=dict(event.query_string_parameters),
        form=_form(body) if form else {},
        body=body.encode(),
    )


def _body() -> str:
    try:
        body = resolver.current_event.decoded_body or ""
    except ValueError:
        raise Invalid("What was sent cannot be read") from None
    if len(body) > MAX_BODY:
        raise TooLarge(f"The form is larger than {MAX_BODY} bytes")
    return body


def _bare() -> Request:
    """Who asks for what, without reading what came with it."""
    event = resolver.current_event
    headers = _lower(event.headers)
    return Request(event.http_method, event.path, headers=headers, cookies=_cookies(event, headers))


def _form(body: str) -> dict[str, str]:
    """An urlencoded form; several values of one name are joined by newlines."""
    fields: dict[str, str] = {}
    try:
        for name, value in parse_qsl(body, keep_blank_values=True, max_num_fields=500, errors="strict"):
            fields[name] = f"{fields[name]}\n{value}" if name in fields else value
    except ValueError:
        raise Invalid("The form cannot be read") from None
    return fields


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in dict(headers).items()}


def _cookies(event: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """API Gateway moves cookies out of the headers; other front ends leave them there."""
    pairs = event.get("cookies") or [headers.get("cookie", "")]
    split = (pair.strip().partition("=") for line in pairs for pair in line.split(";"))
    return {name: value for name, _, value in split}


def _response(reply: Reply) -> Response[Any]:
    secure = settings().secure
    return Response(
        status_code=reply.status,
        content_type=reply.content_type,
        body=reply.body,
        headers=dict(reply.headers),
        cookies=[
            Cookie(
                cookie.name,
                cookie.value,
                path="/",
                secure=secure,
                http_only=True,
                same_site=SameSite.LAX_MODE,
                max_age=cookie.max_age,
            )
            for cookie in reply.cookies
        ],
    )
