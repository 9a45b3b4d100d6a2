"""A rule of the catalogue, and the files it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from appguard.kernel.finding import Severity

SCHEMA_RULE = "input-incomplete"


class RuleMetadata(BaseModel):
    """The METADATA block above a rule: written once, joined to every finding of that rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=5, max_length=80)
    description: str = Field(min_length=20, max_length=600)
    severity: Severity
    remediation: str = Field(min_length=10, max_length=400)
    controls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule: its name, where it stands, what its METADATA says, its text and that of its tests."""

    name: str
    topic: str
    metadata: RuleMetadata
    source: str
    tests: str

    @property
    def package(self) -> str:
        """The Rego package, e.g. `appguard.rules.connector_restricted`."""
        return f"appguard.rules.{self.name.replace('-', '_')}"

    @property
    def path(self) -> str:
        """Where the rule stands, seen from the policies folder."""
        return f"rego/{self.topic}/{self.name}/rule.rego"

    @property
    def test_path(self) -> str:
        """Where its tests stand."""
        return f"rego/{self.topic}/{self.name}/rule_test.rego"


@dataclass(frozen=True)
class PolicyFiles:
    """Everything that decides: the index, the shared modules, the rules and the data."""

    index: str
    shared: Mapping[str, str]
    rules: Mapping[str, Rule]
    data: Mapping[str, Any]
    digest: str

    def modules(self) -> dict[str, str]:
        """Rego text by path, without what serves tests alone: what `opa eval` and conftest read."""
        shared = {path: text for path, text in self.shared.items() if not path.endswith("_test.rego")}
        rules = {rule.path: rule.source for rule in self.rules.values()}
        return {"rego/index.rego": self.index, **shared, **rules}

    def deciding(self) -> dict[str, str]:
        """The modules our engine compiles: all but the rule that stands in for the schema.

        `PolicyInput` refuses first whatever that rule would refuse (a test removes every operand), and
        it alone would take half the time of all rules together.
        """
        modules = self.modules()
        stand_in = self.rules.get(SCHEMA_RULE)
        if stand_in:
            modules.pop(stand_in.path)
            line = f"deny contains finding if some finding in rules.{SCHEMA_RULE.replace('-', '_')}.deny"
            modules["rego/index.rego"] = self.index.replace(line, "")
        return modules

    def test_modules(self) -> dict[str, str]:
        """Rego text by path of the rules' cases and what they share."""
        shared = {path: text for path, text in self.shared.items() if path.endswith("_test.rego")}
        return shared | {rule.test_path: rule.tests for rule in self.rules.values()}
