"""Read the METADATA block of a rule, as `opa inspect` and Regal read it."""

from typing import Any

import yaml
from pydantic import ValidationError

from appguard.policy.errors import PolicyUnusable
from appguard.policy.model import RuleMetadata


def read(source: str, rule: str) -> RuleMetadata:
    """The metadata of `rule`; raises `PolicyUnusable` when it is absent, malformed or another rule's."""
    try:
        block = yaml.safe_load("\n".join(_lines(source)))
        if not isinstance(block, dict) or not isinstance(block.get("custom"), dict):
            raise PolicyUnusable(f"{rule} has no METADATA block with a custom section")
        custom: dict[str, Any] = dict(block.pop("custom"))
        if block.pop("scope", "rule") != "document" or custom.pop("rule", None) != rule:
            raise PolicyUnusable(
                f"{rule}: custom.rule must be the name of the rule's folder, and scope document"
            )
        return RuleMetadata.model_validate(block | custom)
    except (yaml.YAMLError, ValidationError) as error:
        raise PolicyUnusable(f"the METADATA of {rule} cannot be read: {error}") from None


def _lines(source: str) -> list[str]:
    """The comment lines from `# METADATA` to the first line of code, without their `# `."""
    lines = iter(source.splitlines())
    for line in lines:
        if line.strip() == "# METADATA":
            break
    block = []
    for line in lines:
        if not line.startswith("#"):
            break
        block.append(line.removeprefix("#").removeprefix(" "))
    return block
