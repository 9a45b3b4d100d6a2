"""Amazon Inspector, by botocore's own model of its API."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from appguard.packages.errors import AdvisoriesUnusable
from appguard.packages.inspector import Inspector
from appguard.packages.model import Answer, Pin, Vulnerability

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PINS = [Pin("flask", "0.12", line=3), Pin("requests", "2.32.3")]
NAMES = "amazon:inspector:sbom_scanner:"


def component(ref: str, **said: str) -> dict[str, Any]:
    properties = [{"name": f"{NAMES}{word}", "value": value} for word, value in said.items()]
    return {"bom-ref": ref, "type": "library", "name": "x", "properties": properties}


def ask(report: object) -> Answer:
    client = boto3.client(
        "inspector-scan", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with Stubber(client) as stub:
        asked = {
            "outputFormat": "CYCLONE_DX_1_5",
            "sbom": {
                "bomFormat": "CycloneDX",
                "specVersion": "1.5",
                "version": 1,
                "components": [
                    {
                        "type": "library",
                        "bom-ref": f"pin-{number}",
                        "name": pin.name,
                        "version": pin.version,
                        "purl": f"pkg:pypi/{pin.name}@{pin.version}",
                    }
                    for number, pin in enumerate(PINS, start=1)
                ],
            },
        }
        stub.add_response("scan_sbom", {"sbom": report}, asked)
        return Inspector(client, lambda: NOW).ask(PINS)


def test_what_it_finds_is_told_as_osv_would() -> None:
    answer = ask(
        {
            "components": [
                component("pin-1"),
                component("pin-2", info="Component scanned: no vulnerabilities found."),
            ],
            "vulnerabilities": [
                {
                    "id": "CVE-2023-30861",
                    "references": [{"id": "GHSA-m2qf-hxjv-5gpq", "source": {"name": "GITHUB"}}],
                    "affects": [{"ref": "pin-1"}],
                    "properties": [{"name": f"{NAMES}fixed_version:pin-1", "value": "2.2.5"}],
                },
                {"id": "MAL-1", "affects": [{"ref": "pin-1"}]},
            ],
        }
    )
    assert answer.vulnerabilities == {
        PINS[0]: (
            Vulnerability("CVE-2023-30861", ("GHSA-m2qf-hxjv-5gpq",), "2.2.5"),
            Vulnerability("MAL-1", malicious=True),
        )
    }
    assert (answer.as_of, answer.unchecked, answer.source) == (NOW, (), "Amazon Inspector")


def test_what_it_skipped_or_left_out_was_not_checked() -> None:
    answer = ask({"components": [component("pin-1", warning="Component skipped: no rules found.")]})
    assert answer.unchecked == tuple(PINS)


@pytest.mark.parametrize(
    "report",
    [
        {},
        [],
        "ok",
        {"components": "none"},
        {"components": [], "vulnerabilities": [{"affects": []}]},
        {"components": [], "vulnerabilities": [{"id": "CVE-1", "affects": [{"ref": "someone-else"}]}]},
    ],
)
def test_an_unexpected_answer_is_no_answer(report: object) -> None:
    with pytest.raises(AdvisoriesUnusable):
        ask(report)
