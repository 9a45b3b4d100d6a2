"""Who may do what, read back from the templates."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infra.assembly import Assembly, several, text


@dataclass(frozen=True)
class Right:
    """One allowed action on one resource, and under which conditions."""

    action: str
    resource: str
    conditions: tuple[tuple[str, str, str], ...] = ()


def of_role(assembly: Assembly, role: str) -> set[Right]:
    """Everything a role's own and attached policies allow."""
    found = set()
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, policy in assembly.resources(kind).items():
            if {"Ref": role} in policy["Properties"].get("Roles", []) or name in _attached(assembly, role):
                found |= set(_rights(policy["Properties"]["PolicyDocument"]))
    for inline in assembly.resources("AWS::IAM::Role")[role]["Properties"].get("Policies", []):
        found |= set(_rights(inline["PolicyDocument"]))
    return found


def of_function(assembly: Assembly, name: str) -> set[Right]:
    """What one function may do."""
    return of_role(assembly, role_of(assembly, name))


def role_of(assembly: Assembly, name: str) -> str:
    """The logical id of a function's role."""
    return str(assembly.functions()[name]["Role"]["Fn::GetAtt"][0])


def by_function(assembly: Assembly) -> dict[str, set[Right]]:
    """The rights of every function."""
    return {name: of_function(assembly, name) for name in assembly.functions()}


def who_may(assembly: Assembly, action: str, about: str = "") -> set[str]:
    """The functions allowed an action on a resource whose ARN mentions `about`."""
    return {
        name
        for name, rights in by_function(assembly).items()
        if any(right.action == action and about in right.resource for right in rights)
    }


def of_managed(assembly: Assembly, physical_name: str) -> set[Right]:
    """What a managed policy allows, by its name."""
    for policy in assembly.resources("AWS::IAM::ManagedPolicy").values():
        if policy["Properties"].get("ManagedPolicyName") == physical_name:
            return set(_rights(policy["Properties"]["PolicyDocument"]))
    raise KeyError(physical_name)


def all_documents(assembly: Assembly) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every identity policy of the deployment, by logical id."""
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, policy in assembly.resources(kind).items():
            yield name, policy["Properties"]["PolicyDocument"]


def _attached(assembly: Assembly, role: str) -> list[str]:
    arns = assembly.resources("AWS::IAM::Role")[role]["Properties"].get("ManagedPolicyArns", [])
    return [arn["Ref"] for arn in arns]


def _rights(document: dict[str, Any]) -> Iterator[Right]:
    for statement in document["Statement"]:
        assert statement["Effect"] == "Allow", "identity policies here only allow"
        conditions = tuple(
            (operator, key, text(value))
            for operator, keys in statement.get("Condition", {}).items()
            for key, value in keys.items()
        )
        for action in several(statement["Action"]):
            for resource in several(statement["Resource"]):
                yield Right(action, text(resource), conditions)
