"""What a SIEM wants to be shown: the content of its secret, read anew for every run."""

from typing import TypeVar

from pydantic import SecretStr

from appguard.secrets.content import Content, content
from appguard.secrets.names import SecretName
from appguard.secrets.provider import Provider
from appguard.siem.model import DestinationName


class Credentials(Content):
    """`ca` (PEM) is for a SIEM with a certificate of the company's own."""

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
    """The content of `appguard/siem/<destination>`; raises `Misconfigured`."""
    return content(kept, SecretName.siem(destination), kind)
