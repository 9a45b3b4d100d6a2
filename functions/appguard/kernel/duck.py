"""DuckDB, opened one way: it computes over the files it is shown, and can reach nothing else."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "700MB"
"""Half of what the smallest of its functions has is for Python and what is read and written."""
ALONE: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "memory_limit": MEMORY,
}
"""Nothing is loaded from elsewhere, and no variable of ours is a table."""


def duck(*below: Path | str, threads: int) -> "DuckDBPyConnection":
    """A database in memory that reads and writes `below` these folders or schemes and nowhere else.

    What does not fit into memory goes to a folder on disk that it may touch, too, and has for itself.
    """
    import duckdb  # noqa: PLC0415 - in a layer of its own, which few functions have

    spill = Path(tempfile.gettempdir(), "duck")
    config = ALONE | {"threads": threads, "temp_directory": str(spill)}
    opened = duckdb.connect(config=config)
    opened.execute("SET enable_progress_bar = false")
    opened.execute(f"SET allowed_directories = {_literal(below)}")
    opened.execute("SET enable_external_access = false")
    opened.execute("SET lock_configuration = true")
    return opened


def _literal(folders: Sequence[Path | str]) -> str:
    """A list in SQL: settings take no parameters."""
    return "[" + ", ".join("'" + str(one).replace("'", "''") + "'" for one in folders) + "]"
