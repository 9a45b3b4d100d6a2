"""What other hosts answer: a JSON Schema for each, and recorded answers that must keep it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from appguard.apps.bundle import MANIFEST
from appguard.apps.manifest import Manifest
from appguard.apps.yaml_source import Document
from appguard.gates.positions import line_of
from appguard.gates.sandbox.model import Answer, SchemaQuestion
from appguard.kernel.finding import Finding, Severity

FOLDER = "contracts"
SUFFIX = ".schema.json"


class Contract(NamedTuple):
    """The schema of one host, and the files recorded from it."""

    host: str
    path: str
    recorded: tuple[str, ...]
    question: SchemaQuestion


def contracts(files: Mapping[str, bytes]) -> list[Contract]:
    """Each `contracts/<host>.schema.json` with the examples in `contracts/<host>/`."""
    found = []
    for path in files:
        folder, _, name = path.rpartition("/")
        if folder == FOLDER and name.endswith(SUFFIX):
            host = name.removesuffix(SUFFIX)
            inside = PurePosixPath(FOLDER, host)
            recorded = tuple(p for p in files if PurePosixPath(p).parent == inside and p.endswith(".json"))
            texts = tuple(_text(files[example]) for example in recorded)
            found.append(
                Contract(host, path, recorded, SchemaQuestion(schema=_text(files[path]), examples=texts))
            )
    return found


def findings(
    manifest: Manifest, agreed: Sequence[Contract], answers: Sequence[Answer], source: Document
) -> Iterator[Finding]:
    """Hosts without a contract, contracts without a host, and examples that break their schema."""
    hosts = {contract.host for contract in agreed}
    for number, host in enumerate(manifest.runtime.egress):
        if host not in hosts:
            yield _finding(
                "http-contract-missing",
                Severity.WARN,
                f"Nothing says what {host} answers.",
                f"Add {FOLDER}/{host}{SUFFIX} (JSON Schema 2020-12), and answers in {FOLDER}/{host}/.",
                MANIFEST,
                line_of(f"runtime.egress[{number}]", source),
            )
    for contract in agreed:
        if contract.host not in manifest.runtime.egress:
            yield _finding(
                "http-contract-host",
                Severity.BLOCK,
                f"There is a contract with {contract.host}, which the app does not ask to reach.",
                "Name the host under runtime.egress, or remove the contract.",
                contract.path,
            )
    for number, contract in enumerate(agreed):
        yield from _kept(contract, answers[number] if number < len(answers) else None)


def _kept(contract: Contract, answer: Answer | None) -> Iterator[Finding]:
    if not contract.recorded:
        yield _finding(
            "http-contract-unproven",
            Severity.WARN,
            f"No recorded answer of {contract.host} stands beside its schema.",
            f"Put one into {FOLDER}/{contract.host}/, without personal data.",
            contract.path,
        )
    if answer is None or answer.problems is None:
        why = (answer and answer.failed) or "Validating it kept the sandbox from going on."
        remedy = "Correct the schema; it may refer to itself alone."
        yield _finding(
            "http-contract-broken", Severity.BLOCK, f"{contract.path}: {why}", remedy, contract.path
        )
        return
    for path, problem in zip(contract.recorded, answer.problems, strict=False):
        if problem:
            remedy = f"Record the answer anew, or correct {contract.path}."
            yield _finding("http-contract-broken", Severity.BLOCK, f"{path}: {problem}.", remedy, path)


def _text(content: bytes) -> str:
    return content.decode(errors="replace")


def _finding(
    rule: str, severity: Severity, message: str, remediation: str, path: str, line: int | None = None
) -> Finding:
    return Finding(
        gate="contracts",
        rule=rule,
        severity=severity,
        message=message,
        remediation=remediation,
        path=path,
        line=line,
        controls=("ISO27001-A.8.26",),
    )
