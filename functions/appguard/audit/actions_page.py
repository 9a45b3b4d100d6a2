"""docs/actions.md, written from the list of actions."""

from collections.abc import Iterator

from appguard.kernel.actions import Action


def markdown() -> str:
    """A table of everything an entry of the ledger can tell."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What is recorded"
    yield ""
    yield "Written by `appguard audit actions` from the list in `functions/appguard/kernel/actions.py`; edit that"
    yield "instead. These are all the actions an entry of the ledger can tell of. With `result: denied` an entry says"
    yield "that somebody tried and was refused, with `failure` that it did not work. Read entries with"
    yield "`appguard audit search --action ACTION`; [For auditors](auditor.md) tells more."
    yield ""
    yield "| action | what an entry says |"
    yield "|---|---|"
    for action in Action:
        yield f"| `{action}` | {action.tells} |"
