"""Why the broker says no. None of these carries a value of the data or a word of the database's own."""

from appguard.connectors.model import Connector, Query
from appguard.kernel.errors import AppGuardError, Conflict, Forbidden, TooLarge, Unauthenticated, Unavailable
from appguard.kernel.levels import DataClass


class BrokerFailed(AppGuardError):
    """A fault of our own; what it was stands in the log alone."""

    code = "broker_failed"


class AppUnknown(Forbidden):
    """The caller is not the role of a micro app."""

    code = "app_unknown"
    remediation = "Only micro apps may ask here, with the credentials of their own function."


class TokenRefused(Unauthenticated):
    """The end user's ID token does not hold."""

    code = "token_refused"
    remediation = "Sign in to the app again."


class NotGranted(Forbidden):
    """The app was not approved for this query or command, or is not active."""

    code = "not_granted"
    remediation = "Name the query or command in the manifest's connectors and submit the app for review."


class ConnectorRetired(Forbidden):
    """The connector was withdrawn."""

    code = "connector_retired"
    remediation = "Ask the owner of the data which connector replaces it."


class TooManyCalls(AppGuardError):
    """The user of this app asked more often than the connector allows."""

    code = "too_many_calls"
    status = 429
    remediation = "Wait a minute; an app that must ask often should ask for more at once."


class BudgetExceeded(AppGuardError):
    """The user of this app was given as many rows of this class today as the connector allows."""

    code = "budget_exceeded"
    status = 429
    remediation = (
        "Go on tomorrow (the day ends at midnight UTC), or ask for less at once. Whoever answers for the"
        " data was told, and can raise the limit in the connector file."
    )


class NothingChanged(Conflict):
    """The command ran and found nothing the user may change."""

    code = "nothing_changed"
    remediation = "It may be decided or withdrawn already, or not be yours; reload to see."


class RefusedBySource(Conflict):
    """The source's own rules refuse the change; the message stands in the connector file."""

    code = "refused_by_source"
    remediation = "Change what the message names and try again."


class ResultTooLarge(TooLarge):
    """The answer exceeds the connector's limits."""

    code = "result_too_large"
    remediation = "Ask for less, e.g. for a shorter period."


class PersonInText(AppGuardError):
    """A text that goes to an API outside holds what the connector file says it does not."""

    code = "person_in_text"
    status = 422
    remediation = "Leave it out. Where it belongs, the owner of the data declares the parameter as personal."


class SourceTimeout(Unavailable):
    """The source took longer than the connector allows."""

    code = "source_timeout"
    status = 504
    remediation = "Ask for less, e.g. for a shorter period, or try again later."


class SourceFailed(Unavailable):
    """The source refused the statement or answered in a shape nobody declared."""

    code = "source_failed"
    status = 502
    remediation = "Tell the owner of the connector the trace id."


class EgressRefused(SourceFailed):
    """The source's name leads to an address that no connector may reach."""

    code = "egress_refused"


class OutcomeUnknown(SourceTimeout):
    """A change was sent and no answer came: it may have been made."""

    code = "outcome_unknown"
    remediation = "Look whether the change was made before you try again."


class RowFilterBreached(SourceFailed):
    """The source returned a row that is not the user's: its filter failed, so nothing is returned."""

    code = "row_filter_breached"
    status = 500


class ExportBlocked(Forbidden):
    """Personal data leaves as a file only with an exception, and what its owner keeps inside never."""

    code = "export_blocked"

    @classmethod
    def of(cls, connector: Connector, name: str, query: Query, ask_at: str) -> "ExportBlocked":
        """The refusal naming the columns that cause it, who answers for the data, and where to ask."""
        columns = [column.name for column in query.columns if column.class_ >= DataClass.PERSONAL]
        listed = ", ".join(columns)
        allow = f"a reviewer to allow it for a time: {ask_at}"
        if not listed:
            why = "the rules of this query let it leave as a file only with somebody's word"
            return cls(why, f"Ask {connector.owner}, who answers for this data, or {allow}")
        return cls(
            f"{name} returns personal data ({listed}); exports of personal data are blocked.",
            f"Use a query without {listed}, ask {connector.owner}, who answers for this data, or {allow}",
        )
