"""What can be wrong with asking for a review."""

from appguard.kernel.errors import Conflict


class AnotherReviewOpen(Conflict):
    """One version of an app is reviewed at a time."""

    code = "another_review_open"
    remediation = "Wait for the open review to end, then submit this version."


class NotTheDraft(Conflict):
    """What is submitted is not what the app's draft holds."""

    code = "not_the_draft"
    remediation = "Reload the app; somebody saved another draft. Submit what you see."


class StaleRun(Conflict):
    """A step of a run that was replaced by a newer one."""

    code = "stale_run"
    remediation = "Nothing: the newer run continues."


class NotApproved(Conflict):
    """Nothing runs and nothing is published before its review has approved it."""

    code = "not_approved"
    remediation = "Nothing: the review has to be approved first."


class TooLateToWithdraw(Conflict):
    """The version was decided on, or its review has ended otherwise."""

    code = "too_late_to_withdraw"
    remediation = "Reload the app; its page says what was decided. An app in use can be paused."


class NoReview(Conflict):
    """The review has ended; its steps can change nothing any more."""

    code = "review_ended"
    remediation = "Submit a new version."
