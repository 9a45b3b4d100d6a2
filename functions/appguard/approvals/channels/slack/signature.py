"""Whether a request is Slack's (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from slack_sdk.signature import Clock, SignatureVerifier

from appguard.approvals.channels.slack.errors import NotFromSlack

REMEMBERED = timedelta(minutes=11)
"""Longer than a signature can be valid: five minutes in the past, as much in the future."""


def signature_of(body: str, headers: Mapping[str, str], secret: str, now: datetime) -> str:
    """The signature of a request that Slack signed within the last five minutes; raises `NotFromSlack`."""
    verifier = SignatureVerifier(secret, _At(now))
    try:
        ours = verifier.is_valid_request(body, headers)
    except (ValueError, TypeError, OverflowError):  # a time that is none, a signature that is not ASCII
        ours = False
    if not ours:
        raise NotFromSlack("This request does not carry a valid signature of Slack")
    return headers["x-slack-signature"]


class _At(Clock):
    """The instant the request arrived, as the verifier asks for it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> float:
        return self._now.timestamp()
