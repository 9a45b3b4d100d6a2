"""A provider in memory, and a way to die after every step of whatever is done with it."""

import itertools
from datetime import UTC, datetime
from typing import Any

from appguard.secrets.provider import Stage, Value


class InMemory:
    """Behaves as Secrets Manager does, its quirk included: the first value is in force at once."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[Stage, Value]] = {}
        self._numbers = itertools.count(1)

    def put(self, name: str, text: str) -> None:
        """As somebody would by hand."""
        self.kept[name] = {Stage.CURRENT: Value(f"v{next(self._numbers)}", text)}

    def read(self, name: str, stage: Stage = Stage.CURRENT) -> Value | None:
        return self.kept.get(name, {}).get(stage)

    def stage(self, name: str, text: str) -> Value:
        value = Value(f"v{next(self._numbers)}", text)
        stages = self.kept.setdefault(name, {Stage.CURRENT: value})
        stages[Stage.PENDING] = value
        return value

    def promote(self, name: str, pending: Value) -> None:
        stages = self.kept[name]
        if stages[Stage.CURRENT] != pending:
            stages[Stage.PREVIOUS], stages[Stage.CURRENT] = stages[Stage.CURRENT], pending

    def settle(self, name: str, pending: Value) -> None:
        if self.kept[name].get(Stage.PENDING) == pending:
            del self.kept[name][Stage.PENDING]

    def changed_at(self, name: str) -> datetime | None:
        return datetime.now(UTC) if name in self.kept else None

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class Died(BaseException):
    """The process is gone: nothing catches this."""


class Fate:
    """Counts the calls of everything it watches and dies after the one it was told."""

    def __init__(self, dies_after: int | None = None) -> None:
        self.left, self.calls = dies_after, 0

    def watch(self, thing: Any) -> Any:
        """The same thing, mortal."""
        return Watched(thing, self)

    def step(self) -> None:
        self.calls += 1
        if self.left is not None and self.calls == self.left:
            raise Died


class Watched:
    """Passes every call on, and tells fate once it has taken effect."""

    def __init__(self, thing: Any, fate: Fate) -> None:
        self._thing, self._fate = thing, fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._thing, name)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            result = found(*args, **named)
            self._fate.step()
            return result

        return call
