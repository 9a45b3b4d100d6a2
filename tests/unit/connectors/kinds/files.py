"""Connector files, changed in one place at a time."""

import copy
from typing import Any

from appguard.apps.yaml_source import load
from appguard.kernel.files import policies_dir


def example(name: str) -> Any:
    """What stands in a connector's file."""
    return load((policies_dir() / "connectors" / f"{name}.yaml").read_bytes()).value


def changed(file: Any, path: str, value: Any) -> Any:
    """The file with one place replaced, or taken out if there is no value."""
    file = copy.deepcopy(file)
    *parents, last = path.split("/")
    place = file
    for name in parents:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return file
