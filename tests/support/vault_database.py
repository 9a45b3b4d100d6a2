"""Vault's database engine as far as we use it, making and dropping real roles of a real PostgreSQL."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

Answer = tuple[int, Any]
INVALID: Answer = (400, {"errors": ["invalid lease"]})
NOT_RENEWABLE: Answer = (400, {"errors": ["lease is not renewable"]})


@dataclass
class Role:
    """As `vault write database/roles/…` describes it."""

    creation: tuple[str, ...]
    revocation: tuple[str, ...]
    default_ttl: int
    max_ttl: int
    renewable: bool = True


@dataclass
class Lease:
    """One login, and what may end it."""

    role: Role
    user: str
    token: str
    issued: int
    ends: int


class DatabaseEngine:
    """`run` signs in as the login Vault itself was given; `token_ends` is when a token does."""

    def __init__(self, connect: Callable[[], "psycopg.Connection[Any]"]) -> None:
        self._connect = connect
        self.roles: dict[str, Role] = {}
        self.leases: dict[str, Lease] = {}
        self.token_ends: dict[str, int] = {}
        self.now, self.made = 0, 0
        self.broken = False

    def pass_time(self, **spent: float) -> None:
        """What ended meanwhile is dropped from the database, with the tokens it was asked for with."""
        self.now += int(timedelta(**spent).total_seconds())
        for lease_id, lease in list(self.leases.items()):
            if self.now >= min(lease.ends, self.token_ends[lease.token]):
                self.revoke(lease_id)

    def revoke(self, lease_id: str) -> None:
        lease = self.leases.pop(lease_id)
        self._run(lease.role.revocation, name=lease.user)

    def answer(self, verb: str, name: str, token: str, body: Any) -> Answer:
        """`verb` is `creds`, or one of `sys/leases/…`."""
        if self.broken:
            return 500, {"errors": ["failed to connect: password=should-never-be-logged"]}
        if verb == "creds":
            return self._creds(name, token)
        lease = self.leases.get(body["lease_id"])
        if verb == "revoke":
            if lease:
                self.revoke(body["lease_id"])
            return 204, None
        if lease is None:
            return INVALID
        if verb == "lookup":
            return 200, {"data": {"id": body["lease_id"], "ttl": lease.ends - self.now}}
        return self._renew(body["lease_id"], lease, body.get("increment"))

    def _creds(self, name: str, token: str) -> Answer:
        if name not in self.roles:
            return 400, {"errors": [f"unknown role: {name}"]}
        role, password = self.roles[name], secrets.token_urlsafe(20)
        self.made += 1
        user, lease_id = f"v-{name}-{secrets.token_hex(6)}", f"database/creds/{name}/{secrets.token_hex(12)}"
        until = datetime.now(UTC) + timedelta(seconds=role.default_ttl)
        self._run(role.creation, name=user, password=password, expiration=until.isoformat())
        self.leases[lease_id] = Lease(role, user, token, self.now, self.now + role.default_ttl)
        return 200, {
            "lease_id": lease_id,
            "lease_duration": role.default_ttl,
            "renewable": role.renewable,
            "data": {"username": user, "password": password},
        }

    def _renew(self, lease_id: str, lease: Lease, increment: int | None) -> Answer:
        latest = lease.issued + lease.role.max_ttl
        if not lease.role.renewable or self.now >= latest:
            return NOT_RENEWABLE
        lease.ends = min(self.now + (increment or lease.role.default_ttl), latest)
        return 200, {"lease_id": lease_id, "lease_duration": lease.ends - self.now, "renewable": True}

    def _run(self, statements: tuple[str, ...], **words: str) -> None:
        with self._connect() as connection:
            for statement in statements:
                for word, value in words.items():
                    statement = statement.replace("{{" + word + "}}", value)  # noqa: PLW2901 - as Vault does
                connection.execute(statement.encode())
