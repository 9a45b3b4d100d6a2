"""The definition that travels with the function's code."""

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from appguard.kernel.errors import Misconfigured
from appguard.runtime.model import MicroApp

BESIDE_THE_PACKAGE = Path(__file__).resolve().parents[2] / "app" / "app.json"


@cache
def app_definition() -> MicroApp:
    """The definition of the app this function serves, read once."""
    return read(BESIDE_THE_PACKAGE)


def read(path: Path) -> MicroApp:
    """Read and check a definition; raises `Misconfigured` when it is missing or wrong."""
    try:
        return MicroApp.model_validate_json(path.read_bytes())
    except OSError as error:
        raise Misconfigured("the app's definition is not part of this deployment") from error
    except ValidationError as error:
        where = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
        raise Misconfigured(f"the app's definition is not valid ({where})") from error
