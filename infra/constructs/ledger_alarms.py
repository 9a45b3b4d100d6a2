"""Somebody is told when the ledger does not hold, when nobody looked, and when something was set aside."""

from constructs import Construct

from appguard.audit import self_check
from appguard.audit.search import lag
from infra.constructs.alarms import Happened, Lagging, Reported, Silent
from infra.constructs.queue import Queue

VERIFIED = Reported(self_check.NAMESPACE, self_check.HOLDS)
BEHIND = Reported(lag.NAMESPACE, lag.NAME)


class LedgerAlarms(Construct):
    """Does it hold, does anybody look, was something set aside, and can it be searched up to now."""

    def __init__(self, scope: Construct, construct_id: str, *, inbox: Queue) -> None:
        super().__init__(scope, construct_id)
        Happened(
            self,
            "Broken",
            name="appguard-ledger-broken",
            says="The ledger does not verify: its last entry `ledger.verified`, or the log of"
            " appguard-audit-verify, names the first bad object",
            what=VERIFIED,
            holds=True,
        )
        Silent(
            self,
            "Unverified",
            name="appguard-ledger-unverified",
            says="Nobody verified the ledger for 26 hours: see the log of appguard-audit-verify",
            what=VERIFIED,
        )
        Lagging(
            self,
            "SearchBehind",
            name="appguard-search-lag",
            says="Entries of the last 15 minutes are not in the search's index: read the log of"
            " appguard-audit-search-index. Searches read the newest entries from the ledger meanwhile",
            what=BEHIND,
        )
        inbox.dead_letters.alarm(
            "appguard-ledger-dead-letters",
            "Something can be no entry of the ledger: its entries `ledger.rejected` say what and why,"
            " the dead letters of the ledger's inbox hold the messages",
        )
