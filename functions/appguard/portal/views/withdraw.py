"""Taking an app back from review."""

from appguard.kernel.errors import Conflict
from appguard.kernel.event import Role
from appguard.portal.apps import own
from appguard.portal.http import Reply, Request, redirect


def withdraw(request: Request) -> Reply:
    """End the review that the page showed, unless it was decided meanwhile."""
    from appguard.approvals.approvals import approvals  # noqa: PLC0415 - with its workflow client
    from appguard.reviews.model import Withdrawal  # noqa: PLC0415
    from appguard.reviews.reviews import reviews  # noqa: PLC0415

    app = own(request)
    review_id = reviews().open_of(app.app_id)
    if review_id is None or request.form.get("review") != review_id:
        raise Conflict("This review has ended", "Reload the app; its page says how.")
    approvals().withdrawals.withdraw(review_id, request.acting_as(Role.REQUESTER), Withdrawal.ASKED)
    return redirect(f"/my/{app.app_id}")
