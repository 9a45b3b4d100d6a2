"""The inbox of reviewers, the evidence behind a link, and the decision.

A link shows; only a POST by a signed-in reviewer, who proved lately who they are, decides.
"""

import re

from appguard.approvals.approvals import approvals
from appguard.approvals.errors import NotAReviewer
from appguard.approvals.exceptions.model import to_accept
from appguard.approvals.model import Approval, Verdict
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
    """What waits for a decision; one's own requests are listed apart."""
    waiting = approvals().waiting()
    return render.page(
        "approvals.html",
        request,
        waiting=[each for each in waiting if each.requester != request.person.id],
        own=[each for each in waiting if each.requester == request.person.id],
        now=utc_now(),
    )


def to_decide(request: Request) -> list[object]:
    """The approvals the person may decide, for the home page."""
    return [each for each in approvals().waiting() if each.requester != request.person.id]


def show(request: Request) -> Reply:
    """The evidence, and the form for those who may decide. Changes nothing, however often it is opened."""
    return _page(request)


def decide(request: Request) -> Reply:
    """Approve or refuse. What speaks against it is shown above the unchanged evidence."""
    reference = _reference(request)
    try:
        if not request.fresh:
            raise StepUpRequired("Your sign-in is more than a few minutes old")
        comment = request.field("comment", MAX_COMMENT)
        approvals().decide(reference, by=request.person, verdict=_verdict(request), comment=comment)
    except NotFound:
        raise
    except AppGuardError as problem:
        return _page(request, problem)
    return redirect(f"/approvals/{reference}", decided="1")


def _page(request: Request, problem: AppGuardError | None = None) -> Reply:
    opened = approvals().open(_reference(request))
    approval, evidence = opened.approval, opened.evidence
    mine = approval.requester == request.person.id or (
        evidence.owner_email.casefold() == request.person.email.casefold()
    )
    if not (mine or request.is_any(READERS)):
        raise problem or NotAReviewer("This request is for reviewers")
    return render.page(
        "approval.html",
        request,
        status=problem.status if problem else 200,
        approval=approval,
        evidence=evidence,
        reference=_reference(request),
        mine=mine,
        open=_open(approval),
        accepts=to_accept(evidence.findings),
        until=utc_now() + review_policy().exceptions.lasts(evidence.tier),
        fresh=request.fresh,
        problem=problem,
        attested=attested_review(evidence.app_id, evidence.bundle_digest),
        comment=request.form.get("comment", "")[:MAX_COMMENT],
        just_decided="decided" in request.query,
    )


def _open(approval: Approval) -> bool:
    return approval.state == "waiting" and not approval.expired(utc_now())


def _verdict(request: Request) -> Verdict:
    try:
        return Verdict(request.form.get("verdict", ""))
    except ValueError:
        raise Invalid("Say whether you approve or refuse") from None


def _reference(request: Request) -> str:
    """The locator of a link or the id from the inbox; anything else names nothing."""
    if not LOCATOR.fullmatch(request.params["locator"]):
        raise NotFound("There is no such request")
    return request.params["locator"]
