"""What a bundle's approval rests on."""

from pathlib import Path

from appguard.gates.sbom import sbom
from appguard.provenance.materials import materials
from tests.support.world import RISKY, harmless

POLICIES = Path("policies")
DIGESTS = ("sha256:" + "a" * 64, "sha256:" + "b" * 64)


def package(*hashes: str) -> dict:
    return {
        "name": "dateutil",
        "externalRefs": [
            {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:dateutil"},
            {"referenceType": "purl", "referenceLocator": "pkg:pypi/python-dateutil@2.9.0"},
        ],
        "checksums": [
            {"algorithm": "MD5", "checksumValue": "0" * 32},
            *({"algorithm": "SHA256", "checksumValue": value} for value in hashes),
        ],
    }


def found(name: str, packages: tuple[dict, ...] = (), manifest=None, digests=DIGESTS[:1]) -> list:
    bill = {"packages": list(packages)}
    every = materials(manifest or RISKY.manifest(), POLICIES, digests, bill)
    return [resource for resource in every if resource.name == name]


def test_a_package_is_named_with_each_hash_that_is_accepted_for_it():
    resources = found("dateutil", (package("C" * 64, "d" * 64),))

    assert [r.digest.sha256 for r in resources] == ["c" * 64, "d" * 64]
    assert {r.uri for r in resources} == {"pkg:pypi/python-dateutil@2.9.0"}


def test_a_package_without_a_hash_is_named_all_the_same():
    [resource] = found("dateutil", (package(),))

    assert resource.digest is None


def test_the_app_itself_is_no_material():
    assert not [r for r in materials(RISKY.manifest(), POLICIES, DIGESTS, sbom(RISKY)) if r.name == "app"]


def test_gates_that_ran_while_policies_changed_leave_both_digests():
    assert [r.digest.sha256 for r in found("policy", digests=DIGESTS)] == ["a" * 64, "b" * 64]


def test_a_template_we_no_longer_have_in_that_version_is_named_without_a_digest():
    manifest = harmless().manifest()
    old = manifest.metadata.model_copy(update={"template": "office-self-service@99"})
    [now] = found("template", manifest=manifest)
    [then] = found("template", manifest=manifest.model_copy(update={"metadata": old}))

    assert now.digest is not None
    assert then.digest is None
    assert then.uri.endswith("office-self-service@99")


def test_an_app_without_a_template_names_none():
    manifest = harmless().manifest()
    bare = manifest.metadata.model_copy(update={"template": None})

    assert found("template", manifest=manifest.model_copy(update={"metadata": bare})) == []
