"""What the bucket said of its objects when they were exported: one line each, in the order of their keys."""

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from .bad import Bad
from .heads import Named
from .names import belongs

LISTING, UNFINISHED, KEY_FILE = "objects.jsonl", "objects.jsonl.part", "ledger-key.pem"
BESIDE = frozenset({LISTING, KEY_FILE})
"""What an export holds beside the objects of its logs."""
SCHEMA = "appguard.export/v2"
MOST_ROW = 1 << 14
"""Bytes of a line."""
YEARS = {"1y": 1, "3y": 3, "7y": 7}
"""The logs, and for how long Object Lock keeps each."""


def listing(folder: Path) -> Iterator[str]:
    """The keys of the bucket's objects, in their order: each there once, and locked."""
    before = ""
    for said in islice(lines(folder), 1, None):
        if before and said.get("key") == before and not said.get("deleted"):
            raise Bad(before, "shadowed: the bucket holds more than one version of it")
        key = _locked(said)
        if key < before:
            raise Bad(LISTING, f"damaged: {key} stands out of order; export again")
        before = key
        yield key


def lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of the listing; the first one is about the export."""
    try:
        with (folder / LISTING).open("rb") as file:
            while line := file.readline(MOST_ROW):
                said = json.loads(line)
                if not isinstance(said, dict):
                    raise ValueError("not an object")  # noqa: TRY301, TRY004 - one answer to all damage
                yield said
    except FileNotFoundError as error:
        raise Bad(LISTING, "missing: export again") from error
    except (OSError, ValueError, RecursionError) as error:
        raise Bad(LISTING, f"damaged: {error}; export again") from error


def exported_at(folder: Path) -> datetime:
    """When the export was made; raises `Bad` when its listing is of another kind."""
    said = next(lines(folder), {})
    if said.get("schema") != SCHEMA:
        raise Bad(LISTING, f"unknown version {said.get('schema')}: this verifier reads {SCHEMA}")
    return _moment(said, "exported_at", LISTING)


def listed(folder: Path, below: str) -> Named:
    """Names of the objects below a log's folder, and when the bucket stored each."""
    for said in lines(folder):
        if str(said.get("key")).startswith(below):
            yield said["key"].partition("/")[2], _moment(said, "stored_at", said["key"])


def _locked(said: Mapping[str, Any]) -> str:
    """The key of an object; raises `Bad` for what the bucket should not hold, or does not protect."""
    key = said.get("key")
    if not isinstance(key, str):
        raise Bad(LISTING, "damaged: an object without a name; export again")
    log, _, name = key.partition("/")
    if log not in YEARS or not belongs(name, sys.maxsize):
        raise Bad(key, "added: not an object of a log")
    if said.get("deleted"):
        raise Bad(key, "removed: a delete marker hides it")
    if not said.get("retain_until"):
        raise Bad(key, "not under Object Lock")
    stored, lock = _moment(said, "stored_at", key), said.get("lock")
    kept = _moment(said, "retain_until", key) - stored
    if lock != "COMPLIANCE" or kept < timedelta(days=365 * YEARS[log]):
        raise Bad(key, f"locked as {lock} for {kept.days} days, less than its class demands")
    return key


def _moment(said: Mapping[str, Any], field_name: str, key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said[field_name])
    except (KeyError, TypeError, ValueError) as error:
        raise Bad(key, f"{LISTING} does not say {field_name}; export again") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
