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


class ApprovalWithdrawn(Conflict):
    """Whoever asked does not ask any more, or asks for something else."""

    code = "approval_withdrawn"
    remediation = "Nothing to do. If a new version is submitted, there will be a new request."


class AlreadySpoken(Conflict):
    """One person is heard once."""

    code = "already_spoken"
    remediation = "Nothing to do but wait for the others. You can still refuse until they have decided."


class SeatsTaken(Conflict):
    """Others have said what this person could say; somebody of another role is waited for."""

    code = "seats_taken"
    remediation = "Nothing to do. You can still refuse until the others have decided."


class NotAReviewer(Forbidden):
    """Only those decide for whom there is a seat."""

    code = "not_a_reviewer"
    remediation = "Ask the platform team for the role, or forward the request to somebody who has it."


class Left(Forbidden):
    """Who has left the company decides on nothing, whatever session or message they still hold."""

    code = "person_left"
    remediation = "If this is a mistake, ask those who keep the company's directory."


class SeparationOfDuties(Forbidden):
    """Nobody approves what they asked for or own."""

    code = "separation_of_duties"
    remediation = "Ask another reviewer to decide."


class UnknownPusher(SeparationOfDuties):
    """It came from a login of which nobody has said whose it is: it might be the reviewer's own."""

    code = "unknown_pusher"
    remediation = (
        "Ask the platform team to list that login, or yours, under `people` in policies/sources.yaml; "
        "or ask a reviewer whose login is listed."
    )


class ExceptionUnknown(NotFound):
    """No exception has this id."""

    code = "exception_unknown"
    remediation = "Find it in the portal under Exceptions."


class ExceptionOver(Conflict):
    """The exception is in a state in which nothing can be done about it."""

    code = "exception_over"
    remediation = "Submit a version of the app; a reviewer then decides anew."


class TooMuchToAccept(Conflict):
    """Nobody weighs this many findings in one decision."""

    code = "too_much_to_accept"
    remediation = "Refuse it with a comment, and ask for a version with fewer findings."


class NotSecurity(Forbidden):
    """Only security takes back what was accepted."""

    code = "not_security"
    remediation = "Ask the security team."


class ExportUnknown(NotFound):
    """The app in use may not ask this query, so there is nothing to let out."""

    code = "export_unknown"
    remediation = "Open the link of the refused export again; its app may have changed since."


class NoLeaveNeeded(Conflict):
    """The query's rules let it leave as it is."""

    code = "no_exception_needed"
    remediation = "Nothing to do: export it in the app."


class CommentRequired(Invalid):
    """A refusal, or a risk that is accepted, without a reason helps nobody."""

    code = "comment_required"
    remediation = "Say in a sentence what must change."
