"""Why a submission from Git is not taken."""

from appguard.kernel.errors import Conflict, Forbidden, Unauthenticated


class CiTokenRefused(Unauthenticated):
    """The token proves nothing here. Why is its cause, for the log: told, it would help who forges tokens."""

    code = "ci_token_refused"
    remediation = (
        "Send a token that a Git service named in policies/sources.yaml made for this run, with the "
        "portal's address as its audience; `appguard submit` asks for one."
    )


class NotAPush(Forbidden):
    """The run was not set off by what may submit."""

    code = "not_a_push"
    remediation = "Submit from a run that a push or a person's click began; others are for checks."


class NotLinked(Forbidden):
    """The app takes nothing from this folder of this repository."""

    code = "not_linked"
    remediation = "The app's owner links repository and folder on the app's page in the portal."


class TokenUsed(Conflict):
    """The token was used before."""

    code = "token_used"
    remediation = "Run the job again: every run has a token of its own, for one submission."
