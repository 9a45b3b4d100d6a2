"""What programs ask the portal: the approvals of `appguard approve`, and how to ask.

Who may see and decide what is judged where it is for pages; these only speak another language.
"""

from pydantic import BaseModel, ValidationError

from appguard.approvals.approvals import approvals
from appguard.approvals.model import Decided, Waiting
from appguard.approvals.speaking import awaited
from appguard.approvals.summary import summarise
from appguard.gates.review_policy import review_policy
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Invalid
from appguard.kernel.strict_json import parse
from appguard.portal.api.model import Asked, Decision, Heard, Inbox, Provider
from appguard.portal.http import Reply, Request
from appguard.portal.settings import settings
from appguard.portal.views.approvals import must_be_fresh, opened, reference_of

JSON = "application/json"


def sign_in(_: Request) -> Reply:
    """Where a command line signs people in."""
    return _told(Provider(issuer=settings().oidc_issuer, client_id=settings().oidc_client_id))


def openapi(_: Request) -> Reply:
    """Every address of this portal, as OpenAPI describes them."""
    from appguard.portal.api.openapi import document  # noqa: PLC0415 - it reads every route, few ask for it

    return Reply(document(), content_type=JSON, headers={"cache-control": "public, max-age=300"})


def inbox(request: Request) -> Reply:
    """What waits for this person's word."""
    mine = approvals().inbox(request.person).mine
    return _told(Inbox(waiting=tuple(_asked(each) for each in mine)))


def show(request: Request) -> Reply:
    """What a decision rests on, in the words every channel uses."""
    found = opened(request)
    rules = review_policy().exceptions
    return _told(summarise(found, found.approval.approval_id, settings().portal_url, rules, utc_now()))


def decide(request: Request) -> Reply:
    """Approve or refuse."""
    said = _decision(request.body)
    must_be_fresh(request)
    heard = approvals().decide(reference_of(request), request.person, said.verdict, said.comment)
    return _told(Heard(approval_id=heard.approval_id, state=heard.state, awaited=_awaited(heard)))


def _decision(body: bytes) -> Decision:
    try:
        return Decision.model_validate(parse(body))
    except ValidationError as error:
        named = ", ".join(sorted({".".join(map(str, each["loc"])) or "the body" for each in error.errors()}))
        raise Invalid(f"Cannot be read: {named:.200}") from None
    except ValueError as error:
        raise Invalid(f"The body is no decision: {error}") from None


def _asked(waiting: Waiting) -> Asked:
    shared = {name: getattr(waiting, name) for name in Asked.model_fields if name != "awaited"}
    return Asked(**shared, awaited=_awaited(waiting))


def _awaited(approval: Waiting | Decided) -> tuple[str, ...]:
    return tuple(awaited(approval)) if isinstance(approval, Waiting) else ()


def _told(said: BaseModel) -> Reply:
    return Reply(said.model_dump_json(), content_type=JSON)
