"""What a gate says when it cannot work."""

from appguard.kernel.errors import AppGuardError


class GateFailed(AppGuardError):
    """A gate could not do its work, so what it would have found is unknown."""

    code = "gate_failed"
    remediation = "Try again; if it stays, the platform team must repair the gate. Nothing passes meanwhile."
