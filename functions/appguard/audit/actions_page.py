"""docs/actions.md, written from the list of actions."""

from appguard.kernel.actions import Action

HEAD = """\
# What is recorded

Written by `appguard audit actions` from `functions/appguard/kernel/actions.py`; edit that instead.
An entry of the ledger tells of one of these. With `result: denied` it says that somebody tried and was
refused, with `failure` that it did not work. `appguard audit search --action ACTION` finds them;
[For auditors](auditor.md) tells more.

| action | what an entry says |
|---|---|
"""


def markdown() -> str:
    """A table of everything an entry of the ledger can tell."""
    return HEAD + "".join(f"| `{action}` | {action.tells} |\n" for action in Action)
