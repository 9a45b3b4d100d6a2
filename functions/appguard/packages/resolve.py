"""What the index knows of one requirements.txt: asked once, and the packages installed if it is whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import Unavailable
from appguard.packages import installation, proposal, requirements
from appguard.packages.closure import missing, unmet
from appguard.packages.model import Pin, Resolution
from appguard.packages.source import PackageIndex
from appguard.packages.wheels import WheelRefused

SETTLED = timedelta(days=14)
"""What is proposed has been there this long where there is a choice: malware is mostly found within days."""


@dataclass(frozen=True)
class Resolve:
    """Asks `index`; `keep` takes the archive of the installed packages by its digest."""

    index: PackageIndex
    keep: Callable[[str, bytes], None]
    clock: Clock = utc_now

    def __call__(self, content: bytes) -> Resolution:
        """What is known. An index that does not answer is told, never raised: the gate has to say so."""
        read = requirements.read(content)
        now = self.clock()
        try:
            known = Resolution(facts=tuple(map(self.index.facts, read.pins)), at=now)
            if read.faults or not read.pins:
                return known
            return self._whole(content, read.pins, known)
        except Unavailable as error:
            return Resolution(failed=error.message, at=now)

    def _whole(self, content: bytes, pins: Sequence[Pin], known: Resolution) -> Resolution:
        """With what completes the file or, where it is complete, what installing it gives."""
        done = all((one := known.of(pin)) and one.wheel and one.pin.hashes == pin.hashes for pin in pins)
        if done and not [*missing(pins, known), *unmet(pins, known)]:
            return known.model_copy(update=self._installed(pins, known))
        found = proposal.completed(pins, known, self.index, self.clock() - SETTLED)
        if found is None:
            return known
        whole, facts = found
        added = tuple(f"{pin.name}=={pin.version}" for pin in whole[len(pins) :])
        text = proposal.rewritten(content, whole, facts)
        return known.model_copy(update={"proposal": text, "added": added})

    def _installed(self, pins: Sequence[Pin], known: Resolution) -> dict[str, str]:
        try:
            packed = installation.archive(installation.files(pins, known, self.index.shelf.wheel))
        except WheelRefused as error:
            return {"refused": error.message}
        digest = sha256(packed).hexdigest()
        self.keep(digest, packed)
        return {"installed": digest}
