"""Whether an attestation holds: offline, from an envelope, public keys and what is expected of it."""

from dataclasses import dataclass

from pydantic import ValidationError

from appguard.kernel.ids import AppId, BundleDigest
from appguard.provenance import dsse
from appguard.provenance.errors import NotAttested
from appguard.provenance.keys import Keys
from appguard.provenance.model import BUILDER, PREDICATE_TYPE, STATEMENT_TYPE, Statement
from appguard.provenance.signed import opened


@dataclass(frozen=True)
class Expected:
    """What the attestation must be about; `run` is the review's run, where it is known."""

    app_id: AppId
    digest: BundleDigest
    run: str | None = None


def verify(envelope: bytes, keys: Keys, expected: Expected) -> Statement:
    """The statement, once everything about it holds; raises `NotAttested` naming what does not."""
    try:
        payload = opened(envelope, keys)
        statement = _statement(payload)
    except dsse.Unreadable as error:
        raise NotAttested(f"the attestation cannot be read: {error}") from None
    _about(statement, expected)
    return statement


def _statement(payload: bytes) -> Statement:
    """The signed statement; its kind is looked at first, so that a foreign one is called foreign."""
    found = dsse.strict_json(payload)
    if not isinstance(found, dict):
        raise NotAttested("the payload is no statement")
    for name, wanted in (("_type", STATEMENT_TYPE), ("predicateType", PREDICATE_TYPE)):
        if found.get(name) != wanted:
            raise NotAttested(f"{name} is {found.get(name)!r:.80}, not {wanted}")
    try:
        return Statement.model_validate(found)
    except ValidationError as error:
        raise NotAttested(f"it is no statement by {BUILDER}: {dsse.places(error)}") from None


def _about(statement: Statement, expected: Expected) -> None:
    """It speaks of this bundle, this app and this run, not of another one it was copied from."""
    if expected.digest.hex != statement.subject[0].digest.sha256:
        raise NotAttested(f"it is about sha256:{statement.subject[0].digest.sha256}, not {expected.digest}")
    if statement.app_id != expected.app_id:
        raise NotAttested(f"it is about the app {statement.app_id}, not {expected.app_id}")
    if expected.run and statement.run != expected.run:
        raise NotAttested(f"it stems from the run {statement.run}, not {expected.run}")
