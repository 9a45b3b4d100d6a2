"""Why a destination did not take what it was sent. None of these quotes a secret or an event."""

from appguard.kernel.errors import Invalid, Misconfigured, Unavailable


class Away(Unavailable):
    """It does not answer, is overloaded, or nobody knows whether it took it: the same again, later."""

    code = "siem_away"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """`retry_after` seconds are what the destination asked for, if it did."""
        super().__init__(message)
        self.retry_after = retry_after


class Refused(Misconfigured):
    """It wants no events from us at all: wrong token, wrong index, wrong address. Nothing is skipped."""

    code = "siem_refused"
    remediation = "Correct address or secret; everything since is then caught up from the ledger."


class Indigestible(Invalid):
    """It took nothing because of something in what was sent; `said` is its word for it."""

    code = "siem_indigestible"

    def __init__(self, code: str) -> None:
        """The receiver's own code, not its prose: that may quote the event."""
        super().__init__(f"the destination refuses the content ({code})")
        self.said = code
