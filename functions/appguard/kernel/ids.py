"""Typed identifiers: a value of these types has already been validated."""

import hashlib
import re
import secrets
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class TypedId(str):
    """A string of a known shape. Building one from anything else raises `ValueError`.

    >>> AppId("leave-request")
    'leave-request'
    """

    pattern: ClassVar[re.Pattern[str]] = re.compile(r".+")
    shape: ClassVar[str] = "a non-empty string"

    def __new__(cls, value: str) -> Self:
        """Validate `value`; raises `ValueError` saying what shape is expected."""
        if not isinstance(value, str) or not cls.pattern.fullmatch(value):
            raise ValueError(f"{cls.__name__} must be {cls.shape}")
        return super().__new__(cls, value)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: type[Any], _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate through the constructor and publish the pattern in JSON Schema."""
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.str_schema(pattern=f"^(?:{cls.pattern.pattern})$"),
            serialization=core_schema.plain_serializer_function_ser_schema(str),
        )


class AppId(TypedId):
    """Name of a micro app; also part of stack, role and secret names, hence the short alphabet."""

    pattern = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
    shape = "3 to 40 lower-case letters, digits and hyphens, starting with a letter"


class BundleDigest(TypedId):
    """Content address of a bundle, written like an OCI digest."""

    pattern = re.compile(r"sha256:[0-9a-f]{64}")
    shape = "sha256: followed by 64 hexadecimal digits"

    @property
    def hex(self) -> str:
        """The 64 hexadecimal digits alone, for object keys and names."""
        return self.removeprefix("sha256:")


class PersonId(TypedId):
    """A person as the identity provider names them (the `sub` claim)."""

    pattern = re.compile(r"[^\s\x00-\x1f\x7f]{1,255}")
    shape = "1 to 255 characters without spaces"


class ConnectorName(TypedId):
    """Name of a connector file under policies/connectors."""

    pattern = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
    shape = "3 to 40 lower-case letters, digits and hyphens, starting with a letter"


class ReviewId(TypedId):
    """One review of one bundle of one app."""

    pattern = re.compile(r"rev-[0-9a-f]{24}")
    shape = "rev- followed by 24 hexadecimal digits"

    @classmethod
    def of(cls, app: AppId, bundle: BundleDigest) -> Self:
        """The review of this bundle: asking twice names the same review."""
        return cls("rev-" + _digest(app, bundle)[:24])


class EventId(TypedId):
    """One audit event; the ledger keeps one entry per id, however often it is delivered."""

    pattern = re.compile(r"evt-[0-9a-f]{32}")
    shape = "evt- followed by 32 hexadecimal digits"

    @classmethod
    def new(cls) -> Self:
        """A fresh random id, for events that happen once per call."""
        return cls("evt-" + secrets.token_hex(16))

    @classmethod
    def of(cls, *facts: str) -> Self:
        """The id of a step that may be retried: the same facts give the same id."""
        return cls("evt-" + _digest(*facts)[:32])


def _digest(*facts: str) -> str:
    """Hash facts unambiguously: each is preceded by its length."""
    joined = b"".join(b"%d:%b" % (len(raw), raw) for raw in (fact.encode() for fact in facts))
    return hashlib.sha256(joined).hexdigest()
