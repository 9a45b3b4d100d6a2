"""The search of this deployment, and of an exported ledger."""

import logging
import secrets
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from appguard.audit.outbox import outbox
from appguard.audit.reader import Reader, in_bucket, in_folder
from appguard.audit.search.fact import Fact, Per
from appguard.audit.search.filters import Filters, words_of
from appguard.audit.search.index import Progress, bring_up_to_date
from appguard.audit.search.model import ASKED, Flowing, Showing
from appguard.audit.search.place import Cursor
from appguard.audit.search.reading import steady
from appguard.audit.search.search import Search
from appguard.audit.search.searched import searched
from appguard.audit.search.segments import Segment
from appguard.audit.search.settings import SearchIndexSettings, SearchSettings
from appguard.audit.verify import KEY_FILE, Key, load_keys
from appguard.kernel.clock import utc_now
from appguard.kernel.errors import Invalid
from appguard.kernel.event import RetentionClass

if TYPE_CHECKING:
    from appguard.audit.search.store import SegmentStore

logger = logging.getLogger(__name__)
MOST_FRESH = 4_096
"""Entries of a log that are read for an answer while they are not indexed; that takes 0.2 seconds."""
ALL = 10**12


class NoIndex:
    """Nothing is indexed: every entry is read."""

    def segments(self, log: RetentionClass) -> list[Segment]:
        """None."""
        return []

    def newest(
        self, segments: Sequence[Segment], filters: Filters, before: Cursor | None, limit: int
    ) -> list[Cursor]:
        """None."""
        return []

    def latest(self, segments: Sequence[Segment], filters: Filters, per: Per) -> list[Fact]:
        """None."""
        return []

    def facts(self, segments: Sequence[Segment], filters: Filters, told: Sequence[str]) -> list[Fact]:
        """None."""
        return []


def search_in(folder: Path) -> Search:
    """The search of a ledger exported to `folder`, by the key that came with it; it trusts no index."""
    return Search(in_folder(folder), NoIndex(), load_keys((folder / KEY_FILE).read_bytes()), most_fresh=ALL)


def answer(asked: dict[str, Any], time_is_over: Callable[[], bool]) -> dict[str, Any]:
    """What this deployment's ledger says, and that it was asked; raises `Invalid` for what is no question."""
    try:
        question = ASKED.validate_python(asked)
    except ValidationError as error:
        raise Invalid(f"This cannot be searched for: {words_of(error)}") from None
    if isinstance(question, Flowing):
        return _search().flow(question).model_dump(mode="json")
    if isinstance(question, Showing):
        return _search().show(question).model_dump(mode="json")
    outbox().record(searched(question, SearchSettings.from_env().bucket, utc_now(), _salt()))
    found = _search().answer(question, time_is_over)
    if found.misfits or not all(hit.proven for hit in found.hits):
        logger.error("index and ledger disagree: %d misfits", found.misfits)
    return found.model_dump(mode="json")


def update_index(time_is_over: Callable[[], bool]) -> Progress:
    """Bring this deployment's index up to what is signed."""
    return bring_up_to_date(_ledger(), _shelf(), time_is_over)


@cache
def _salt() -> bytes:
    """Of this process: whoever asks on is recognised here, and nowhere later."""
    return secrets.token_bytes(32)


@cache
def _search() -> Search:
    import boto3  # noqa: PLC0415 - only on first use

    from appguard.audit.signing import kms_signer  # noqa: PLC0415 - likewise

    key = Key(kms_signer(boto3.client("kms"), SearchSettings.from_env().key_id).public_key)
    return Search(steady(_ledger()), _shelf(), [key], most_fresh=MOST_FRESH)


@cache
def _ledger() -> Reader:
    import boto3  # noqa: PLC0415 - only on first use

    return in_bucket(boto3.client("s3"), SearchIndexSettings.from_env().bucket)


@cache
def _shelf() -> "SegmentStore":
    import boto3  # noqa: PLC0415 - only on first use

    from appguard.audit.search.store import SegmentStore  # noqa: PLC0415 - an export has no bucket

    return SegmentStore(boto3.client("s3"), SearchIndexSettings.from_env().index)
