"""The rules in plain words; what a candidate would change; and the two people who publish it."""

from itertools import groupby

from appguard.gates.rulebook import entries
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import AppGuardError, Forbidden, Invalid
from appguard.kernel.event import Role
from appguard.policy.comparison import Comparing, Done, Running
from appguard.policy.comparisons import comparisons
from appguard.policy.files import digest as digest_of
from appguard.policy.impact import HEADINGS, Change, Kind
from appguard.policy.releases import releases
from appguard.portal import render
from appguard.portal.http import Reply, Request, redirect


class StepUpRequired(Forbidden):
    """The sign-in is too long ago to change what all apps are judged by."""

    code = "step_up_required"
    remediation = "Confirm that it is you, then decide."


def show(request: Request) -> Reply:
    """Every rule by topic, one topic in full, and which policies are in force."""
    folder = releases().in_force()
    book = entries(folder)
    topics = {topic: list(rules) for topic, rules in groupby(book.values(), key=lambda rule: rule.topic)}
    asked = request.query.get("topic", "")
    return render.page(
        "policies.html",
        request,
        topics={asked: topics[asked]} if asked in topics else topics,
        whole=asked in topics,
        digest=digest_of(folder),
        published=releases().published(),
    )


def impact(request: Request) -> Reply:
    """What the candidate, or a staged version named by its digest, would change. Changes nothing."""
    return _page(request, _named(request, request.query.get("digest", "")))


def compare(request: Request) -> Reply:
    """Have the candidate, or the version named, compared; the page shows how far that is."""
    digest = _named(request, request.field("digest", 100))
    try:
        comparisons().start(digest)
    except AppGuardError as problem:
        return _page(request, digest, problem)
    return redirect(f"/policies/impact?digest={digest.removeprefix('sha256:')}")


def decide(request: Request) -> Reply:
    """Propose, publish or withdraw; what speaks against it is shown above the comparison."""
    digest = request.field("digest", 100)
    try:
        if not request.fresh:
            raise StepUpRequired("Your sign-in is more than a few minutes old")
        _decide(request, digest)
    except AppGuardError as problem:
        return _page(request, _named(request, digest), problem)
    return redirect("/policies/impact")


def _decide(request: Request, digest: str) -> None:
    acting = request.acting_as(Role.PLATFORM, Role.SECURITY)
    match request.form.get("verdict"):
        case "propose":
            releases().propose(digest, comparisons().done(digest).counts(), request.person, acting)
        case "publish":
            releases().publish(digest, request.person, acting)
        case "withdraw":
            releases().withdraw(digest, acting)
        case _:
            raise Invalid("Say whether you propose, publish or withdraw")


def _named(request: Request, digest: str) -> str:
    """The candidate if there is one; else what the person names, with or without `sha256:`, if anything."""
    candidate = releases().candidate()
    named = digest.strip().removeprefix("sha256:")[:100]
    return candidate.digest if candidate else f"sha256:{named}" if named else ""


def _page(request: Request, digest: str, problem: AppGuardError | None = None) -> Reply:
    candidate, comparing, usable = releases().candidate(), None, bool(digest)
    try:
        comparing = comparisons().latest(digest) if digest else None
    except AppGuardError as unusable:
        problem, usable = problem or unusable, False
    return render.page(
        "policies_impact.html",
        request,
        status=problem.status if problem else 200,
        problem=problem,
        digest=digest,
        candidate=candidate,
        published=releases().published(),
        usable=usable,
        comparing=comparing,
        under_way=isinstance(comparing, Running) and not comparing.stalled(utc_now()),
        kinds=_kinds(comparing),
        mine=candidate is not None and candidate.proposed_by == request.person.id,
        fresh=request.fresh,
    )


def _kinds(comparing: Comparing | None) -> list[tuple[str, tuple[Change, ...]]]:
    """The changes by heading, once they are known."""
    if not isinstance(comparing, Done):
        return []
    return [(HEADINGS[kind], comparing.impact.of_kind(kind)) for kind in Kind]
