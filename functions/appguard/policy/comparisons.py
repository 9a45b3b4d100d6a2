"""Compare policies over all active apps, which may take longer than a request: asked for, run, looked at."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError, Conflict
from appguard.policy.comparison import COMPARING, Asked, Comparing, Done, Failed, NotCompared, Running
from appguard.policy.files import digest as digest_of
from appguard.policy.files import load
from appguard.policy.impact import Impact, Subject, compare
from appguard.policy.releases import PolicySettings, Releases, releases
from appguard.policy.settings import ComparisonSettings
from appguard.policy.store import ComparisonStore

SIGN_OF_LIFE = 500
Subjects = Callable[[Callable[[str], None]], Iterable[Subject]]
"""Every active app's input; told of each app of which nothing readable is kept."""


class Comparisons:
    """Each comparison is one object in the artifacts bucket, which those who propose and publish both see."""

    def __init__(
        self,
        store: ComparisonStore,
        releases: Releases,
        ask: Callable[[Asked], None],
        clock: Clock = utc_now,
    ) -> None:
        """Keep comparisons in `store`; `ask` has one run elsewhere and returns at once."""
        self._store, self._releases, self._ask, self._clock = store, releases, ask, clock

    def latest(self, after: str) -> Comparing | None:
        """The newest comparison of these with the policies in force; raises what `Releases.folder` raises."""
        self._releases.folder(after)
        return _read(self._store.latest(digest_of(self._releases.in_force()), after))

    def state(self, asked: Asked) -> Comparing | None:
        """How this very comparison stands."""
        return _read(self._store.get(asked))

    def done(self, after: str) -> Impact:
        """What the newest comparison found; raises `NotCompared` while there is none."""
        found = self.latest(after)
        if not isinstance(found, Done):
            raise NotCompared("These policies have not been compared with those in force")
        return found.impact

    def start(self, after: str) -> None:
        """Have these policies compared, unless that is under way, or a candidate rests on what was found."""
        now, found = self._clock(), self.latest(after)
        if isinstance(found, Running) and not found.stalled(now):
            return
        if isinstance(found, Done) and self._releases.candidate():
            return
        asked = Asked(before=digest_of(self._releases.in_force()), after=after, moment=now)
        self._store.save(Running(asked=asked, alive_at=now))
        self._ask(asked)

    def run(self, asked: Asked, subjects: Subjects) -> None:
        """Do what was asked and keep the result. Asked a second time, as Lambda may, it changes nothing."""
        if isinstance(self.state(asked), Done):
            return
        try:
            self._store.save(Done(asked=asked, impact=self._compared(asked, subjects)))
        except AppGuardError as problem:
            self._store.save(Failed(asked=asked, message=problem.message, remediation=problem.advice))

    def _compared(self, asked: Asked, subjects: Subjects) -> Impact:
        before = load(self._releases.in_force())
        if before.digest != asked.before:
            raise Conflict("Other policies came into force meanwhile", "Compare again.")
        lost: list[str] = []
        after = load(self._releases.folder(asked.after))
        found = compare(before, after, self._counted(asked, subjects(lost.append)))
        return found.model_copy(update={"unreadable": tuple(lost)})

    def _counted(self, asked: Asked, subjects: Iterable[Subject]) -> Iterator[Subject]:
        """The same subjects, with a sign of life every now and then."""
        for number, subject in enumerate(subjects, start=1):
            yield subject
            if number % SIGN_OF_LIFE == 0:
                self._store.save(Running(asked=asked, alive_at=self._clock(), examined=number))


def _read(kept: bytes | None) -> Comparing | None:
    return COMPARING.validate_json(kept) if kept else None


def _ask(asked: Asked) -> None:
    import boto3  # noqa: PLC0415 - on first use

    boto3.client("lambda").invoke(
        FunctionName=ComparisonSettings.from_env().function,
        InvocationType="Event",
        Payload=asked.model_dump_json().encode(),
    )


@cache
def comparisons() -> Comparisons:
    """The comparisons of this deployment, its client made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    store = ComparisonStore(boto3.client("s3"), PolicySettings.from_env().bucket)
    return Comparisons(store, releases(), _ask)
