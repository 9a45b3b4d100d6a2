"""A file of the platform team's, as the model it must be."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from appguard.apps.yaml_source import ManifestError, load
from appguard.kernel.errors import Misconfigured

Model = TypeVar("Model", bound=BaseModel)


def yaml_model(path: Path, kind: type[Model], fault: str = "cannot be used") -> Model:
    """What the file says; raises `Misconfigured` when it is missing or says anything it should not."""
    try:
        return kind.model_validate(load(path.read_bytes()).value)
    except (OSError, ManifestError, ValidationError) as error:
        raise Misconfigured(f"{path.name} {fault}: {error}") from None
