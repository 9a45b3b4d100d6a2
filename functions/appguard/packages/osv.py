"""OSV records as they are published, and the part of them that decides.

https://ossf.github.io/osv-schema/ describes the form.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from packaging.utils import canonicalize_name
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from appguard.kernel.record import Record
from appguard.packages.errors import AdvisoriesUnusable

ECOSYSTEM = "PyPI"
Turn = Literal["introduced", "fixed", "last_affected", "limit"]
Event = tuple[Turn, str]
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Advisory(Record):
    """What one record says about one package: versions by name, and ranges of them."""

    id: str
    aliases: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    ranges: tuple[tuple[Event, ...], ...] = ()


def _utc(value: object) -> object:
    """The PyPA database writes a space for the T, and OSV leaves the zone out at times: it is UTC."""
    if not isinstance(value, str):
        raise ValueError("a time is a string")  # noqa: TRY004 - what pydantic catches
    text = value.replace(" ", "T", 1)
    return text if re.search(r"(?:Z|[+-]\d\d:\d\d)$", text) else f"{text}Z"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Package(_Part):
    ecosystem: str
    name: str


class _Range(_Part):
    type: str
    events: list[dict[Turn, str]] = Field(min_length=1)


class _Affected(_Part):
    package: _Package | None = None
    versions: list[str] = []
    ranges: list[_Range] = []


class OsvRecord(_Part):
    """One OSV record."""

    id: str = Field(min_length=1, max_length=200)
    modified: Annotated[datetime, BeforeValidator(_utc), Field(strict=False)]
    withdrawn: str | None = None
    aliases: list[str] = []
    affected: list[_Affected] = []

    def advisories(self) -> Iterator[tuple[str, Advisory]]:
        """By normalised name of package; nothing where the record was withdrawn."""
        for affected in self.affected if not self.withdrawn else ():
            package = affected.package
            # Linux distributions' ecosystems carry their release: `Debian:12`. PyPI has none.
            if package is None or package.ecosystem != ECOSYSTEM:
                continue
            name = canonicalize_name(package.name)
            if _NAME.fullmatch(name):  # a name that no requirement can have matches none
                yield name, self._of(affected)

    def _of(self, affected: _Affected) -> Advisory:
        return Advisory(
            id=self.id,
            aliases=tuple(self.aliases),
            versions=tuple(affected.versions),
            ranges=tuple(
                tuple(turn for event in span.events for turn in event.items())
                for span in affected.ranges
                if span.type == "ECOSYSTEM"
            ),
        )


def record(content: bytes, name: str) -> OsvRecord:
    """Read one record; raises `AdvisoriesUnusable` naming the file."""
    try:
        return OsvRecord.model_validate_json(content)
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise AdvisoriesUnusable(f"{name!r:.100} is no OSV record ({where}: {first['msg']})") from None
    except RecursionError:
        raise AdvisoriesUnusable(f"{name!r:.100} is nested too deeply") from None
