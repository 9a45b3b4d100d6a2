"""When events are delivered to one destination, and who is told when they are not."""

from aws_cdk import Duration
from constructs import Construct

from appguard.siem.lag import DIMENSION, NAME, NAMESPACE
from appguard.siem.model import DestinationName
from infra.constructs.alarms import Lagging, Reported
from infra.constructs.events import Bus, Schedule
from infra.constructs.handler import Handler
from infra.constructs.queue import DeadLetters, Queue
from infra.target import Target

UNTIL_SEALED = Duration.seconds(10)
"""Events are announced when they happen; it takes them this long to become entries of the ledger."""


class SiemDelivery(Construct):
    """The clock makes sure; events only make it sooner. A lake gathers, and so has the clock alone."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        target: Target,
        name: DestinationName,
        handler: Handler,
        bus: Bus,
        dead_letters: DeadLetters,
    ) -> None:
        super().__init__(scope, construct_id)
        gathers = name is DestinationName.LAKE
        every = Duration.minutes(5 if gathers else 1)
        Schedule(self, "Schedule", every=every, handler=handler, dead_letters=dead_letters)
        if not gathers:
            wake = Queue(
                self,
                "Wake",
                target=target,
                visible_after=Duration.minutes(30),
                attempts=2,
                delay=UNTIL_SEALED,
            )
            bus.announce(wake)
            wake.feed(handler)
        Lagging(
            self,
            "Late",
            name=f"appguard-siem-lag-{name}",
            says=f"Events of the last 15 minutes have not reached {name}:"
            f" run `appguard siem status`, and read the log of appguard-siem-{name}",
            what=Reported(NAMESPACE, NAME, {DIMENSION: name.value}),
        )
