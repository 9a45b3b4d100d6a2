"""What the ledger holds of a data subject: a tag that only the subject's own key explains."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NewType

from appguard.privacy.subject import Subject

Tag = NewType("Tag", str)
"""128 bits of an HMAC in 22 characters."""

CLOCKS_DIFFER = timedelta(days=1)


@dataclass(frozen=True)
class SubjectKey:
    """The key of one subject. Who deletes it forgets the person; nothing else says whom a tag means."""

    subject: Subject
    secret: bytes = field(repr=False)
    since: datetime

    def tag(self, at: datetime) -> Tag:
        """The subject's tag in the month of `at`.

        A new one each month: what remains after forgetting links no month to another.
        """
        text = f"{at.astimezone(UTC):%Y-%m}\x00{self.subject}"
        mac = hmac.digest(self.secret, text.encode(), "sha256")[:16]
        return Tag(urlsafe_b64encode(mac).decode().rstrip("="))

    def tags(self, start: datetime | None, end: datetime) -> Iterator[Tag]:
        """The tags of every month from `start`, or from the first sight of the subject, to `end`."""
        first = self.since - CLOCKS_DIFFER
        at = max(start, first) if start else first
        at = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        while at <= end:
            yield self.tag(at)
            at = (at + timedelta(days=31)).replace(day=1)
