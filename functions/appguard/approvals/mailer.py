"""Sending mail by SES, each once."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import Field

from appguard.approvals.email import Mail
from appguard.kernel.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
    from mypy_boto3_sesv2 import SESV2Client

REMEMBERED_SECONDS = 30 * 24 * 3600


class MailSettings(Settings):
    """Who sends, who reviews, where links lead, and where we remember what was sent."""

    sender: str = Field(alias="MAIL_FROM")
    reviewers: str = Field(alias="REVIEWER_EMAIL")
    portal_url: str = Field(alias="PORTAL_URL")
    table: str = Field(alias="CATALOG_TABLE")


class Mailer:
    """Hands mails to SES."""

    def __init__(
        self,
        ses: "SESV2Client",
        sender: str,
        memory: "DynamoDBPersistenceLayer",
        may_be_written_to: Callable[[str], bool],
    ) -> None:
        """Send as `sender` to whom one may write, remembering in `memory` what was sent."""
        self._ses, self._sender, self._memory = ses, sender, memory
        self._may_be_written_to = may_be_written_to

    def send(self, mail: Mail) -> None:
        """Send one mail, unless the address is of somebody who left."""
        if not self._may_be_written_to(mail.to):
            return
        self._ses.send_email(
            FromEmailAddress=self._sender,
            Destination={"ToAddresses": [mail.to]},
            Content={
                "Simple": {
                    "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": mail.text, "Charset": "UTF-8"},
                        "Html": {"Data": mail.html, "Charset": "UTF-8"},
                    },
                }
            },
        )

    def send_once(self, mail: Mail, reason: str, context: Any) -> None:
        """Send `mail` unless one was sent for the same `reason` (an event's id) within a month.

        The Lambda `context` says when another invocation may take up what this one did not finish.
        """
        from aws_lambda_powertools.utilities.idempotency import (  # noqa: PLC0415 - it brings boto3 along
            IdempotencyConfig,
            idempotent_function,
        )

        def send(*, reason: str) -> str:
            self.send(mail)
            return reason

        idempotent_function(
            send,
            data_keyword_argument="reason",
            persistence_store=self._memory,
            config=IdempotencyConfig(expires_after_seconds=REMEMBERED_SECONDS, lambda_context=context),
            key_prefix="mail",
        )(reason=reason)


@cache
def mailer() -> Mailer:
    """The deployment's mailer, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    from appguard.directory.directory import directory  # noqa: PLC0415 - likewise

    settings = MailSettings.from_env()
    kept = memory(settings.table)
    return Mailer(boto3.client("sesv2"), settings.sender, kept, directory().may_be_written_to)


def memory(table: str) -> "DynamoDBPersistenceLayer":
    """Sent mails, as items of the catalog's table."""
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer  # noqa: PLC0415

    return DynamoDBPersistenceLayer(
        table_name=table,
        key_attr="pk",
        sort_key_attr="sk",
        static_pk_value="MAIL#sent",
        expiry_attr="expires",
    )
