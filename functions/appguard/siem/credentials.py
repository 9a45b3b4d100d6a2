"""What a SIEM wants to be shown: the content of its secret, read anew for every run."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from appguard.kernel.errors import Misconfigured
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider
from appguard.siem.model import DestinationName


class Credentials(BaseModel):
    """Nothing of it is ever printed. `ca` (PEM) is for a SIEM with a certificate of the company's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    ca: str | None = None


class HecToken(Credentials):
    """Splunk's HTTP Event Collector."""

    token: SecretStr


class BasicLogin(Credentials):
    """OpenSearch."""

    user: str
    password: SecretStr


Kind = TypeVar("Kind", bound=Credentials)


def credentials(kept: Provider, destination: DestinationName, kind: type[Kind]) -> Kind:
    """The content of `appguard/siem/<destination>`; raises `Misconfigured`, quoting nothing of it."""
    name = SecretName.siem(destination)
    value = kept.read(name)
    try:
        return kind.model_validate_json(value.text if value else "")
    except ValidationError:
        wanted = ", ".join(kind.model_fields)
        raise Misconfigured(f"the secret {name} must be JSON with {wanted}") from None
