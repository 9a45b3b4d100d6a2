"""What Slack needs to know of the deployment, and the secret it shares with us."""

from pydantic import Field, SecretStr

from appguard.kernel.settings import Settings
from appguard.secrets.content import Content, content
from appguard.secrets.names import SecretName
from appguard.secrets.provider import provider

SLACK = "https://slack.com/api/"


class SlackSettings(Settings):
    """The one workspace, and the channel where requests go; without one, reviewers are written to."""

    team_id: str = Field(alias="SLACK_TEAM_ID", min_length=1)
    channel: str = Field(default="", alias="SLACK_CHANNEL")
    api_url: str = Field(alias="SLACK_API_URL")


class SlackSecret(Content):
    """The content of `appguard/channels/slack`."""

    bot_token: SecretStr
    signing_secret: SecretStr = Field(min_length=16)


def slack_secret() -> SlackSecret:
    """The secret as it is now; raises `Misconfigured`."""
    return content(provider(), SecretName.channel("slack"), SlackSecret)
