"""Ordered words: how sensitive data is, how risky an app is."""

from enum import StrEnum


class Level(StrEnum):
    """A string enumeration whose order is the order of its definition."""

    def __lt__(self, other: object) -> bool:
        """Compare by position within the same enumeration."""
        if type(other) is not type(self):
            return NotImplemented
        members = list(type(self))
        return members.index(self) < members.index(other)

    def __le__(self, other: object) -> bool:
        """`str` would compare letters; compare positions."""
        return self == other or self < other

    def __gt__(self, other: object) -> bool:
        """`str` would compare letters; compare positions."""
        return not self <= other

    def __ge__(self, other: object) -> bool:
        """`str` would compare letters; compare positions."""
        return not self < other


class DataClass(Level):
    """Sensitivity of data, least first."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"
    SPECIAL = "special"


class RiskTier(Level):
    """Risk of a micro app, computed from what it touches."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
