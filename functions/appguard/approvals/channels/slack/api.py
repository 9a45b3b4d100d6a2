"""Slack's Web API as we use it. Scopes stand beside the methods that need them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from appguard.approvals.channels.slack.errors import SlackAway, SlackRefuses
from appguard.approvals.channels.slack.message import Message
from appguard.approvals.channels.slack.text import Block
from appguard.kernel.address import unread_on_the_way
from appguard.kernel.errors import Misconfigured

if TYPE_CHECKING:
    from slack_sdk import WebClient

SCOPES: Mapping[str, frozenset[str]] = {
    "chat.postMessage": frozenset({"chat:write"}),
    "chat.postEphemeral": frozenset({"chat:write"}),
    "chat.update": frozenset({"chat:write"}),
    "users.info": frozenset({"users:read", "users:read.email"}),
    "users.lookupByEmail": frozenset({"users:read.email"}),
    "views.open": frozenset(),
}
"""Every method we call; docs/slack.md's manifest asks for these scopes and no others."""

AWAY = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
}
GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived"}
UNKNOWN = {"users_not_found", "user_not_found", "user_not_visible"}


class Place(BaseModel):
    """Where a message is."""

    model_config = ConfigDict(frozen=True)

    channel: str
    ts: str


class SlackApi:
    """What one bot token lets us do in one workspace."""

    def __init__(self, client: "WebClient") -> None:
        """Speak through `client`."""
        self._client = client

    def post(self, channel: str, said: Message, thread: str | None = None) -> Place:
        """Write to a channel, or to a person by their id. Slack looks for no links or names in our text."""
        with _told():
            answer = self._client.chat_postMessage(
                channel=channel,
                text=said.text,
                blocks=said.blocks,
                thread_ts=thread,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )
            return Place(channel=answer["channel"], ts=answer["ts"])

    def update(self, at: Place, said: Message) -> bool:
        """Put other words in place; False where the message is no more."""
        with _told():
            return (
                self._unless(
                    GONE,
                    lambda: self._client.chat_update(
                        channel=at.channel, ts=at.ts, text=said.text, blocks=said.blocks, parse="none"
                    ),
                )
                is not None
            )

    def user(self, user_id: str) -> Mapping[str, Any] | None:
        """What Slack says of a user, or None of an unknown one."""
        with _told():
            found = self._unless(UNKNOWN, lambda: self._client.users_info(user=user_id))
        return found["user"] if found else None

    def user_id(self, email: str) -> str | None:
        """The user with this address."""
        with _told():
            found = self._unless(UNKNOWN, lambda: self._client.users_lookupByEmail(email=email))
        return str(found["user"]["id"]) if found else None

    def show(self, trigger_id: str, view: Block) -> None:
        """Open a dialog for whoever pressed a button within the last three seconds."""
        with _told():
            self._client.views_open(trigger_id=trigger_id, view=view)

    def whisper(self, channel: str, user: str, said: Message) -> None:
        """Tell one person something that nobody else in the channel sees."""
        with _told():
            self._client.chat_postEphemeral(
                channel=channel, user=user, text=said.text, blocks=said.blocks, parse="none"
            )

    def _unless(self, errors: set[str], call: Any) -> Any:
        """The answer of a call, or None where Slack refuses with one of these errors."""
        from slack_sdk.errors import SlackApiError  # noqa: PLC0415 - as the client, which is there by now

        try:
            return call()
        except SlackApiError as error:
            if error.response.get("error") in errors:
                return None
            raise


@contextmanager
def _told() -> Iterator[None]:
    """Say in our words what Slack or the network said; Slack's error is a code of its own documentation."""
    from slack_sdk.errors import SlackApiError, SlackClientError  # noqa: PLC0415 - likewise

    try:
        yield
    except SlackApiError as error:
        said = str(error.response.get("error", ""))[:64]
        if said in AWAY or error.response.status_code >= 500:  # noqa: PLR2004
            raise SlackAway(f"Slack does not take it now ({said})") from None
        raise SlackRefuses(f"Slack refuses with {said}") from None
    except (SlackClientError, OSError):
        raise SlackAway("Slack does not answer") from None


def slack(token: str, url: str, *, patience: int, seconds: int) -> SlackApi:
    """The API at `url`. Where Slack asks us to slow down we wait as it says, at most `patience` times."""
    from slack_sdk import WebClient  # noqa: PLC0415 - made on first use
    from slack_sdk.http_retry import RetryHandler  # noqa: PLC0415
    from slack_sdk.http_retry.builtin_handlers import (  # noqa: PLC0415
        RateLimitErrorRetryHandler,
    )

    if not unread_on_the_way(url):
        raise Misconfigured("Slack must be reached over https")
    retries: list[RetryHandler] = [RateLimitErrorRetryHandler(max_retry_count=patience)] if patience else []
    return SlackApi(WebClient(token=token, base_url=url, timeout=seconds, retry_handlers=retries))
