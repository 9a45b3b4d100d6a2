"""The address of a channel in Teams: an incoming webhook, or a workflow that begins with a request."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from appguard.kernel.errors import Misconfigured, Unavailable
from appguard.kernel.outgoing import Endpoint
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider

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


class TeamsSecret(BaseModel):
    """The content of `appguard/channels/teams`: whoever knows the address can write to the channel."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    url: SecretStr

    @classmethod
    def read(cls, kept: Provider) -> "TeamsSecret":
        """The secret as it is now; raises `Misconfigured`, quoting nothing of it."""
        name = SecretName.channel("teams")
        value = kept.read(name)
        try:
            return cls.model_validate_json(value.text if value else "")
        except ValidationError:
            raise Misconfigured(
                f"the secret {name} must be JSON with {', '.join(cls.model_fields)}"
            ) from None


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
