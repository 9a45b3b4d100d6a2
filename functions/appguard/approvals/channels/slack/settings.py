"""What Slack needs to know of the deployment, and the secret it shares with us."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from appguard.kernel.errors import Misconfigured
from appguard.kernel.settings import Settings
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider

SLACK = "https://slack.com/api/"


class SlackSettings(Settings):
    """The one workspace, and the channel where requests go; without one, reviewers are written to."""

    team_id: str = Field(alias="SLACK_TEAM_ID", min_length=1)
    channel: str = Field(default="", alias="SLACK_CHANNEL")
    api_url: str = Field(alias="SLACK_API_URL")


class SlackSecret(BaseModel):
    """The content of `appguard/channels/slack`; nothing of it is ever printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    bot_token: SecretStr
    signing_secret: SecretStr = Field(min_length=16)

    @classmethod
    def read(cls, kept: Provider) -> "SlackSecret":
        """The secret as it is now; raises `Misconfigured`, quoting nothing of it."""
        name = SecretName.channel("slack")
        value = kept.read(name)
        try:
            return cls.model_validate_json(value.text if value else "")
        except ValidationError:
            raise Misconfigured(
                f"the secret {name} must be JSON with {', '.join(cls.model_fields)}"
            ) from None
