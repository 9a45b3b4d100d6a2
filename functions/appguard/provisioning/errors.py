"""What can go wrong while an app gets its place to run."""

from appguard.kernel.errors import Conflict, Misconfigured, Unavailable


class LimitsNotInForce(Misconfigured):
    """A boundary or a limit was set and is not there: the app must not run."""

    code = "limits_not_in_force"


class StackBusy(Unavailable):
    """CloudFormation is still at work on the app's stack."""

    code = "stack_busy"


class SmokeTestFailed(Conflict):
    """The app was deployed and does not answer."""

    code = "smoke_test_failed"
    remediation = "Submit again; if it stays, tell the platform team the app's id."
