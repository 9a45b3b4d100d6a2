"""The errors people and programs see: a code, a message, and what to do next."""

from typing import ClassVar


class AppGuardError(Exception):
    """Base of every error that may reach a caller. `code` is stable; `status` is the HTTP status."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    remediation: ClassVar[str] = "Try again; if it stays, tell the platform team the trace id."
    recorded = False
    """Whether the ledger knows already; whoever has recorded the refusal says so before raising it."""

    def __init__(self, message: str, remediation: str | None = None) -> None:
        """Say what is wrong in `message` and, where the class's advice is too general, what to do."""
        super().__init__(message)
        self.message = message
        self.advice = remediation or self.remediation

    def as_dict(self) -> dict[str, dict[str, str]]:
        """The machine-readable form used by every API and command."""
        return {"error": {"code": self.code, "message": self.message, "remediation": self.advice}}


class Invalid(AppGuardError):
    """The input does not have the promised shape."""

    code = "invalid"
    status = 400
    remediation = "Correct the named field and send it again."


class Unauthenticated(AppGuardError):
    """Nobody is signed in, or the proof of identity does not hold."""

    code = "unauthenticated"
    status = 401
    remediation = "Sign in and try again."


class Forbidden(AppGuardError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403
    remediation = "Ask the app's owner or the platform team for access."


class NotFound(AppGuardError):
    """There is no such thing, or the caller may not know that there is."""

    code = "not_found"
    status = 404
    remediation = "Check the name; it may have been retired."


class Conflict(AppGuardError):
    """The thing is in a state that does not allow this."""

    code = "conflict"
    status = 409
    remediation = "Reload to see the current state, then decide again."


class StaleVersion(Conflict):
    """Somebody saved a newer version first."""

    code = "stale_version"


class TooLarge(AppGuardError):
    """The input is larger than the stated limit."""

    code = "too_large"
    status = 413
    remediation = "Send less; the message names the limit."


class Misconfigured(AppGuardError):
    """The deployment is wrong; no input can mend it."""

    code = "misconfigured"
    remediation = "The platform team must correct the function's settings."


class Unavailable(AppGuardError):
    """Something we depend on does not answer."""

    code = "unavailable"
    status = 503
    remediation = "Try again in a minute."
