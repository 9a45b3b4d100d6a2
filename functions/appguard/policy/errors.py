"""Why the policies could not be asked. Every one of these is a refusal, never a pass."""

from appguard.kernel.errors import Misconfigured


class PolicyUnusable(Misconfigured):
    """The policy files cannot be trusted to give an answer: missing, empty, unreadable or not understood."""

    code = "policy_unusable"
    remediation = "The platform team must repair the policy files; `appguard policy test` names the fault."


class PolicyFailed(Misconfigured):
    """The policies loaded and did not give an answer of the promised shape."""

    code = "policy_failed"
    remediation = "The platform team must look at the named rule; until then nothing is let through."
