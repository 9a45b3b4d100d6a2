"""Where a search stands: an entry's place, ordered by time."""

import re
from typing import NamedTuple, Self

from appguard.kernel.errors import Invalid

_WRITTEN = re.compile(r"(\d{1,17})\.([137]y|~)\.(\d{1,12})")


class Cursor(NamedTuple):
    """An entry's time and place; compares like the order of hits, later ones greater."""

    micros: int
    log: str = "~"
    number: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` wrote; raises `Invalid`."""
        if found := _WRITTEN.fullmatch(text):
            return cls(int(found[1]), found[2], int(found[3]))
        raise Invalid("This is not where a page of hits ended", "Begin at the first page.")

    def __str__(self) -> str:
        return f"{self.micros}.{self.log}.{self.number}"
