"""What the app answers: its routes, who may take them, and how errors look."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from aws_lambda_powertools import Logger

from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, NotFound, Unauthenticated
from appguard.runtime import form_page, session, table_page, views
from appguard.runtime.broker_client import Broker
from appguard.runtime.hooks import Run, no_code
from appguard.runtime.logic.asking import Asking
from appguard.runtime.logic.client import Logic
from appguard.runtime.model import MicroApp
from appguard.runtime.pages import FormPage, Page, TablePage
from appguard.runtime.refusal import BrokerRefused
from appguard.runtime.session import Session
from appguard.runtime.sso import SignIn
from appguard.runtime.views import Frame, Link, Notice
from appguard.runtime.visit import Visit
from appguard.runtime.web import Request, Response

logger = Logger(child=True)
LONGEST_ADDRESS = 300
SECONDS_TO_ANSWER = 1.5
"""What is left of a request's time when the app's own code has used up its share."""
FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Site:
    """One micro app, ready to answer."""

    app: MicroApp
    sign_in: SignIn
    broker: Broker
    clock: Clock = utc_now
    logic: Logic | None = None

    def respond(self, request: Request) -> Response:
        """The answer, errors included: nobody sees more than what they can act on."""
        if request.method == "HEAD":
            return replace(self.respond(replace(request, method="GET")), body="")
        try:
            return self._public(request) or self._signed_in(request)
        except BrokerRefused as refused:
            return self._refused(request, refused)
        except AppGuardError as error:
            return self._failed(request, error)

    def _public(self, request: Request) -> Response | None:
        """What needs no sign-in."""
        match request.method, request.parts:
            case "GET", ["assets", name]:
                return _asset(name)
            case "GET", ["callback"]:
                return self.sign_in.finish(request)
            case _:
                return None

    def _signed_in(self, request: Request) -> Response:
        current = session.current(self.sign_in.cookies, request)
        if current is None and request.method == "GET":
            return self.sign_in.begin(request, _address(request))
        if current is None:
            raise Unauthenticated("Your session has ended; nothing was sent.")
        broker = self.broker.within(request.seconds)
        visit = Visit(
            request=request,
            session=current,
            frame=self._frame(current),
            cookies=self.sign_in.cookies,
            broker=broker,
            today=self.clock().date(),
            run=self._run(request, current, broker),
        )
        return self._route(visit)

    def _run(self, request: Request, current: Session, broker: Broker) -> Run:
        """How this person's request runs the app's own code, which asks in their name."""
        if self.logic is None:
            return no_code
        asking = Asking(self.app.reads, lambda call, given: broker.query(call, given, current.id_token))
        return self.logic.within(asking, request.seconds - SECONDS_TO_ANSWER)

    def _route(self, visit: Visit) -> Response:
        match visit.request.method, visit.request.parts:
            case "GET", []:
                return Response(200, views.start(visit.frame))
            case "POST", ["sign-out"]:
                return self._sign_out(visit)
            case method, ["pages", page_id, *rest]:
                answer = _on_page(visit, self.app.page(page_id), method, rest)
                if answer is not None:
                    return answer
        raise NotFound("There is no such page here.", "Go back to the start of the app.")

    def _sign_out(self, visit: Visit) -> Response:
        session.demand_own_form(visit.request, visit.request.form(), visit.session)
        said = Notice(
            "You are signed out",
            "You have left this app. You may still be signed in to your company's other services.",
            tone="info",
            links=(Link("Sign in again", "/"),),
        )
        page = views.notice(self._frame(None), said)
        return Response(200, page, cookies=[self.sign_in.cookies.drop("session")])

    def _refused(self, request: Request, refused: BrokerRefused) -> Response:
        """The broker's own words; a sign-in it no longer accepts is dropped here as well."""
        if refused.unauthenticated:
            return self._failed(request, Unauthenticated("Your sign-in is no longer accepted."))
        said = refused.refusal
        return self._error(
            request, refused.status, "This is not possible", said.message, said.remediation, said.code
        )

    def _failed(self, request: Request, error: AppGuardError) -> Response:
        if isinstance(error, Unauthenticated):
            page = Notice(
                "Please sign in again",
                error.message,
                links=(Link("Sign in", _way_back(request)),),
                tone="info",
            )
            drop = [self.sign_in.cookies.drop("session")]
            return Response(error.status, views.notice(self._frame(None), page), cookies=drop)
        if error.status >= 500:  # noqa: PLR2004
            logger.error("cannot answer", exc_info=error)
        title = TITLES.get(error.status, "Something went wrong")
        message = error.message if error.status != 500 else "This app cannot answer at the moment."  # noqa: PLR2004
        return self._error(request, error.status, title, message, error.advice, error.code)

    def _error(
        self, request: Request, status: int, title: str, message: str, advice: str, code: str
    ) -> Response:
        said = Notice(title, message, advice, code=code, trace_id=request.trace_id)
        return Response(status, views.notice(self._frame(self._still_there(request)), said))

    def _still_there(self, request: Request) -> Session | None:
        """Who is signed in, as far as that can be told while something else fails."""
        try:
            return session.current(self.sign_in.cookies, request)
        except AppGuardError:
            return None

    def _frame(self, current: Session | None) -> Frame:
        base = self.sign_in.cookies.settings.base
        if current is None:
            return Frame(self.app, base)
        return Frame(self.app, base, current.person, current.csrf)


TITLES = {
    400: "This could not be understood",
    403: "This is not allowed",
    404: "Page not found",
    413: "That was too much",
    503: "Not available at the moment",
}


def _asset(name: str) -> Response:
    """A static file; a name from another version of the app gives today's file, not to be kept."""
    found = views.asset(name)
    if found is None:
        raise NotFound("There is no such file here.")
    return Response(200, found.text, found.content_type, FOREVER if found.name == name else {})


def _address(request: Request) -> str:
    """Path and query below the app, to come back to after signing in; it travels in a cookie."""
    address = request.path + (f"?{urlencode(request.query)}" if request.query else "")
    return address if len(address) <= LONGEST_ADDRESS else "/"


def _way_back(request: Request) -> str:
    """The page a form was sent from."""
    match request.parts:
        case ["pages", page_id, *_]:
            return f"/pages/{page_id}"
    return "/"


def _on_page(visit: Visit, page: Page, method: str, rest: list[str]) -> Response | None:
    """What a page of each type can be asked."""
    match page, method, rest:
        case FormPage(), "GET", []:
            return form_page.show(visit, page)
        case FormPage(), "POST", []:
            return form_page.send(visit, page)
        case TablePage(), "GET", []:
            return table_page.show(visit, page)
        case TablePage(), "GET", ["export"]:
            return table_page.ask(visit, page)
        case TablePage(), "POST", ["export"]:
            return table_page.export(visit, page)
    return None
