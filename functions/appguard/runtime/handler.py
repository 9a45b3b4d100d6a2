"""Lambda entry point of every micro app."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from appguard.kernel.errors import AppGuardError, Misconfigured
from appguard.kernel.oidc.issuer import Issuer
from appguard.runtime.app_definition import BESIDE_THE_PACKAGE, app_definition
from appguard.runtime.broker_client import Broker
from appguard.runtime.logic.client import Logic
from appguard.runtime.model import MicroApp
from appguard.runtime.sealing import Sealer
from appguard.runtime.session import Cookies
from appguard.runtime.settings import RuntimeSettings
from appguard.runtime.site import Site
from appguard.runtime.sso import SignIn
from appguard.runtime.store import SessionSecret
from appguard.runtime.web import Request, Response

if TYPE_CHECKING:
    from appguard.runtime.logic.start import Started

logger = Logger(use_rfc3339=True)
APP = BESIDE_THE_PACKAGE.parent
PACKAGES = APP.parent / "packages"
NOT_SERVING = {
    "error": {
        "code": "not_serving",
        "message": "This app cannot be served.",
        "remediation": "Tell the platform team; the function's log names the reason.",
    }
}


@logger.inject_lambda_context(clear_state=True)
def serve(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of the HTTP API. Queries stay out of the log: sign-in passes codes there."""
    try:
        request = Request.from_event(event, settings().app_id, context.get_remaining_time_in_millis() / 1000)
        logger.append_keys(trace_id=request.trace_id, method=request.method, path=request.path)
        response = health() if request.parts == ["healthz"] else site().respond(request)
    except AppGuardError as error:
        logger.exception("cannot serve")
        response = Response(error.status, json.dumps(NOT_SERVING), "application/json")
    logger.info("answered", status=response.status)
    return response.to_event()


def health() -> Response:
    """Whether this function can serve its definition; told to anybody, so it tells little."""
    app = definition()
    facts: dict[str, Any] = {"status": "ok", "app": app.app_id, "pages": len(app.pages)}
    if own_code := code():
        facts["walls"] = own_code.walls()
    return Response(200, json.dumps(facts), "application/json")


def definition() -> MicroApp:
    """The definition in this asset, provided that it is this app's."""
    app = app_definition()
    if app.app_id != settings().app_id:
        raise Misconfigured("the definition in this asset belongs to another app")
    return app


@cache
def settings() -> RuntimeSettings:
    """The function's settings, read once."""
    return RuntimeSettings.from_env()


@cache
def site() -> Site:
    """The app with its real neighbours: identity provider, own secret, broker."""
    facts = settings()
    cookies = Cookies(facts, Sealer(facts.app_id, SessionSecret(facts.session_secret)))
    sign_in = SignIn(Issuer(facts.oidc_issuer), facts.oidc_client_id, cookies)
    own_code = code()
    if own_code:
        own_code.begin()
    logic = Logic(own_code) if own_code else None
    return Site(definition(), sign_in, Broker(facts.connectors_url), logic=logic)


@cache
def code() -> "Started | None":
    """The process for the app's own code, where a page calls any."""
    if not definition().has_hooks:
        return None
    from appguard.runtime.logic.start import Started  # noqa: PLC0415 - most apps bring no code

    return Started(APP, PACKAGES)
