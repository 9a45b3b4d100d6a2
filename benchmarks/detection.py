"""How well secrets and personal data are found: recall and precision on public texts, beside others.

`python -m benchmarks.detection` prints every figure; the limits hold AppGuard's own to what is recorded
in docs/decisions/0007-secret-detection.md and 0008-personal-data.md.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from rich.console import Console
from rich.table import Table

from appguard.apps.bundle import Bundle
from appguard.gates import secrets
from appguard.gates.data.literals import hits, readings
from appguard.gates.model import GateContext
from benchmarks import corpora, rivals
from benchmarks.corpora import Text
from benchmarks.measure import Measurement

CLEAN = "clean sources, identifiers"
NAMES = {"payment card": "card", "bank account (IBAN)": "iban", "e-mail address": "email",
         "telephone number": "phone", "date of birth": "birth"}  # fmt: skip


@dataclass
class Score:
    """What one detector found of what was planted, and what it found where nothing was."""

    what: str
    who: str
    planted: int = 0
    found: int = 0
    alarms: int = 0

    def count(self, holds: Iterable[str], seen: Iterable[str]) -> None:
        """Add one text."""
        held, told = set(holds), set(seen)
        self.planted += len(held)
        self.found += len(held & told)
        self.alarms += len(told - held)

    @property
    def recall(self) -> float:
        """Share of the planted that was found."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Share of the found that was planted."""
        return self.found / (self.found + self.alarms) if self.found + self.alarms else 1.0


def scores() -> list[Score]:
    """Every detector on every corpus."""
    corpora.fetch()
    return [*_personal(), *_secrets()]


def _personal() -> Iterator[Score]:
    who: dict[str, Callable[[Text], set[str]]] = {
        "appguard": _ours,
        "presidio, score 0.4": rivals.presidio(0.4),
        "presidio, any score": rivals.presidio(0.0),
    }
    texts = {
        "sentences of presidio-evaluator": list(corpora.sentences()),
        "numbers documented by stdnum": list(corpora.documented()),
        "hidden card numbers": list(corpora.cards()),
        CLEAN: list(corpora.clean()),
    }
    for what, corpus in texts.items():
        for name, detect in who.items():
            score = Score(what, name)
            for text in corpus:
                seen = detect(text)
                # Authors sign sources with real addresses: there only identifiers are alarms.
                score.count(text.holds, seen - ({"email", "phone", "birth"} if what == CLEAN else set()))
            yield score


def _ours(text: Text) -> set[str]:
    views = readings(text.path, text.content)
    return {NAMES.get(hit.kind, "id") for view in views for hit, _ in hits(view.text, owner="")}


def _secrets() -> Iterator[Score]:
    planted: dict[str, list[Text]] = defaultdict(list)
    for way, text in corpora.secrets():
        planted[f"seeded secrets, {'as written' if way == 'as written' else 'concealed'}"].append(text)
    planted["private keys of cryptography-vectors"] = list(corpora.private_keys())
    planted["clean sources, secrets"] = list(corpora.clean())
    for what, texts in planted.items():
        for name, detect in (("appguard", _gate), ("detect-secrets", rivals.detect_secrets)):
            score, seen = Score(what, name), detect(texts)
            for text in texts:
                score.count(text.holds, {"secret"} & ({"secret"} if text.path in seen else set()))
            yield score


def _gate(texts: list[Text]) -> set[str]:
    context = GateContext.of_platform()
    found: set[str] = set()
    waiting = iter(texts)
    while some := list(islice(waiting, 150)):
        bundle = Bundle({"app.yaml": b"", **{text.path: text.content for text in some}})
        found |= {finding.path or "" for finding in secrets.check(bundle, context)}
    return found


MISSED = 0.1
ALARMS = 0.05


def measure() -> Iterator[Measurement]:
    """What AppGuard misses, and which share of its alarms is false; each with a limit."""
    for score in scores():
        if score.who == "appguard":
            yield Measurement(f"missed: {score.what}", round(1 - score.recall, 3), "share", MISSED)
            if score.planted:
                yield Measurement(f"false: {score.what}", round(1 - score.precision, 3), "share", ALARMS)
            else:
                yield Measurement(f"false: {score.what}", score.alarms, "alarms", 2)


if __name__ == "__main__":
    table = Table("texts", "detector", "planted", "found", "recall", "false alarms", "precision")
    for each in scores():
        recall = f"{each.recall:.3f}" if each.planted else ""
        precision = f"{each.precision:.3f}" if each.planted else ""
        table.add_row(
            each.what, each.who, str(each.planted), str(each.found), recall, str(each.alarms), precision
        )
    Console(width=130).print(table)
