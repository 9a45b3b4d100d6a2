"""docs/actions.md, written from the list of actions."""

from collections.abc import Iterator

from appguard.kernel.actions import Action


def markdown() -> str:
    """A table of everything an entry of the ledger can tell."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What is recorded"
    yield ""
    yield "Written by `appguard audit actions` from `functions/appguard/kernel/actions.py`; edit that instead."
    yield "An entry of the ledger tells of one of these. With `result: denied` it says that somebody tried and"
    yield "was refused, with `failure` that it did not work. `appguard audit search --action ACTION` finds them;"
    yield "[For auditors](auditor.md) tells more."
    yield ""
    yield "| action | what an entry says |"
    yield "|---|---|"
    for action in Action:
        yield f"| `{action}` | {action.tells} |"
