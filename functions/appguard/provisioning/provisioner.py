"""Giving an app its place to run, limiting it, and taking it away."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from appguard.apps.catalog import Catalog, catalog
from appguard.apps.lifecycle import State
from appguard.apps.manifest import Manifest
from appguard.apps.risk import assess
from appguard.connectors.registry import registry
from appguard.kernel.ids import AppId, BundleDigest
from appguard.packages.requirements import FILE
from appguard.packages.stored import installed
from appguard.provisioning.archive import build
from appguard.provisioning.errors import LimitsNotInForce, SmokeTestFailed, StackBusy
from appguard.provisioning.health import healthz
from appguard.provisioning.parameters import parameters, template
from appguard.provisioning.settings import ProvisioningSettings, secret_id
from appguard.provisioning.store import Code, Limits, Secrets, Stacks

Status = Literal["working", "ready", "failed"]
OK = 200
POLLS, POLL_SECONDS = 15, 1.0


@dataclass(frozen=True)
class Progress:
    """How far an app's stack is."""

    status: Status
    reason: str = ""


@dataclass(frozen=True)
class Provisioner:
    """Stacks of micro apps: one each, all from one template."""

    stacks: Stacks
    limits: Limits
    code: Code
    secrets: Secrets
    apps: Catalog
    settings: ProvisioningSettings
    region: str
    packages: Callable[[bytes], Mapping[str, bytes]] = installed
    sleep: Callable[[float], None] = time.sleep

    def provision(self, app_id: AppId, digest: BundleDigest, token: str) -> None:
        """Start creating or updating the app's stack for this bundle; `token` makes retries one call."""
        app, bundle = self.apps.get(app_id), self.apps.bundle(digest)
        manifest, name = bundle.manifest(), self.settings.resource(app_id)
        packages = self.packages(bundle.files.get(FILE, b""))
        key = self.code.put(app_id, build(self.code.runtime(), app, bundle, packages))
        tier = assess(manifest, registry(), bundle.files).tier
        self._clear_away(name)
        tags = {
            "appguard:app": str(app_id),
            "appguard:owner": str(app.owner),
            "appguard:team": manifest.metadata.team,
            "appguard:tier": tier.value,
        }
        wanted = parameters(app, manifest, tier, key, self.region, self.settings)
        self.stacks.put(name, template(), wanted, tags, token)

    def status(self, app_id: AppId, digest: BundleDigest) -> Progress:
        """How far the stack is. Ready means: finished, and boundary and concurrency read back as in force."""
        stack = self.stacks.status(self.settings.resource(app_id))
        if stack is None:
            return Progress("failed", "there is no stack")
        if stack.working:
            return Progress("working", stack.status)
        if not stack.ready:
            return Progress("failed", f"{stack.status}: {stack.reason}"[:500])
        self.enforce(app_id, self.apps.bundle(digest).manifest())
        return Progress("ready")

    def enforce(self, app_id: AppId, manifest: Manifest) -> None:
        """Put the app's limits and verify them; raises `LimitsNotInForce`."""
        name = self.settings.resource(app_id)
        if not self.limits.bound(name, self.settings.boundary_arn):
            raise LimitsNotInForce(f"the role {name} is without its permissions boundary")
        if not self.limits.reserve(name, manifest.runtime.concurrency):
            raise LimitsNotInForce(f"the function {name} is without its concurrency limit")

    def smoke_test(self, app_id: AppId) -> None:
        """Call the app as its gateway would; raises `SmokeTestFailed`."""
        answer = self.limits.call(self.settings.resource(app_id), healthz(app_id))
        if answer.get("statusCode") != OK:
            what = answer.get("errorType") or answer.get("FunctionError") or answer.get("statusCode")
            raise SmokeTestFailed(f"{app_id} answered {what} instead of {OK}")

    def undo(self, app_id: AppId, token: str) -> None:
        """After a failed run: an app nobody published leaves nothing behind, a running one keeps its version.

        What was stopped meanwhile stays as it is: its function takes no call.
        """
        app = self.apps.get(app_id)
        if app.publication is None:
            self.remove(app_id)
        elif app.state is State.ACTIVE:
            self.provision(app_id, app.publication.bundle_digest, token)

    def pause(self, app_id: AppId) -> None:
        """Stop the app: its function takes no call. Fine if there is none."""
        name = self.settings.resource(app_id)
        if self.limits.exists(name) and not self.limits.reserve(name, 0):
            raise LimitsNotInForce(f"the function {name} could not be stopped")

    def resume(self, app_id: AppId, digest: BundleDigest) -> None:
        """Let the app run again within its limits."""
        self.enforce(app_id, self.apps.bundle(digest).manifest())

    def remove(self, app_id: AppId) -> bool:
        """Delete the app's stack and its secret; True once nothing is left, False while it is under way."""
        name = self.settings.resource(app_id)
        if self.stacks.status(name) is not None:
            self.stacks.delete(name)
            if not self._gone(name):
                return False
        self.secrets.delete(secret_id(app_id))
        return True

    def _clear_away(self, name: str) -> None:
        """A stack whose creation failed cannot be updated: delete it first."""
        found = self.stacks.status(name)
        if found is None or not found.dead:
            return
        self.stacks.delete(name)
        if not self._gone(name):
            raise StackBusy(f"the remains of {name} are still being deleted")

    def _gone(self, name: str) -> bool:
        for _ in range(POLLS):
            found = self.stacks.status(name)
            if found is None:
                return True
            if found.status == "DELETE_FAILED":
                return False
            self.sleep(POLL_SECONDS)
        return False


@cache
def provisioner() -> Provisioner:
    """The deployment's provisioner, made on first use."""
    import boto3  # noqa: PLC0415 - clients are made on first use, not at import

    settings = ProvisioningSettings.from_env()
    cloudformation = boto3.client("cloudformation")
    return Provisioner(
        stacks=Stacks(cloudformation, settings.stack_role_arn),
        limits=Limits(boto3.client("iam"), boto3.client("lambda")),
        code=Code(
            boto3.client("s3"), (settings.runtime_bucket, settings.runtime_key), settings.artifacts_bucket
        ),
        secrets=Secrets(boto3.client("secretsmanager")),
        apps=catalog(),
        settings=settings,
        region=cloudformation.meta.region_name,
    )
