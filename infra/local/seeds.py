"""What a fresh platform holds: the story's databases, logins of their administrators, tokens, a sender."""

import json
import secrets
from pathlib import Path

from botocore.exceptions import ClientError
from psycopg import sql

from appguard.secrets.names import SecretName
from infra.local import emulator, examples, postgres
from infra.local.places import ROOT
from infra.local.ports import LOOPBACK

SCRIPTS = ROOT / "examples" / "hr-db"
DATABASES = {"hr-db": "hr", "payroll-db": "payroll", "office-directory": "office"}
DATABASE = postgres.DATABASE
SENDER = "appguard@example.com"


def seed(aws_port: int, postgres_port: int) -> None:
    """Put everything in place; doing it again changes nothing."""
    _database(postgres_port, sorted(SCRIPTS.glob("*.sql")))
    for connector, schema in DATABASES.items():
        _server(aws_port, postgres_port, connector, f"{schema}_broker")
        _administrator(aws_port, postgres_port, connector, f"appguard_{schema}")
    _directory(aws_port)
    examples.fill(aws_port)
    _allow_sender(aws_port)


def _server(aws_port: int, postgres_port: int, connector: str, api_role: str) -> None:
    """Where the connector's database is. No TLS on loopback: the server here has no certificate."""
    address = {"host": LOOPBACK, "port": postgres_port, "dbname": postgres.DATABASE, "sslmode": "disable"}
    name = f"appguard/connectors/{connector}"
    known = _known(aws_port, name)
    digest_key = known.get("digest_key") or secrets.token_urlsafe(24)
    _put_secret(aws_port, name, {**address, "api_role": api_role, "digest_key": digest_key})


def _administrator(aws_port: int, postgres_port: int, connector: str, user: str) -> None:
    """Who makes the logins of apps; the password in force stays, as rotations may have changed it."""
    name = f"appguard/administrators/{connector}"
    password = _known(aws_port, name).get("password") or secrets.token_urlsafe(24)
    with postgres.connect(postgres_port, DATABASE) as connection:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), sql.Literal(password))
        )
    _put_secret(aws_port, name, {"user": user, "password": password})


def _directory(aws_port: int) -> None:
    """The token of the company's directory, of which there is none: whoever tries SCIM reads it here."""
    name = str(SecretName.scim())
    _put_secret(aws_port, name, {"token": _known(aws_port, name).get("token") or secrets.token_urlsafe(32)})


def _known(port: int, secret: str) -> dict[str, str]:
    """What the secret holds already."""
    try:
        found = emulator.client("secretsmanager", port).get_secret_value(SecretId=secret)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return {}
    known: dict[str, str] = json.loads(found["SecretString"])
    return known


def _database(port: int, scripts: list[Path]) -> None:
    """Create the database and run the scripts, each of which may run twice."""
    with postgres.connect(port) as connection:
        connection.autocommit = True
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [postgres.DATABASE]
        ).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(postgres.DATABASE)))
    for script in scripts:
        with postgres.connect(port, postgres.DATABASE) as connection:
            connection.execute(script.read_bytes())


def _put_secret(port: int, name: str, value: dict[str, object]) -> None:
    """Create the secret, or write its next version when the stack or an earlier run made it."""
    manager = emulator.client("secretsmanager", port)
    try:
        manager.create_secret(Name=name, SecretString=json.dumps(value))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise
        manager.put_secret_value(SecretId=name, SecretString=json.dumps(value))


def _allow_sender(port: int) -> None:
    """On AWS somebody confirms the address; here it is declared."""
    mail = emulator.client("sesv2", port)
    try:
        mail.create_email_identity(EmailIdentity=SENDER)
    except ClientError as error:
        if error.response["Error"]["Code"] != "AlreadyExistsException":
            raise
