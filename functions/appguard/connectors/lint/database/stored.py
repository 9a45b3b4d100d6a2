"""The login the broker itself uses."""

from appguard.connectors.login import Login
from appguard.connectors.model import Connector
from appguard.connectors.store import logins


def stored_login(connector: Connector) -> Login:
    """The login in the connector's secret; raises `Misconfigured` where there is none."""
    return logins().get(connector.secret)
