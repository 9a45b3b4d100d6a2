"""From what the keeper is called for to what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from appguard.kernel.clock import Clock, utc_now
from appguard.reviews.reviews import Reviews, reviews
from appguard.secrets.ages import oldest
from appguard.secrets.keeper import Keeper, Kept, keeper
from appguard.secrets.metrics import publish
from appguard.secrets.policy import SecretKind
from appguard.secrets.tasks import Due, Provide, Replace, Task, Withdraw


@dataclass(frozen=True)
class Keeping:
    """Does tasks; whatever comes in, no more than a review approved is made."""

    keeper: Keeper
    reviews: Reviews
    publish: Callable[[Mapping[SecretKind, timedelta]], None]
    clock: Clock

    def do(self, task: Task) -> Kept:
        """Do it; what did not work is named in the answer, and a review's step raises."""
        match task:
            case Provide():
                return self._provide(task)
            case Withdraw():
                return self.keeper.withdraw(task.app_id)
            case Replace():
                return self.keeper.rotate_app(task.app_id)
            case Due():
                kept = self.keeper.rotate_due()
                self.publish(oldest(self.keeper.records, self.clock()))
                return kept

    def _provide(self, step: Provide) -> Kept:
        self.reviews.to_run(step)
        manifest = self.keeper.apps.bundle(step.bundle_digest).manifest()
        return Kept(made=self.keeper.provide(step.app_id, [use.name for use in manifest.connectors]))


@cache
def keeping() -> Keeping:
    """The deployment's, made on first use."""
    return Keeping(keeper(), reviews(), publish, utc_now)
