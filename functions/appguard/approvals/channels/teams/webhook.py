"""The address of a channel in Teams: an incoming webhook, or a workflow that begins with a request."""

import json
from typing import Any

from pydantic import SecretStr

from appguard.kernel.errors import Misconfigured, Unavailable
from appguard.kernel.outgoing import Endpoint
from appguard.secrets.content import Content

TAKEN = {200, 202}
LATER = {408, 429}
SERVER_ERROR = 500


class TeamsAway(Unavailable):
    """Teams takes nothing now: the same again, later."""

    code = "teams_away"


class TeamsRefuses(Misconfigured):
    """The address is not one of a webhook any more."""

    code = "teams_refuses"
    remediation = (
        "Make a new webhook as docs/slack.md says, put it into the secret, redrive the dead letters."
    )


class TeamsSecret(Content):
    """The content of `appguard/channels/teams`: whoever knows the address can write to the channel."""

    url: SecretStr


class Webhook(Endpoint):
    """Where cards are sent."""

    who = "Teams"

    def send(self, message: dict[str, Any]) -> None:
        """Post one message; raises `TeamsAway`, `NotAnswered` or `TeamsRefuses`."""
        reply = self.post("", json.dumps(message).encode(), {"content-type": "application/json"})
        if reply.status >= SERVER_ERROR or reply.status in LATER:
            raise TeamsAway(f"Teams answers {reply.status}")
        if reply.status not in TAKEN:
            raise TeamsRefuses(f"Teams answers {reply.status}")
