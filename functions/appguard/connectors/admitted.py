"""A call whose app and user are known, and the record being made of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from appguard.connectors.access import Access
from appguard.connectors.source import Identity
from appguard.kernel.errors import Unavailable
from appguard.kernel.ids import AppId
from appguard.kernel.levels import DataClass
from appguard.kernel.person import Person


@dataclass(frozen=True)
class Admitted:
    """Who is asking, and what will be recorded of it."""

    app_id: AppId
    person: Person
    access: Access

    @property
    def identity(self) -> Identity:
        """For whom the source is asked."""
        return Identity(self.person.email, self.app_id)

    @contextmanager
    def counted(self, level: DataClass) -> Iterator[None]:
        """Nothing personal is read or changed uncounted; what else is goes on record as such."""
        try:
            yield
        except Unavailable:
            if level >= DataClass.PERSONAL:
                raise
            self.access.facts["uncounted"] = True
