"""Secrets in Vault's key-value engine, version 2.

Vault knows versions, not stages. What is in force lies at the secret's name; what is to follow lies beside
it at `<name>/pending`, until it is written over the first, on condition that nobody has meanwhile.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appguard.kernel.errors import StaleVersion
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Stage, Value
from appguard.secrets.vault.errors import VaultAway
from appguard.secrets.vault.session import NOT_FOUND, OK, VaultSession

MARK = "appguard_version"
"""Names a value of ours from its staging on; values people wrote are named by Vault's own number."""
NO_CONTENT, BAD_REQUEST = 204, 400


@dataclass(frozen=True)
class Kept:
    """A value with the number Vault gave it."""

    number: int
    value: Value


@dataclass(frozen=True)
class VaultKeyValue:
    """A provider; `mount` is the engine's path."""

    vault: VaultSession
    mount: str

    def read(self, name: SecretName, stage: Stage = Stage.CURRENT) -> Value | None:
        """The value at this stage."""
        if stage is Stage.PENDING:
            found = self._read(_pending(name))
        else:
            found = self._read(name)
            if stage is Stage.PREVIOUS and found:
                found = self._read(f"{name}?version={found.number - 1}") if found.number > 1 else None
        return found.value if found else None

    def stage(self, name: SecretName, text: str) -> Value:
        """Keep it as pending; raises `StaleVersion` where another run was first."""
        mark = secrets.token_hex(16)
        self._write(_pending(name), {**json.loads(text), MARK: mark}, 0)
        return Value(mark, text)

    def promote(self, name: SecretName, pending: Value) -> None:
        """Write it over what is in force; raises `StaleVersion` where somebody else just did."""
        current = self._read(name)
        if current and current.value.version == pending.version:
            return
        content = {**json.loads(pending.text), MARK: pending.version}
        self._write(name, content, current.number if current else 0)

    def settle(self, name: SecretName, pending: Value) -> None:
        """Forget what was pending."""
        found = self._read(_pending(name))
        if found and found.value.version == pending.version:
            self._forget(_pending(name))

    def changed_at(self, name: SecretName) -> datetime | None:
        """When the current version was written."""
        answer = self.vault.ask("GET", f"{self.mount}/metadata/{name}")
        if answer.status == NOT_FOUND:
            return None
        return datetime.fromisoformat(str(_data(answer.body, answer.status)["updated_time"]))

    def delete(self, name: SecretName) -> None:
        """All versions, and whatever was pending."""
        self._forget(name)
        self._forget(_pending(name))

    def _read(self, path: str) -> Kept | None:
        answer = self.vault.ask("GET", f"{self.mount}/data/{path}")
        if answer.status == NOT_FOUND:
            return None
        data = _data(answer.body, answer.status)
        content, number = dict(data["data"]), int(data["metadata"]["version"])
        mark = content.pop(MARK, f"version-{number}")
        return Kept(number, Value(mark, json.dumps(content)))

    def _write(self, path: str, content: Mapping[str, Any], over: int) -> None:
        body = {"options": {"cas": over}, "data": content}
        answer = self.vault.ask("POST", f"{self.mount}/data/{path}", body)
        if answer.status == BAD_REQUEST:
            raise StaleVersion("somebody changed this secret first")
        _data(answer.body, answer.status)

    def _forget(self, path: str) -> None:
        answer = self.vault.ask("DELETE", f"{self.mount}/metadata/{path}")
        if answer.status not in (OK, NO_CONTENT, NOT_FOUND):
            raise VaultAway(f"Vault did not delete a secret ({answer.status})")


def _pending(name: SecretName) -> str:
    return f"{name}/pending"


def _data(body: Mapping[str, Any], status: int) -> Mapping[str, Any]:
    found = body.get("data")
    if status != OK or not isinstance(found, Mapping):
        raise VaultAway(f"Vault answered with something else ({status})")
    return found
