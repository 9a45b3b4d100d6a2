"""Micro apps as a review would leave them: in the catalog, with a role and logins of their own."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from botocore.credentials import Credentials
from psycopg import sql

from appguard.apps.catalog import Catalog
from appguard.apps.lifecycle import State
from appguard.apps.model import App, ConnectorGrant, Grants, Publication, Risk
from appguard.apps.store import CatalogStore
from appguard.audit.outbox import Outbox
from appguard.kernel.event import Actor, AuditEvent, Resource
from appguard.kernel.ids import AppId, BundleDigest, ConnectorName, PersonId
from appguard.kernel.levels import RiskTier
from appguard.secrets.names import SecretName, roles
from infra.local.emulator import ACCOUNT, REGION
from infra.local.seeds import DATABASES
from infra.local.story.cast import ANA
from infra.local.story.ground import Ground

Granted = Mapping[str, ConnectorGrant]
VERSION = BundleDigest("sha256:" + "0" * 64)


def publish(ground: Ground, app_id: AppId, grants: Granted) -> Credentials:
    """An active app with these grants; what comes back are its role's credentials."""
    now = datetime.now(UTC)
    publication = Publication(
        bundle_digest=VERSION,
        risk=Risk(tier=RiskTier.MEDIUM, reasons=()),
        grants=Grants(connectors={ConnectorName(name): grant for name, grant in grants.items()}),
        url=f"/apps/{app_id}",
        published_at=now,
        retire_on=date(2099, 1, 1),
        idle_after_days=90,
    )
    app = App(
        app_id=app_id,
        name=app_id,
        owner=PersonId(ANA),
        owner_email=ANA,
        team="Facilities",
        state=State.ACTIVE,
        created_at=now,
        publication=publication,
    )
    about = Resource(type="app", id=app_id)
    _store(ground).create(app, AuditEvent.of("app.created", Actor.system("test"), about, now))
    for connector in grants.keys() & DATABASES.keys():
        _give_login(ground, ConnectorName(connector), app_id)
    return role(ground, f"appguard-app-{app_id}")


def catalog(ground: Ground) -> Catalog:
    """The catalog, as the platform's own functions use it."""
    return Catalog(_store(ground))


def role(ground: Ground, name: str, *, may_invoke: bool = True) -> Credentials:
    """Credentials of a new role that may invoke the connector API, and nothing else."""
    iam = ground.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(_trust()))
    if may_invoke:
        iam.put_role_policy(RoleName=name, PolicyName="broker", PolicyDocument=policy(invoking(ground)))
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    found = ground.client("sts").assume_role(RoleArn=arn, RoleSessionName=name[:60])["Credentials"]
    return Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])


def invoking(ground: Ground) -> dict[str, Any]:
    """What the boundary of micro apps lets a role do at the broker."""
    api = ground.outputs["ConnectorsApiId"]
    resource = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/*/POST/connectors/*"
    return {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": [resource]}


def policy(*statements: dict[str, Any]) -> str:
    """An IAM policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def granted(connector: str, queries: Iterable[str], commands: Iterable[str] = ()) -> Granted:
    """A grant, short to write."""
    return {connector: ConnectorGrant(queries=frozenset(queries), commands=frozenset(commands))}


def _store(ground: Ground) -> CatalogStore:
    tables, outputs = ground.client("dynamodb"), ground.outputs
    outbox = Outbox(tables, outputs["OutboxTable"])
    return CatalogStore(
        tables, ground.client("s3"), outbox, outputs["CatalogTable"], outputs["ArtifactsBucket"]
    )


def _trust() -> dict[str, Any]:
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    return {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}


def _give_login(ground: Ground, connector: ConnectorName, app_id: AppId) -> None:
    """The login the keeper of secrets would make for this app."""
    user, password = roles(connector, app_id)[0], secrets.token_urlsafe(24)
    group = sql.Identifier(f"{DATABASES[connector]}_broker")
    made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}")
    ground.run(made.format(sql.Identifier(user), sql.Literal(password), group).as_string())
    ground.client("secretsmanager").create_secret(
        Name=SecretName.login(connector, app_id),
        SecretString=json.dumps({"user": user, "password": password}),
    )
