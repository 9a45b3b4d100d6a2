"""Why somebody cannot be named as a delegate."""

from appguard.kernel.errors import Invalid


class NoSuchDelegate(Invalid):
    """Nobody who works here and could speak instead."""

    code = "no_such_delegate"
    remediation = "Name a colleague who has the same roles as you, by the address they sign in with."


class NotSomeDays(Invalid):
    """The days are none, too many, or over."""

    code = "not_some_days"
    remediation = "Choose a first and a last day, at most 90 days, that are not over."
