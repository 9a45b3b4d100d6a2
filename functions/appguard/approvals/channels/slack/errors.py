"""Why Slack is not heard, or does not hear us. None of these quotes a secret."""

from appguard.kernel.errors import Conflict, Forbidden, Misconfigured, Unauthenticated, Unavailable


class NotFromSlack(Unauthenticated):
    """The request proves nothing: wrong signature, too old, or seen before."""

    code = "slack_signature_invalid"
    remediation = "Use the buttons in Slack; the platform team can look at the app's signing secret."


class OtherWorkspace(Forbidden):
    """The request is of a workspace we do not know."""

    code = "slack_other_workspace"
    remediation = "Decide in the company's own workspace, or open the request in the portal."


class NotAMember(Forbidden):
    """Slack does not vouch for this user as a member of the workspace with a confirmed address."""

    code = "slack_not_a_member"
    remediation = "Confirm your address in Slack, or open the request in the portal and decide there."


class PersonUnknown(Forbidden):
    """The address is nobody's who may work with us."""

    code = "slack_person_unknown"
    remediation = "Sign in to the portal once; if that does not help, ask the platform team."


class ConfirmationStale(Conflict):
    """What was shown may have changed since."""

    code = "confirmation_stale"
    remediation = "Press the button in the message again and confirm what it shows then."


class SlackAway(Unavailable):
    """Slack does not answer, or asks us to slow down: the same again, later."""

    code = "slack_away"
    remediation = "Use the portal or the mail meanwhile; the message follows when Slack answers."


class SlackRefuses(Misconfigured):
    """Slack wants something of us: another token, scope or channel."""

    code = "slack_refuses"
    remediation = "Compare token, scopes and channel with docs/slack.md; then send the event again."
