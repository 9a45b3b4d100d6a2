"""The policy inputs that the decisions on all active apps rested on, for a replay."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App
from appguard.apps.yaml_source import ManifestError
from appguard.gates.evidence import evidence
from appguard.gates.model import GateContext
from appguard.gates.subject import subject
from appguard.kernel.errors import AppGuardError
from appguard.kernel.ids import ReviewId
from appguard.policy.impact import Subject

AT_ONCE = 16
BATCH = 256


def active_inputs(lost: Callable[[str], None]) -> Iterator[Subject]:
    """Each active app's stored input; `lost` is told of an app of which nothing readable is kept."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        apps = catalog().in_state(State.ACTIVE)
        for some in (apps[start : start + BATCH] for start in range(0, len(apps), BATCH)):
            for app, found in zip(some, pool.map(_input, some), strict=True):
                if found is None:
                    lost(app.app_id)
                else:
                    yield found


def _input(app: App) -> Subject | None:
    """What the review kept; told anew from the bundle for apps published before reviews kept it."""
    if app.publication is None:
        return None
    digest = app.publication.bundle_digest
    try:
        kept = evidence().policy_input(ReviewId.of(app.app_id, digest), digest)
        document = kept or subject(catalog().bundle(digest), GateContext.of_platform())
    except (AppGuardError, ManifestError):
        return None
    return Subject(app_id=app.app_id, document=document)
