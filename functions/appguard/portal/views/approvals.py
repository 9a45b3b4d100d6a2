"""The inbox of reviewers, the evidence behind a link, and the decision.

A link shows; only a POST by a signed-in reviewer, who proved lately who they are, decides.
"""

import re
from collections.abc import Sequence
from typing import Any

from appguard.approvals.approvals import Opened, approvals
from appguard.approvals.delegation.delegations import delegations
from appguard.approvals.errors import NotAReviewer
from appguard.approvals.exceptions.model import to_accept
from appguard.approvals.model import Decided, Verdict, Waiting
from appguard.approvals.open_to_decision import deciders
from appguard.approvals.seats import places, taken
from appguard.approvals.speaking import awaited
from appguard.gates.review_policy import review_policy
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError, Forbidden, Invalid, NotFound
from appguard.portal import render
from appguard.portal.access import READERS
from appguard.portal.apps import attested_review
from appguard.portal.http import Reply, Request, redirect

LOCATOR = re.compile(r"[A-Za-z0-9_-]{16,128}")
MAX_COMMENT = 2_000


class StepUpRequired(Forbidden):
    """The sign-in is too long ago to decide for somebody else."""

    code = "step_up_required"
    remediation = "Confirm that it is you, then decide."


def inbox(request: Request) -> Reply:
    """What waits for this person's word, what waits for others', and what is their own."""
    return inbox_page(request)


def inbox_page(request: Request, problem: AppGuardError | None = None) -> Reply:
    """The inbox, with the form for those who will be away and what was wrong with it."""
    return render.page(
        "approvals.html",
        request,
        status=problem.status if problem else 200,
        inbox=approvals().inbox(request.person),
        waits_for=awaited,
        away=delegations().of(request.person.id),
        typed=request.form,
        problem=problem,
    )


def to_decide(request: Request) -> Sequence[object]:
    """The approvals that wait for the person's word, for the home page."""
    return approvals().inbox(request.person).mine


def show(request: Request) -> Reply:
    """The evidence, and the form for those who may decide. Changes nothing, however often it is opened."""
    return _page(request)


def seats(request: Request) -> Reply:
    """Who has spoken: a piece of the page, asked for again while it waits; then the page is shown anew."""
    found = opened(request)
    reply = render.page("_seats.html", request, approval=found.approval, **_seats(found, request))
    return reply if found.problem is None else reply.with_headers({"hx-refresh": "true"})


def decide(request: Request) -> Reply:
    """Approve or refuse. What speaks against it is shown above the unchanged evidence."""
    reference = reference_of(request)
    try:
        must_be_fresh(request)
        comment = request.field("comment", MAX_COMMENT)
        approvals().decide(reference, by=request.person, verdict=_verdict(request), comment=comment)
    except NotFound:
        raise
    except AppGuardError as problem:
        return _page(request, problem)
    return redirect(f"/approvals/{reference}", decided="1")


def must_be_fresh(request: Request) -> None:
    """Raise `StepUpRequired` where the person did not prove lately who they are."""
    if not request.fresh:
        raise StepUpRequired("Your sign-in is more than a few minutes old")


def _page(request: Request, problem: AppGuardError | None = None) -> Reply:
    found = opened(request, problem)
    approval, evidence = found.approval, found.evidence
    waits = isinstance(approval, Waiting) and found.problem is None
    return render.page(
        "approval.html",
        request,
        status=problem.status if problem else 200,
        approval=approval,
        evidence=evidence,
        waits_for=awaited,
        standing=approvals().standing(approval, request.person) if isinstance(approval, Waiting) else None,
        open=waits,
        over=found.problem,
        deciders=deciders(approval) if isinstance(approval, Decided) else "",
        accepts=to_accept(evidence.findings),
        until=utc_now() + review_policy().exceptions.lasts(evidence.tier),
        fresh=request.fresh,
        problem=problem,
        attested=attested_review(evidence.app_id, evidence.bundle_digest),
        comment=request.form.get("comment", "")[:MAX_COMMENT],
        just_decided="decided" in request.query,
        **_seats(found, request),
    )


def opened(request: Request, problem: AppGuardError | None = None) -> Opened:
    """What the link stands for, for those it concerns."""
    found = approvals().open(reference_of(request))
    person, evidence = request.person, found.evidence
    own = person.id in found.approval.makers or (evidence.owner_email.casefold() == person.email.casefold())
    if not (own or request.is_any(READERS)):
        raise problem or NotAReviewer("This request is for reviewers")
    return found


def _seats(opened: Opened, request: Request) -> dict[str, Any]:
    """Each seat with who has taken it, and how long ago; and who refused."""
    approval = opened.approval
    sitting = taken(approval.seats, approval.voices)
    return {
        "seats": [(role, sitting.get(place)) for place, role in enumerate(places(approval.seats))],
        "refused": next((voice for voice in approval.voices if voice.verdict is Verdict.REFUSE), None),
        "waits": opened.problem is None,
        "reference": reference_of(request),
    }


def _verdict(request: Request) -> Verdict:
    try:
        return Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Invalid("Say whether you approve or refuse") from None


def reference_of(request: Request) -> str:
    """The locator of a link or the id from the inbox; anything else names nothing."""
    if not LOCATOR.fullmatch(request.params["locator"]):
        raise NotFound("There is no such request")
    return request.params["locator"]
