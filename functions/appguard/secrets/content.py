"""A secret that is a small JSON document of known fields."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from appguard.kernel.errors import Misconfigured
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider


class Content(BaseModel):
    """What such a secret holds. Nothing of it is ever printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


Kind = TypeVar("Kind", bound=Content)


def content(kept: Provider, name: SecretName, kind: type[Kind]) -> Kind:
    """The secret as it is now; raises `Misconfigured`, quoting nothing of it."""
    value = kept.read(name)
    try:
        return kind.model_validate_json(value.text if value else "")
    except ValidationError:
        raise Misconfigured(f"the secret {name} must be JSON with {', '.join(kind.model_fields)}") from None
