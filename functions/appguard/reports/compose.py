"""From an exported ledger to the files of reports: the same offline and in the cloud, for any date."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from appguard.audit.verify import Key
from appguard.kernel.files import policies_dir
from appguard.reports.catalogue import Catalogue
from appguard.reports.figures.access import within
from appguard.reports.figures.compute import figures
from appguard.reports.history import read
from appguard.reports.ledger import check, events
from appguard.reports.order import Order
from appguard.reports.render import render
from appguard.reports.report import Report, report, rules_in
from appguard.secrets.policy import secret_policy


@dataclass(frozen=True)
class Composed:
    """A report and its files, not yet signed or stored."""

    order: Order
    report: Report
    files: dict[str, bytes]


def compose(
    folder: Path, keys: Sequence[Key], orders: Sequence[Order], catalogue: Catalogue, made_at: datetime
) -> Iterator[Composed]:
    """Verify the export once, and make each report from its entries up to the end of its period."""
    ledger, rules, ages = check(folder, list(keys)), rules_in(policies_dir()), alarm_days()
    until = attrgetter("period.until")
    for end, ending in groupby(sorted(orders, key=until), key=until):
        history = read(events(folder), end)
        for order in ending:
            found = figures(history, ledger, order.period, ages)
            framework = catalogue.frameworks[order.framework]
            made = report(order.report_id, order.framework, framework, found, rules, made_at)
            yield Composed(order=order, report=made, files=render(made, within(history, order.period)))


def alarm_days() -> dict[str, int]:
    """By kind of secret the age at which an alarm is due, as the policy is now."""
    return {kind.value: rule.alarm_days for kind, rule in secret_policy().ages.items()}
