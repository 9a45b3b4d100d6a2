"""Other detectors on the same texts, as their packages bring them."""

import importlib
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

from benchmarks.corpora import Text

KINDS = {
    "CREDIT_CARD": "card", "IBAN_CODE": "iban", "EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone",
    "DATE_TIME": "", "IP_ADDRESS": "", "URL": "", "CRYPTO": "", "MAC_ADDRESS": "",
}  # fmt: skip
COUNTRIES = ("US_SSN", "UK_NHS", "UK_NINO", "ES_NIF", "ES_NIE", "IT_FISCAL_CODE", "PL_PESEL",
             "FI_PERSONAL_IDENTITY_CODE", "IN_AADHAAR", "DE_TAX_ID", "SE_PERSONNUMMER", "NL_BSN")  # fmt: skip


ABSENT = frozenset({"spacy", "thinc", "numpy"})


class _Absent:
    """Stands in for spaCy, which presidio-analyzer imports and its pattern recognisers never call."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in ABSENT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = MagicMock(name=spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run."""


def presidio(least: float) -> Callable[[Text], set[str]]:
    """Presidio's pattern recognisers for the same kinds, from this score on, context words not weighed."""
    sys.meta_path.insert(0, _Absent())
    # Its e-mail recogniser would ask the network for the newest list of public suffixes.
    suffixes: Any = importlib.import_module("tldextract")
    suffixes.extract = suffixes.TLDExtract(suffix_list_urls=(), cache_dir=None)
    recognizers = importlib.import_module("presidio_analyzer.predefined_recognizers")
    pattern: Any = importlib.import_module("presidio_analyzer").PatternRecognizer
    chosen = []
    for name in dir(recognizers):
        kind = getattr(recognizers, name)
        if isinstance(kind, type) and (issubclass(kind, pattern) or name == "PhoneRecognizer"):
            made = _made(kind)
            wanted = (
                {KINDS.get(e, "id" if e in COUNTRIES else "") for e in made.supported_entities}
                if made
                else {""}
            )
            chosen += [made] if wanted - {""} else []

    def kinds(text: Text) -> set[str]:
        written = text.content.decode("utf-8", errors="replace")
        hits = [hit for each in chosen for hit in each.analyze(written, each.supported_entities, None) or ()]
        return {KINDS.get(hit.entity_type, "id") for hit in hits if hit.score >= least} - {""}

    return kinds


def _made(kind: type) -> Any:
    try:
        return kind()
    except (TypeError, ValueError, OSError):
        return None


def detect_secrets(texts: list[Text]) -> set[str]:
    """Paths in which detect-secrets, with its default plugins and filters, finds a secret."""
    collection: Any = importlib.import_module("detect_secrets").SecretsCollection
    settings: Any = importlib.import_module("detect_secrets.settings").default_settings
    found: set[str] = set()
    with TemporaryDirectory() as folder, settings():
        for text in texts:
            path = Path(folder, text.path)
            path.write_bytes(text.content)
            secrets = collection()
            secrets.scan_file(str(path))
            if secrets.data:
                found.add(text.path)
    return found
