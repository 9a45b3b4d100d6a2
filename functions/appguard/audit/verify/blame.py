"""Which object is to blame when the tree has not the root that was signed."""

from collections.abc import Iterable

from .bad import Bad
from .bundles import Bundle, Job, read_bundle
from .files import read
from .merkle import HASH
from .names import TILE, bundle_name, copies
from .notes import Checkpoint
from .tree import MOST_HASHES


def altered(head: Checkpoint, proven: int, size: int, jobs: Iterable[Job], prefix: str) -> Bad:
    """The first bundle between entry `proven` and the size of `head` that the hash tiles do not know."""
    for job in jobs:
        if not _vouched(job, read_bundle(job)):
            return Bad(prefix + bundle_name(job.number * TILE, size), f"altered: breaks {head.path}")
    where = f"entries {proven} to {head.size - 1} do not give the root signed in {head.path}"
    return Bad(prefix + bundle_name(proven, size), where)


def _vouched(job: Job, bundle: Bundle) -> bool:
    """Whether the hash tiles know these leaves: the parent's word counts more than the tile's own."""
    for width, name in copies(job.folder, "1", job.number // TILE).items():
        if width > job.number % TILE:
            at = job.number % TILE * HASH
            return read(job.folder, name, MOST_HASHES)[at : at + HASH] == bundle.root
    return all(
        read(job.folder, name, MOST_HASHES) == bundle.hashes[: width * HASH]
        for width, name in copies(job.folder, "0", job.number).items()
    )
