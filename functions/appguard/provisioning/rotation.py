"""A new session key for an app, in the four steps Secrets Manager knows: create, set, test, finish.

The steps are driven from here and found again from the secret's own stages, so that a rotation which
died anywhere is resumed by the next one. The runtime accepts the previous key, so nobody is signed out.
"""

import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from appguard.apps.catalog import Catalog, catalog
from appguard.apps.lifecycle import State
from appguard.audit.outbox import Outbox, outbox
from appguard.kernel.clock import Clock, utc_now
from appguard.kernel.errors import AppGuardError
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import AppId, EventId
from appguard.provisioning.errors import RotationFailed
from appguard.provisioning.settings import secret_id

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

logger = logging.getLogger(__name__)
PENDING, CURRENT = "AWSPENDING", "AWSCURRENT"
KEY_BYTES = 32


class Rotation(BaseModel):
    """What to rotate: one app, or every active one."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    app_id: AppId | None = None


class Rotated(BaseModel):
    """What was rotated and what could not be."""

    rotated: list[AppId] = Field(default_factory=list)
    failed: list[AppId] = Field(default_factory=list)


class SessionKeys(BaseModel):
    """The secret's content: the key in force and, after a rotation, the one before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    session_key: str = Field(min_length=43)
    previous: str | None = None

    def followed_by(self, key: str) -> "SessionKeys":
        """The next content: a new key, and this one as the previous."""
        return SessionKeys(session_key=key, previous=self.session_key)


@dataclass(frozen=True)
class Rotator:
    """Rotates the secrets of micro apps."""

    client: "SecretsManagerClient"
    events: Outbox
    apps: Catalog
    clock: Clock = utc_now
    new_key: Callable[[], str] = lambda: secrets.token_urlsafe(KEY_BYTES)

    def rotate(self, wanted: Rotation) -> Rotated:
        """Rotate what is wanted; one app's trouble does not keep the others from it."""
        done = Rotated()
        for app_id in [wanted.app_id] if wanted.app_id else self._active():
            try:
                self.rotate_one(app_id)
                done.rotated.append(app_id)
            except (AppGuardError, self.client.exceptions.ClientError):
                logger.exception("a secret could not be rotated", extra={"app_id": app_id})
                done.failed.append(app_id)
        return done

    def rotate_one(self, app_id: AppId) -> None:
        """Create, set, test, finish. What marks it as unfinished goes last, so that nothing is left out."""
        name = secret_id(app_id)
        version = self._pending(name) or self._create(name)
        self._test(name, version)
        self._finish(name, version)
        self._record(app_id, version)
        self._unstage(name, version)

    def _active(self) -> list[AppId]:
        return [app.app_id for app in self.apps.in_state(State.ACTIVE)]

    def _create(self, name: str) -> str:
        """Put the new key beside the old one. There is nothing to `set`: only the app itself uses it."""
        content = self._read(name, CURRENT).followed_by(self.new_key())
        return self.client.put_secret_value(
            SecretId=name,
            ClientRequestToken=secrets.token_hex(32),
            SecretString=json.dumps(content.model_dump()),
            VersionStages=[PENDING],
        )["VersionId"]

    def _test(self, name: str, version: str) -> None:
        """The new content must accept what the current key sealed; a pending one that does not is dropped."""
        pending, current = self._read(name, PENDING), self._read(name, CURRENT)
        if current.session_key not in (pending.previous, pending.session_key):
            self._unstage(name, version)
            raise RotationFailed(f"the pending secret of {name} does not follow the current one")

    def _finish(self, name: str, version: str) -> None:
        old = self._version(name, CURRENT)
        if old != version:
            self.client.update_secret_version_stage(
                SecretId=name, VersionStage=CURRENT, MoveToVersionId=version, RemoveFromVersionId=old or ""
            )

    def _record(self, app_id: AppId, version: str) -> None:
        event = AuditEvent.of(
            "secret.rotated",
            Actor.system("provisioning"),
            Resource(type="secret", id=secret_id(app_id)),
            self.clock(),
            event_id=EventId.of("secret.rotated", app_id, version),
            app_id=app_id,
            version_id=version,
        )
        self.events.record(event)

    def _unstage(self, name: str, version: str) -> None:
        if self._version(name, PENDING) == version:
            self.client.update_secret_version_stage(
                SecretId=name, VersionStage=PENDING, RemoveFromVersionId=version
            )

    def _pending(self, name: str) -> str | None:
        return self._version(name, PENDING)

    def _version(self, name: str, stage: str) -> str | None:
        versions = self.client.describe_secret(SecretId=name)["VersionIdsToStages"]
        return next((version for version, stages in versions.items() if stage in stages), None)

    def _read(self, name: str, stage: str) -> SessionKeys:
        found = self.client.get_secret_value(SecretId=name, VersionStage=stage)
        return SessionKeys.model_validate_json(found["SecretString"])


@cache
def rotator() -> Rotator:
    """The deployment's rotator, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    return Rotator(boto3.client("secretsmanager"), outbox(), catalog())
