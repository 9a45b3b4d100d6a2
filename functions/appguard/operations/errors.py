"""What can stand in the way of operating an app."""

from appguard.kernel.errors import Forbidden, Unavailable


class NotTheOwner(Forbidden):
    """Only the owner, or the platform team, says whether an app is still needed."""

    code = "not_the_owner"
    remediation = "Ask the app's owner, or the platform team."


class RemovalUnderWay(Unavailable):
    """The app is retired; what it ran on is still being deleted."""

    code = "removal_under_way"
    remediation = "Nothing to do: the next sweep finishes it."
