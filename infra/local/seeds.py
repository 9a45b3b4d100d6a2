"""What a fresh platform holds: the story's databases, the brokers' logins, a sender for mail."""

import json
import secrets
from pathlib import Path

from botocore.exceptions import ClientError
from psycopg import sql

from infra.local import emulator, examples, postgres
from infra.local.places import ROOT
from infra.local.ports import LOOPBACK

SCRIPTS = ROOT / "examples" / "hr-db"
LOGINS = {"hr-db": "hr_broker", "payroll-db": "payroll_broker", "office-directory": "office_broker"}
DATABASE = postgres.DATABASE
SENDER = "appguard@example.com"


def seed(aws_port: int, postgres_port: int) -> None:
    """Put everything in place; doing it again changes nothing."""
    _database(postgres_port, sorted(SCRIPTS.glob("*.sql")))
    for connector, login in LOGINS.items():
        secret = f"appguard/connectors/{connector}"
        password = _password(aws_port, secret)
        with postgres.connect(postgres_port, DATABASE) as connection:
            connection.execute(
                sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(login), sql.Literal(password)
                )
            )
        _put_secret(aws_port, secret, _login(postgres_port, login, password))
    examples.fill(aws_port)
    _allow_sender(aws_port)


def _password(port: int, secret: str) -> str:
    """The password the brokers know already, or a first one."""
    try:
        found = emulator.client("secretsmanager", port).get_secret_value(SecretId=secret)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return secrets.token_urlsafe(24)
    return str(json.loads(found["SecretString"]).get("password") or secrets.token_urlsafe(24))


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


def _login(port: int, user: str, password: str) -> dict[str, object]:
    """A connector's secret. No TLS on loopback: the server here has no certificate."""
    server = {"host": LOOPBACK, "port": port, "dbname": postgres.DATABASE, "sslmode": "disable"}
    return {**server, "user": user, "password": password}


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
