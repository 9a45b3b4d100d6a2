"""Objects in S3 laid out as Amazon Security Lake wants them of a custom source.

https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html: one source for a class,
partitions by region, account and day, Parquet with zstandard, ordered by time, not more often than
every five minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import Field

from appguard.kernel.event import RetentionClass
from appguard.kernel.settings import Settings
from appguard.siem.errors import Away
from appguard.siem.model import Limits, Message, Outcome
from appguard.siem.parquet import parquet

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Partition:
    """Events that share an object."""

    class_uid: int
    day: date

    @classmethod
    def of(cls, one: Message) -> "Partition":
        """Where a message belongs."""
        return cls(one.class_uid, one.at.astimezone(UTC).date())


class LakeSettings(Settings):
    """A bucket, and whose events these are."""

    bucket: str = Field(alias="SIEM_LAKE_BUCKET")
    account: str = Field(alias="SIEM_ACCOUNT")
    region: str = Field(default="", alias="AWS_REGION")
    """Set by Lambda."""


class SecurityLake:
    """A bucket, and from where events come."""

    limits = Limits(entries=20_000, bytes=32_000_000, gather=timedelta(minutes=5))

    def __init__(self, client: "S3Client", bucket: str, region: str, account: str) -> None:
        """Put objects into `bucket`, in the partitions of this region and account."""
        self._client, self._bucket, self._region, self._account = client, bucket, region, account

    def send(self, log: RetentionClass, start: int, messages: Sequence[Message]) -> Outcome:
        """Put one object for each class and day. The same start writes over the same objects."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - comes with the client

        ordered = sorted(messages, key=lambda one: (one.class_uid, one.at))
        try:
            for partition, some in groupby(ordered, Partition.of):
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self.key(partition, log, start),
                    Body=parquet(partition.class_uid, list(some)),
                    ContentType="application/vnd.apache.parquet",
                )
        except (BotoCoreError, ClientError) as error:
            raise Away("the lake does not take objects") from error
        return Outcome()

    def key(self, partition: Partition, log: RetentionClass, start: int) -> str:
        """Named by the first entry of the batch, so that a repetition replaces it.

        A repetition begins at the same entry and goes at least as far: what it writes holds what was there.
        """
        where = f"region={self._region}/accountId={self._account}/eventDay={partition.day:%Y%m%d}"
        return f"ext/{source(partition.class_uid)}/{where}/{log}-{start:020d}.parquet"


def source(class_uid: int) -> str:
    """The name of the custom source that takes events of a class.

    >>> source(6002)
    'appguard_6002'
    """
    return f"appguard_{class_uid}"


def destination() -> SecurityLake:
    """The deployment's bucket."""
    import boto3  # noqa: PLC0415 - clients are made where they are used

    settings = LakeSettings.from_env()
    return SecurityLake(boto3.client("s3"), settings.bucket, settings.region, settings.account)
