"""Read the policy files from disk; anything missing, empty, unreadable or unexpected is a refusal.

Layout: `rego/index.rego` names every rule, `rego/shared/*.rego` holds helpers, and each
`rego/<topic>/<rule>/` holds `rule.rego` and its cases, `rule_test.rego`. A rule that stands in
a folder but not in the index, or in the index but not in a folder, would never fire: both are
refused. `rego/opa_test.rego` is for the stock `opa test` alone.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from appguard.policy.calls import scan, unknown
from appguard.policy.errors import PolicyUnusable
from appguard.policy.metadata import read as read_metadata
from appguard.policy.model import PolicyFiles, Rule

DATA_FILES = ("data_classes.yaml",)
ALSO_DECIDES = ("secret_rules.toml", "dependencies.yaml", "semgrep/python.yaml")
_INDEXED = re.compile(r"^deny contains finding if some finding in rules\.([a-z0-9_]+)\.deny$", re.MULTILINE)

_REGO_V0 = re.compile(
    r"^\w+(?:\([^)\n]*\)|\[[^\]\n]*\])?[ ]*(?:\{|:?=[ ]*[^\s{][^{\n]*(?<=[\w)\"\]])(?<![ ]if)[ ]\{)"
    r"|\belse\b(?!.*\bif\b)[^{\n]*\{",
    re.MULTILINE,
)
"""A body without `if`: regopy takes it, OPA 1 does not, and the two would judge by different rules."""


def load(folder: Path) -> PolicyFiles:
    """The policy files below `folder`; raises `PolicyUnusable` naming the first fault."""
    rego = folder / "rego"
    paths = sorted(path for path in rego.rglob("*") if not path.is_dir())
    texts = {path.relative_to(folder).as_posix(): _text(path) for path in paths}
    data_texts = {name: _text(folder / name) for name in DATA_FILES}
    other_texts = {name: _text(folder / name) for name in ALSO_DECIDES}
    texts.pop("rego/opa_test.rego", None)
    content = _digest({path: text.encode() for path, text in (texts | data_texts | other_texts).items()})
    files = PolicyFiles(
        index=texts.pop("rego/index.rego", ""),
        shared={path: texts.pop(path) for path in sorted(texts) if path.startswith("rego/shared/")},
        rules=_rules(texts),
        data=_data(data_texts),
        digest=content,
    )
    _check(files)
    return files


def only(files: PolicyFiles, rules: Iterable[str]) -> PolicyFiles:
    """The same policies with these rules alone."""
    kept = {name: files.rules[name] for name in sorted(rules) if name in files.rules}
    lines = [f"deny contains finding if some finding in rules.{name.replace('-', '_')}.deny" for name in kept]
    index = "\n".join(["package appguard", "", "import data.appguard.rules", "", *lines, ""])
    return replace(files, rules=kept, index=index)


def rests_on_itself(files: PolicyFiles) -> bool:
    """Whether each rule reads only the shared modules and the data, and the index only gathers the rules."""
    gathers = _INDEXED.sub("", files.index)
    code = [line for line in gathers.splitlines() if line.strip() and not line.startswith("#")]
    alone = all(rule.source.count("appguard.rules") == 1 for rule in files.rules.values())
    return alone and code == ["package appguard", "import data.appguard.rules"]


def digest(folder: Path) -> str:
    """The content address of the policy files, even of files that cannot be used."""
    paths = [*folder.glob("rego/**/*"), *(folder / name for name in DATA_FILES + ALSO_DECIDES)]
    return _digest({p.relative_to(folder).as_posix(): p.read_bytes() for p in paths if p.is_file()})


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyUnusable(f"the policy file {path.name} cannot be read: {error}") from None
    if not text.strip():
        raise PolicyUnusable(f"the policy file {path} is empty")
    return text


def _rules(texts: Mapping[str, str]) -> dict[str, Rule]:
    rules = {}
    for folder in sorted({path.rpartition("/")[0] for path in texts}):
        match folder.split("/"):
            case ["rego", topic, name]:
                if name in rules:
                    raise PolicyUnusable(f"there are two rules named {name}; the second would hide the first")
                rules[name] = _rule(topic, name, folder, texts)
            case _:
                raise PolicyUnusable(f"{folder} is neither a rule's folder nor rego/shared")
    return rules


def _rule(topic: str, name: str, folder: str, texts: Mapping[str, str]) -> Rule:
    found = {path.rpartition("/")[2] for path in texts if path.rpartition("/")[0] == folder}
    if found != {"rule.rego", "rule_test.rego"}:
        raise PolicyUnusable(f"{folder} must hold rule.rego and rule_test.rego and nothing else")
    source = texts[f"{folder}/rule.rego"]
    return Rule(name, topic, read_metadata(source, name), source, texts[f"{folder}/rule_test.rego"])


def _data(texts: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            document = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise PolicyUnusable(f"{name} cannot be read: {error}") from None
        if not isinstance(document, dict) or list(document) != [name.removesuffix(".yaml")]:
            raise PolicyUnusable(f"{name} must hold one key, {name.removesuffix('.yaml')}")
        data |= document
    return data


def _digest(contents: Mapping[str, bytes]) -> str:
    """SHA-256 over each path and content in order of path; tests decide nothing and are left out."""
    hashed = hashlib.sha256(b"appguard-policy-v1\n")
    for name, content in sorted(contents.items()):
        if not name.endswith("_test.rego"):
            for part in (name.encode(), content):
                hashed.update(len(part).to_bytes(8, "big") + part)
    return f"sha256:{hashed.hexdigest()}"


def _check(files: PolicyFiles) -> None:
    """Every rule indexed, in its own package, free of mocks, and calling only what exists."""
    indexed = {name.replace("_", "-") for name in _INDEXED.findall(files.index)}
    if not files.rules or indexed != set(files.rules):
        wrong = ", ".join(sorted(indexed ^ set(files.rules))) or "all rules"
        raise PolicyUnusable(f"rego/index.rego and the rules' folders disagree about: {wrong}")
    for rule in files.rules.values():
        if scan(rule.source).package != rule.package:
            raise PolicyUnusable(f"{rule.path} must be in package {rule.package}")
    modules = files.modules() | files.test_modules()
    for path, text in modules.items():
        if mocks := scan(text).mocks:
            raise PolicyUnusable(f"{path} uses `with {mocks.pop()}`, on which regopy stops the process")
        if old := _REGO_V0.search(text):
            raise PolicyUnusable(f"{path} is not Rego v1: {old.group()!r:.80} lacks `if`")
    for path, call in unknown(modules):
        raise PolicyUnusable(f"{path} calls {call}, which the engine would silently ignore")
