"""The public OCSF schema as a judge."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from appguard.siem.ocsf.catalogue import classes


@cache
def schema() -> dict[str, Any]:
    """The release of OCSF we speak, as its authors publish it."""
    return dict(get_ocsf_schema(version=classes().version))


@cache
def _validator(class_uid: int, profiles: tuple[str, ...]) -> Draft202012Validator:
    embedded = OcsfJsonSchemaEmbedded(schema())
    name = embedded.lookup_class_name_from_uid(class_uid=class_uid)
    return Draft202012Validator(embedded.get_class_schema(class_name=name, profiles=list(profiles)))


def faults(event: dict[str, Any]) -> list[str]:
    """What the schema has against an event."""
    judge = _validator(event["class_uid"], tuple(event["metadata"].get("profiles", ())))
    return [f"{fault.json_path}: {fault.message:.200}" for fault in judge.iter_errors(event)]
