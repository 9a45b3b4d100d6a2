"""Why a decision does not count. Each says what the person can do instead."""

from appguard.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ApprovalUnknown(NotFound):
    """No approval has this locator."""

    code = "approval_unknown"
    remediation = "Open the link from the newest mail, or find the request in the portal under Approvals."


class AlreadyDecided(Conflict):
    """Somebody decided first; a decision is made once."""

    code = "already_decided"
    remediation = "Nothing to do. The request shows who decided and when."


class ApprovalExpired(Conflict):
    """The time to decide is over."""

    code = "approval_expired"
    remediation = "Ask the app's owner to submit it again; you will get a new link."


class ApprovalSuperseded(Conflict):
    """A newer request, or the end of the review, took this one's place."""

    code = "approval_superseded"
    remediation = "Open the link from the newest mail, or find the request in the portal under Approvals."


class NotAReviewer(Forbidden):
    """Only reviewers decide."""

    code = "not_a_reviewer"
    remediation = "Ask the platform team for the reviewer role, or forward the request to a reviewer."


class SeparationOfDuties(Forbidden):
    """Nobody approves what they asked for or own."""

    code = "separation_of_duties"
    remediation = "Ask another reviewer to decide."


class CommentRequired(Invalid):
    """A refusal without a reason helps nobody."""

    code = "comment_required"
    remediation = "Say in a sentence what must change."
