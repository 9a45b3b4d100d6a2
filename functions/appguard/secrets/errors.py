"""What can go wrong with secrets. None of these says anything of a secret but its name."""

from appguard.kernel.errors import Conflict, Unavailable


class RotationFailed(Conflict):
    """A secret could not be rotated; the old one stays in force."""

    code = "rotation_failed"
    remediation = "The next scheduled rotation resumes it; the old secret works until then."


class RotatedJustNow(Conflict):
    """The secret before the current one may still be in use somewhere: a third would shut that out."""

    code = "rotated_just_now"
    remediation = "Wait for the overlap of policies/secrets.yaml; to stop an app at once, suspend it."


class SourceOutOfReach(Unavailable):
    """The database does not let the administrator's login in, or does not answer."""

    code = "source_out_of_reach"
    remediation = "Check the connector's address and the administrator's login; then run the rotation again."
