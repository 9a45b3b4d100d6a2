"""One compliance report: its figures, and a framework's controls held against them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime

from appguard.gates.rulebook import entries
from appguard.kernel.record import Record
from appguard.reports.assess import Assessed, Rules, assess
from appguard.reports.catalogue import Framework, FrameworkName
from appguard.reports.checks import State, outcomes
from appguard.reports.model import Figures, ReportId


class Report(Record):
    """What is stored as `report.json`; every other form says the same in other ways."""

    schema_: Literal["appguard.report/v1"] = "appguard.report/v1"
    report_id: ReportId
    framework: FrameworkName
    title: str
    source: str
    made_at: AwareDatetime
    controls: tuple[Assessed, ...]
    figures: Figures

    def count(self, state: State) -> int:
        """How many controls stand so."""
        return sum(control.state is state for control in self.controls)

    @property
    def failed(self) -> list[Assessed]:
        """The controls something speaks against."""
        return [control for control in self.controls if control.state is State.FAILED]

    @property
    def counts(self) -> dict[str, int]:
        """The controls by how they stand."""
        return {state.value: self.count(state) for state in State}


def report(
    report_id: ReportId,
    name: FrameworkName,
    framework: Framework,
    figures: Figures,
    rules: Rules,
    made_at: AwareDatetime,
) -> Report:
    """The report of one framework over `figures`."""
    return Report(
        report_id=report_id,
        framework=name,
        title=framework.title,
        source=framework.source,
        made_at=made_at,
        controls=assess(framework, outcomes(figures), figures, rules),
        figures=figures,
    )


def rules_in(policies: Path) -> Mapping[str, tuple[str, ...]]:
    """The controls each rule of the book names in its METADATA."""
    return {name: entry.controls for name, entry in entries(policies).items()}
