"""The allow-list: what it does not know, it refuses. This is the part that decides; tools add to it."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from appguard.apps.bundle import Bundle
from appguard.gates.code import imports, names, texts
from appguard.gates.code.model import Surroundings
from appguard.gates.sbom import pins
from appguard.gates.sources import Source
from appguard.kernel.finding import Finding

NONE: Mapping[str, str] = MappingProxyType({})
_CHECKS = (
    imports.check,
    lambda source, _: names.check(source),
    lambda source, _: texts.check(source),
)


def check(sources: Iterable[Source], bundle: Bundle, modules: Mapping[str, str] = NONE) -> Iterator[Finding]:
    """Each rule once a line. `modules` says which package a module comes from, where that is known."""
    sources = list(sources)
    packages = frozenset(pin.name for pin in pins(bundle))
    around = Surroundings(own=_modules(sources), packages=packages, modules=modules)
    for source in sources:
        said = set()
        for look in _CHECKS:
            for found in look(source, around):
                if (found.rule, found.line) not in said:
                    said.add((found.rule, found.line))
                    yield found


def _modules(sources: Iterable[Source]) -> Mapping[str, Source]:
    """The app's own files by the names they are imported by; tests also find what stands beside them."""
    found: dict[str, Source] = {}
    for source in sources:
        path = source.path.rpartition(".")[0].removesuffix("/__init__")
        for name in {path, path.removeprefix("tests/")}:
            found[name.replace("/", ".")] = source
    return found
