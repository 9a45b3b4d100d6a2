"""Synthesized assemblies, as tests read them."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from infra.bundle import BUILD, ROOT, NotBuilt, build

LOCAL = {
    "target": "local",
    "portal_url": "http://127.0.0.1:8080",
    "apps_url": "http://127.0.0.1:8080",
    "aws_endpoint": "http://127.0.0.1:4566",
    "oidc_issuer": "http://127.0.0.1:9000",
}
DELIVERING = {
    "siem_splunk_url": "https://splunk.example.com:8088",
    "siem_opensearch_url": "https://search.example.com",
    "siem_lake_bucket": "aws-security-data-lake-eu-central-1-example",
    "slack_team_id": "T0EXAMPLE",
    "slack_channel": "C0EXAMPLE",
    "teams": "true",
}
WORDS = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-central-1",
    "AWS::AccountId": "111122223333",
    "AWS::URLSuffix": "amazonaws.com",
}


@dataclass(frozen=True)
class Assembly:
    """What `cdk synth` leaves behind."""

    folder: Path
    templates: Mapping[str, dict[str, Any]]

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Every resource of one CloudFormation type in all stacks, by logical id."""
        return {
            name: resource
            for template in self.templates.values()
            for name, resource in template["Resources"].items()
            if resource["Type"] == kind
        }

    def all_resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every resource with its logical id."""
        for template in self.templates.values():
            yield from template["Resources"].items()

    def functions(self) -> dict[str, dict[str, Any]]:
        """The properties of every function by its physical name."""
        return {
            found["Properties"]["FunctionName"]: found["Properties"]
            for found in self.resources("AWS::Lambda::Function").values()
        }

    def archive(self, resource: dict[str, Any]) -> Path:
        """The archive a function or a layer is made of."""
        properties = resource["Properties"]
        place = properties["Code"] if "Code" in properties else properties["Content"]
        return self.folder / f"asset.{place['S3Key']}"

    def layers(self, function: dict[str, Any]) -> list[Path]:
        """The archives of a function's layers."""
        known = self.resources("AWS::Lambda::LayerVersion")
        return [self.archive(known[layer["Ref"]]) for layer in function["Properties"].get("Layers", [])]


def synthesize(target: str, chosen: Mapping[str, str] = MappingProxyType({})) -> Assembly:
    """Run app.py as the CDK CLI does, unless nothing changed since some test last did."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / f"assembly-{target}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = _synthesize(target, chosen)
        return Assembly(
            folder,
            {
                file.name.removesuffix(".template.json"): json.loads(file.read_text())
                for file in folder.glob("*.template.json")
            },
        )


def _synthesize(target: str, chosen: Mapping[str, str]) -> Path:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context |= {**(LOCAL if target == "local" else {}), **chosen}
    kept = f"assembly-{target}-{_named(chosen)}"
    for _ in range(3):  # sources edited between build and synthesis make it start over
        built = build(target)
        folder = BUILD / kept / _digest(context, [file.name for file in built.files()])
        if (folder / "manifest.json").is_file():
            return folder
        shutil.rmtree(folder.parent, ignore_errors=True)
        part = folder.with_suffix(".part")
        environment = {**os.environ, "CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(part)}
        done = subprocess.run(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if NotBuilt.__name__ not in done.stderr:
            break
    assert done.returncode == 0, done.stderr
    part.rename(folder)
    return folder


def _named(chosen: Mapping[str, str]) -> str:
    """A folder for each choice, so that they do not replace each other."""
    return hashlib.sha256(repr(sorted(chosen.items())).encode()).hexdigest()[:8]


def _digest(*facts: object) -> str:
    """A name for what synthesis reads: the given facts and the files below."""
    files = [ROOT / "app.py", ROOT / "cdk.json", *ROOT.glob("statemachines/*"), *ROOT.glob("infra/*.py")]
    files += [*ROOT.glob("infra/stacks/*.py"), *ROOT.glob("infra/constructs/*.py")]
    contents = "".join(f"{file} {file.read_text()}" for file in sorted(files))
    return hashlib.sha256(f"{facts} {contents}".encode()).hexdigest()[:24]


def text(value: Any) -> str:
    """An intrinsic as a person reads it: `arn:aws:…:<CatalogTable.Arn>/index/by_owner`."""
    match value:
        case str():
            return value
        case {"Ref": name}:
            return WORDS.get(name, f"<{name}>")
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(text(part) for part in parts)
        case {"Fn::ImportValue": name}:
            return f"<{name}>"
        case {"Fn::Sub": pattern}:
            return str(pattern)
    raise TypeError(f"unknown intrinsic {value}")


def several(value: Any) -> list[Any]:
    """IAM allows one or many everywhere."""
    return value if isinstance(value, list) else [value]
