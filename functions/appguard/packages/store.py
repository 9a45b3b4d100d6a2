"""Knowledge of packages in the artifacts bucket: the index of advisories, facts by pin, and what was asked.

`packages/` is written by the sync alone. `asked/` holds an empty object for every pin a gate knew nothing
of: a question to the next sync, which reads nothing but its key.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from appguard.packages.model import Facts, Pin

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

INDEX = "packages/advisories.zip"
FACTS = "packages/facts/"
ASKED = "asked/"
_PIN = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)/([0-9a-z.+!]{1,100})")


class PackageStore:
    """What is known of packages, and what somebody would like to know."""

    def __init__(self, s3: "S3Client", bucket: str) -> None:
        """Keep it in `bucket`."""
        self._s3, self._bucket = s3, bucket

    def index(self) -> bytes | None:
        """The index of advisories as the last sync wrote it."""
        return self._read(INDEX)

    def save_index(self, data: bytes) -> None:
        """Replace the index."""
        self._s3.put_object(Bucket=self._bucket, Key=INDEX, Body=data, ContentType="application/zip")

    def facts(self, pin: Pin) -> Facts | None:
        """The facts of one pin."""
        found = self._read(f"{FACTS}{_key(pin)}")
        return Facts.model_validate_json(found) if found else None

    def save_facts(self, facts: Facts) -> None:
        """Replace the facts of one pin."""
        key = f"{FACTS}{facts.name}/{facts.version}"
        body = facts.model_dump_json().encode()
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")

    def ask(self, pin: Pin) -> None:
        """Leave the question for the next sync."""
        self._s3.put_object(Bucket=self._bucket, Key=f"{ASKED}{_key(pin)}", Body=b"")

    def asked(self) -> dict[Pin, datetime]:
        """Every pin somebody asked about, and when last."""
        return dict(self._pins(ASKED))

    def answered(self) -> dict[Pin, datetime]:
        """Every pin whose facts are there, and of when they are."""
        return dict(self._pins(FACTS))

    def _pins(self, prefix: str) -> Iterator[tuple[Pin, datetime]]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", []):
                if named := _PIN.fullmatch(entry["Key"].removeprefix(prefix)):
                    yield Pin(named[1], named[2]), entry["LastModified"]

    def _read(self, key: str) -> bytes | None:
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None


def _key(pin: Pin) -> str:
    return f"{pin.name}/{pin.version}"
