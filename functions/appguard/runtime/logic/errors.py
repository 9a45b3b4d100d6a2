"""How an app's own code fails, in words that hold no data."""

from typing import ClassVar

from appguard.kernel.errors import AppGuardError


class LogicFailed(AppGuardError):
    """The app's own code gave no usable answer. The message names function, kind of error and line."""

    code: ClassVar[str] = "logic_failed"
    status: ClassVar[int] = 500
    remediation: ClassVar[str] = "Tell the app's owner; a corrected version of the app will mend it."
