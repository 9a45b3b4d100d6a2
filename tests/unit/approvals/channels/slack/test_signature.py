"""Slack's own example of a signed request, and the verifier that believes it for five minutes."""

from datetime import UTC, datetime

import pytest

from appguard.approvals.channels.slack.errors import NotFromSlack
from appguard.approvals.channels.slack.signature import signature_of

# From https://docs.slack.dev/authentication/verifying-requests-from-slack
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
AT = 1531420618
BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
HEADERS = {"x-slack-request-timestamp": str(AT), "x-slack-signature": SIGNATURE}


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(AT + seconds, UTC)


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_slacks_own_example_is_believed_within_five_minutes(seconds):
    assert signature_of(BODY, HEADERS, SECRET, at(seconds)) == SIGNATURE


@pytest.mark.parametrize(
    ("body", "headers", "secret", "seconds"),
    [
        (BODY, HEADERS, SECRET, 301),
        (BODY, HEADERS, SECRET, -301),
        (BODY + " ", HEADERS, SECRET, 0),
        (BODY, HEADERS, SECRET + "x", 0),
        (BODY, {**HEADERS, "x-slack-request-timestamp": str(AT + 1)}, SECRET, 0),
        (BODY, {**HEADERS, "x-slack-signature": SIGNATURE.replace("v0", "v1")}, SECRET, 0),
    ],
    ids=["late", "early", "longer", "other-secret", "other-time", "other-version"],
)
def test_whatever_differs_is_not_slacks(body, headers, secret, seconds):
    with pytest.raises(NotFromSlack):
        signature_of(body, headers, secret, at(seconds))
