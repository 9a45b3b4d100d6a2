"""Tells a story: runs its steps in order, one line each with what was checked."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.console import Console
from rich.markup import escape

Story = TypeVar("Story")


class NotAsTold(Exception):
    """A step did not end as the story says."""


def check(holds: object, otherwise: str) -> None:
    """Raise `NotAsTold` unless `holds`."""
    if not holds:
        raise NotAsTold(otherwise)


@dataclass(frozen=True)
class Step(Generic[Story]):
    """One step: its title, and a function that does it and returns what was checked."""

    title: str
    do: Callable[[Story], str]


def tell(story: Story, steps: Sequence[Step[Story]], console: Console) -> bool:
    """Run `steps` until one fails; True when all went as told."""
    started = time.monotonic()
    for number, step in enumerate(steps, 1):
        begun = time.monotonic()
        label = f"{number:2}. {escape(step.title)}"
        try:
            with console.status(label):
                checked = step.do(story)
        except Exception as error:  # whatever goes wrong, the story names the step
            console.print(f"[red]✗[/] [bold]{label}[/]")
            console.print(f"     [red]{type(error).__name__}: {escape(str(error))}[/]")
            if not isinstance(error, NotAsTold):
                console.print_exception(max_frames=8)
            return False
        took = time.monotonic() - begun
        console.print(f"[green]✓[/] [bold]{label}[/] [dim]({took:.1f} s)[/]")
        console.print(f"     [dim]{escape(checked)}[/]")
    console.print(f"\n[green]All {len(steps)} steps went as told[/] in {time.monotonic() - started:.0f} s.")
    return True
