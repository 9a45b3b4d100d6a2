"""Which HTTP API of the emulator serves which path of our origin."""

from typing import NamedTuple


class Routes(NamedTuple):
    """The ids of the HTTP APIs behind this origin."""

    portal: str
    apps: str
    connectors: str

    def upstream(self, path: str) -> str:
        """The emulator's path for a path of ours. Paths of the broker are signed, hence kept as they are."""
        if path.startswith(self.broker_path + "/"):
            return path
        api = self.apps if path == "/apps" or path.startswith("/apps/") else self.portal
        return f"/_aws/execute-api/{api}/$default{path}"

    @property
    def broker_path(self) -> str:
        """Where the broker's API begins."""
        return f"/_aws/execute-api/{self.connectors}/$default"
