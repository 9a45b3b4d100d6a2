"""What can stand in the way of operating an app."""

from appguard.kernel.errors import Conflict, Forbidden, Unavailable


class NotTheOwner(Forbidden):
    """Only the owner, or the platform team, says whether an app is still needed."""

    code = "not_the_owner"
    remediation = "Ask the app's owner, or the platform team."


class NotSecurity(Forbidden):
    """Only security locks an app, and only security lets it go."""

    code = "not_security"
    remediation = "Tell the security team what you know about the app."


class NotOffered(Forbidden):
    """The app was offered to somebody else, or to nobody."""

    code = "not_offered"
    remediation = "Ask the app's owner, or the platform team, to offer it to you."


class MayNotOwn(Conflict):
    """Whoever answered for an app as its reviewer cannot answer for it as its owner too."""

    code = "may_not_own"
    remediation = "Let somebody else take it over, or have another reviewer approve a new version first."


class ExceptionLapsed(Conflict):
    """A risk somebody had accepted for a time is accepted no longer."""

    code = "exception_lapsed"
    remediation = (
        "Ask a reviewer to renew the exception (the app's page lists it), or submit a version without it."
    )


class AppsLeft(Unavailable):
    """Some apps could not be looked at."""

    code = "apps_left"
    remediation = "It is tried again by itself; if it ends in the dead letters, look at the log."


class RemovalUnderWay(Unavailable):
    """The app is retired; what it ran on is still being deleted."""

    code = "removal_under_way"
    remediation = "Nothing to do: the next sweep finishes it."
