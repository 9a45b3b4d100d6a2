"""The profiles of this deployment's connectors, read from `policies/connectors/profiles/*.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from appguard.apps.yaml_source import ManifestError, load
from appguard.connectors.model import Connector
from appguard.connectors.profiles.fitting import UNKNOWN, FittingProfile, fitting
from appguard.connectors.profiles.model import Profile
from appguard.kernel.errors import Misconfigured
from appguard.kernel.files import policies_dir
from appguard.kernel.ids import ConnectorName

FOLDER = "profiles"


def profile_of(connector: Connector, query: str) -> FittingProfile:
    """What is published of a query; of most, nothing.

    Raises `Misconfigured` if it breaks a rule: whoever reads a preview cannot see what it gives away.
    """
    profile = _published().get(connector.name)
    return fitting(profile, connector, query) if profile else UNKNOWN


def read_profile(path: Path) -> Profile:
    """One file; raises `Misconfigured` naming file and fault."""
    try:
        profile = Profile.model_validate(load(path.read_bytes()).value)
    except (ManifestError, ValidationError) as error:
        raise Misconfigured(f"{path.name} is not a profile: {error}") from None
    if profile.connector != path.stem:
        raise Misconfigured(f"{path.name} describes the connector {profile.connector}; names must agree")
    return profile


@cache
def _published() -> Mapping[ConnectorName, Profile]:
    folder = policies_dir() / "connectors" / FOLDER
    return {profile.connector: profile for profile in map(read_profile, sorted(folder.glob("*.yaml")))}
