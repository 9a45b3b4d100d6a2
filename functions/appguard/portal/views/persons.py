"""Persons: who saw their data, and forgetting them. The name goes by POST, so that no address holds it."""

from datetime import UTC, datetime, timedelta

from appguard.kernel.errors import AppGuardError, Forbidden, Invalid
from appguard.kernel.event import Actor, Role
from appguard.portal import render
from appguard.portal.http import Reply, Request
from appguard.privacy.asking import ask_here
from appguard.privacy.model import Answer, Decision, Inquiry, Period, Verb

MAX_NAME, MAX_REASON = 320, 300
SHORTEST_REASON = 10
DECIDERS = {Verb.FORGET: Role.DATA_OWNER, Verb.HOLD: Role.SECURITY, Verb.RELEASE: Role.SECURITY}


class StepUpRequired(Forbidden):
    """The sign-in is too long ago to decide about a person."""

    code = "step_up_required"
    remediation = "Confirm that it is you, then decide."


def show(request: Request) -> Reply:
    """The question, not asked yet."""
    return _page(request)


def answer(request: Request) -> Reply:
    """Who saw the data of the person named."""
    try:
        return _page(request, subject=(name := _name(request)), answer=_answered(request, name))
    except AppGuardError as problem:
        return _page(request, problem=problem)


def decide(request: Request) -> Reply:
    """Forget, hold or release; what speaks against it is shown above what is known."""
    name, problem = _name(request), None
    try:
        verb = _verb(request)
        if not request.fresh:
            raise StepUpRequired("Your sign-in is more than a few minutes old")
        reason = request.field("reason", MAX_REASON)
        if len(reason) < SHORTEST_REASON:
            raise Invalid("Say in a sentence why, without the person's name")
        ask_here(Decision(verb=verb, subject=name, reason=reason, by=_acting(request, DECIDERS[verb])))
    except AppGuardError as error:
        problem = error
    return _page(request, subject=name, answer=_answered(request, name), problem=problem)


def _answered(request: Request, name: str) -> Answer:
    by = request.acting_as(Role.DATA_OWNER, Role.AUDITOR, Role.SECURITY)
    period = Period(start=_day(request, "from"), end=_day(request, "to", days=1))
    return Answer.model_validate(ask_here(Inquiry(subject=name, period=period, by=by)))


def _verb(request: Request) -> Verb:
    try:
        verb = Verb(request.form.get("verdict", ""))
    except ValueError:
        verb = Verb.ASK
    if verb not in DECIDERS:
        raise Invalid("Say whether to forget, to hold or to release")
    return verb


def _acting(request: Request, role: Role) -> Actor:
    if role not in request.roles:
        raise Forbidden(f"This is for the role {role}")
    return request.acting_as(role)


def _name(request: Request) -> str:
    if name := request.field("subject", MAX_NAME):
        return name
    raise Invalid("Say whom it is about")


def _day(request: Request, field: str, days: int = 0) -> datetime | None:
    if not (text := request.field(field, 10)):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=days)
    except ValueError:
        raise Invalid(f"{field} is a day like 2026-11-24") from None


def _page(
    request: Request,
    *,
    subject: str = "",
    answer: Answer | None = None,
    problem: AppGuardError | None = None,
) -> Reply:
    return render.page(
        "persons.html",
        request,
        status=problem.status if problem else 200,
        subject=subject,
        answer=answer,
        problem=problem,
        days={field: request.form.get(field, "")[:10] for field in ("from", "to")},
        forgets=Role.DATA_OWNER in request.roles,
        holds=Role.SECURITY in request.roles,
        fresh=request.fresh,
    )
