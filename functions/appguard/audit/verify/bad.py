"""What the verifier answers when something does not hold."""

from dataclasses import dataclass


class Bad(Exception):
    """The first object that does not hold, and why."""

    def __init__(self, path: str, reason: str) -> None:
        """`path` is relative to the verified folder."""
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        """One line that no file name can disturb."""
        words = f"{self.path}: {self.reason}"
        return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in words)


@dataclass
class Oddities:
    """The first odd thing about a log, to be told unless a signature breaks: that is worse."""

    prefix: str
    first: Bad | None = None

    def note(self, name: str, reason: str) -> None:
        """Remember it, unless something else came first."""
        self.first = self.first or Bad(self.prefix + name, reason)
