"""Keys of data subjects that nobody stores."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from appguard.privacy.subject import Subject
from appguard.privacy.tags import SubjectKey

FIRST_SEEN = datetime(2026, 1, 15, tzinfo=UTC)


class KeysInMemory:
    """What `privacy.store.KeyStore` does, and how often it was asked."""

    def __init__(self) -> None:
        self.rows: dict[Subject, SubjectKey] = {}
        self.asked = 0

    def find(self, subjects: Sequence[Subject]) -> dict[Subject, SubjectKey]:
        self.asked += 1
        return {one: self.rows[one] for one in subjects if one in self.rows}

    def make(self, subjects: Sequence[Subject]) -> dict[Subject, SubjectKey]:
        made = {one: SubjectKey(one, secrets.token_bytes(32), FIRST_SEEN) for one in subjects}
        self.rows = made | self.rows
        return self.find(subjects)
