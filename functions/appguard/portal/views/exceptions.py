"""What was accepted for which app, by whom and until when; renewing it, and taking it back."""

from collections.abc import Mapping
from urllib.parse import urlencode

from appguard.approvals.exceptions.exceptions import LISTED, exceptions
from appguard.approvals.exceptions.model import AcceptedFinding, ExceptionRecord
from appguard.gates.review_policy import review_policy
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Invalid
from appguard.portal import render
from appguard.portal.http import Reply, Request, redirect
from appguard.portal.views.approvals import MAX_COMMENT, StepUpRequired

SHOWN = ("open", "expiring", "expired", "revoked")
EXPORT = "export"
FILTERS = ("app", "rule", "tier")
LONGEST = 100


def show(request: Request) -> Reply:
    """One list: open ones by the day they end, those that end soon, or those that count no more."""
    wanted = request.query.get("show", "open")
    shown = wanted if wanted in SHOWN else "open"
    listed = _listed(shown)
    asked = {name: request.query.get(name, "").strip()[:LONGEST] for name in FILTERS}
    return render.page(
        "exceptions.html",
        request,
        shown=shown,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if value}),
        found=[each for each in listed if _fits(each, asked)],
        rules=sorted({_rule(each) for each in listed}),
        tiers=sorted({each.tier for each in listed}),
        cut=len(listed) >= LISTED,
        listed=len(listed),
        choices=SHOWN,
        now=utc_now(),
    )


def _fits(record: ExceptionRecord, asked: Mapping[str, str]) -> bool:
    """Whether it is of the app (by id or any part of its name), the rule and the risk asked for."""
    named = (
        asked["app"].casefold() in (record.app_id, "")
        or asked["app"].casefold() in record.app_name.casefold()
    )
    return named and asked["rule"] in ("", _rule(record)) and asked["tier"] in ("", record.tier)


def _rule(record: ExceptionRecord) -> str:
    """The rule that speaks against it; exports have none of their own."""
    return record.about.rule if isinstance(record.about, AcceptedFinding) else EXPORT


def renew(request: Request) -> Reply:
    """A reviewer accepts it for another term; like every approval it needs a recent sign-in."""
    if not request.fresh:
        raise StepUpRequired("Your sign-in is more than a few minutes old", "Sign in again, then renew it.")
    renewed = exceptions().renew(request.params["exception_id"], request.person, _reason(request))
    return redirect("/exceptions", app=renewed.app_id)


def revoke(request: Request) -> Reply:
    """Security takes it back, at once and with a reason."""
    revoked = exceptions().revoke(request.params["exception_id"], request.person, _reason(request))
    return redirect("/exceptions", show="revoked", app=revoked.app_id)


def _reason(request: Request) -> str:
    if reason := request.field("reason", MAX_COMMENT):
        return reason
    raise Invalid("Say in a sentence why")


def _listed(shown: str) -> list[ExceptionRecord]:
    """What is past its day counts as expired even before a sweep has come by."""
    now, policy = utc_now(), review_policy().exceptions
    if shown == "revoked":
        return exceptions().listed("revoked")
    standing = exceptions().listed("open")
    if shown == "expired":
        return [*(e for e in standing if e.expires_at <= now), *exceptions().listed("expired")]
    holding = [each for each in standing if each.expires_at > now]
    return [e for e in holding if policy.soon(e.expires_at, now)] if shown == "expiring" else holding
