"""Recorded answers of other hosts against the schema the app carries."""

import json
from collections.abc import Callable

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.contracts import check
from appguard.gates.model import GateContext
from appguard.kernel.finding import Severity

Edit = Callable[..., Bundle]
HOST = "rates.example.com"
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"rate": {"type": "number"}},
    "required": ["rate"],
}


@pytest.fixture
def reaching(edited: Edit) -> Callable[..., Bundle]:
    """The app with a host to reach and these files under contracts/."""

    def build(**files: object) -> Bundle:
        bundle = edited("concurrency: 5", f"concurrency: 5\n  egress: [{HOST}]")
        texts = {
            path: text if isinstance(text, bytes) else json.dumps(text).encode()
            for path, text in files.items()
        }
        return Bundle({**bundle.files, **{f"contracts/{path}": text for path, text in texts.items()}})

    return build


def found(bundle: Bundle, context: GateContext) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.severity.value, f.path) for f in check(bundle, context)]


def test_examples_that_keep_their_schema_say_nothing(reaching, context: GateContext) -> None:
    assert found(reaching(**{f"{HOST}.schema.json": SCHEMA, f"{HOST}/ok.json": {"rate": 1.5}}), context) == []


def test_a_host_without_a_contract_is_a_warning_at_its_line(reaching, context: GateContext) -> None:
    [finding] = check(reaching(), context)
    assert (finding.rule, finding.severity) == ("http-contract-missing", Severity.WARN)
    assert finding.line == reaching().files["app.yaml"].decode().splitlines().index(f"  egress: [{HOST}]") + 1


@pytest.mark.parametrize(
    "example",
    [{"rate": "high"}, {}, [], b"no json", b"\xff"],
    ids=["type", "lacking", "list", "text", "bytes"],
)
def test_an_example_that_breaks_its_schema_blocks_without_its_values(
    reaching, context: GateContext, example: object
) -> None:
    bundle = reaching(
        **{f"{HOST}.schema.json": SCHEMA, f"{HOST}/a.json": {"rate": 1}, f"{HOST}/b.json": example}
    )
    [finding] = check(bundle, context)
    assert (finding.rule, finding.severity) == ("http-contract-broken", Severity.BLOCK)
    assert finding.path == f"contracts/{HOST}/b.json"
    assert "high" not in finding.message


@pytest.mark.parametrize(
    "schema",
    [b"{", {"type": "colour"}, {"$ref": "https://example.com/x"}, {"$ref": "#"}, 5, {"pattern": "^(a+)+$"}],
    ids=range(6),
)
def test_a_schema_that_cannot_judge_blocks(reaching, context: GateContext, schema: object) -> None:
    bundle = reaching(**{f"{HOST}.schema.json": schema, f"{HOST}/a.json": "a" * 40 + "!"})
    assert found(bundle, context) == [("http-contract-broken", "block", f"contracts/{HOST}.schema.json")]


def test_a_contract_with_a_host_the_app_may_not_reach_blocks(reaching, context: GateContext) -> None:
    bundle = reaching(
        **{
            f"{HOST}.schema.json": SCHEMA,
            f"{HOST}/a.json": {"rate": 1},
            "other.example.com.schema.json": True,
            "other.example.com/a.json": 1,
        }
    )
    path = "contracts/other.example.com.schema.json"
    assert found(bundle, context) == [("http-contract-host", "block", path)]


def test_a_schema_without_an_example_is_a_warning(reaching, context: GateContext) -> None:
    bundle = reaching(**{f"{HOST}.schema.json": SCHEMA})
    assert found(bundle, context) == [("http-contract-unproven", "warn", f"contracts/{HOST}.schema.json")]
