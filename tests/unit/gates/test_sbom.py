from datetime import UTC, datetime

import pytest

from appguard.apps.bundle import Bundle
from appguard.gates.sbom import pins, sbom

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "pin"),
    [
        ("requests==2.32.3", [("requests", "2.32.3")]),
        ("Flask[async] == 3.1.0  # web", [("Flask", "3.1.0")]),
        ("requests==2.32.3 ; python_version > '3.8'", [("requests", "2.32.3")]),
        ("requests>=2", []),
        ("requests==2.*", []),
        ("-e .", []),
        ("https://example.org/x.whl", []),
        ("# requests==1", []),
    ],
)
def test_exact_pins_are_read(line: str, pin: list[tuple[str, str]]) -> None:
    assert pins(line) == pin


def test_every_file_and_pin_is_in_the_bill(leave_request: Bundle) -> None:
    bundle = Bundle({**leave_request.files, "requirements.txt": b"Zope.Interface==7.2\n"})
    bill = sbom(bundle, lambda: NOW)
    assert {file["fileName"] for file in bill["files"]} == {f"./{path}" for path in bundle.files}
    app, dependency = bill["packages"]
    assert (app["name"], app["versionInfo"]) == ("leave-request", bundle.digest)
    assert dependency["externalRefs"][0]["referenceLocator"] == "pkg:pypi/zope-interface@7.2"
    related = {
        (r["spdxElementId"], r["relationshipType"], r["relatedSpdxElement"]) for r in bill["relationships"]
    }
    assert ("SPDXRef-app", "DEPENDS_ON", "SPDXRef-pypi-1") in related
    assert ("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-app") in related


def test_the_same_bundle_gives_the_same_bill(leave_request: Bundle) -> None:
    assert sbom(leave_request, lambda: NOW) == sbom(Bundle(dict(leave_request.files)), lambda: NOW)


def test_a_bundle_whose_manifest_cannot_be_read_still_has_a_bill() -> None:
    assert sbom(Bundle({"app.yaml": b"{"}), lambda: NOW)["name"] == "unreadable"
