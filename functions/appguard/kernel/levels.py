"""Ordered words: how sensitive data is, how risky an app is."""

from enum import StrEnum


class Level(StrEnum):
    """A string enumeration whose order is the order of its definition, not that of letters."""

    rank: int
    """Position in the definition, from 0."""

    def __init__(self, _word: str) -> None:
        """Stand behind those defined before."""
        self.rank = len(type(self).__members__)

    def __lt__(self, other: object) -> bool:
        """Whether this stands before `other` of the same enumeration."""
        return self.rank < other.rank if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: object) -> bool:
        """Whether this stands before or at `other`."""
        return self.rank <= other.rank if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: object) -> bool:
        """Whether this stands after `other`."""
        return self.rank > other.rank if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: object) -> bool:
        """Whether this stands after or at `other`."""
        return self.rank >= other.rank if isinstance(other, type(self)) else NotImplemented


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
