"""What an attestation must be to hold, and every way in which it may not."""

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appguard.kernel.ids import AppId, BundleDigest
from appguard.provenance.errors import NotAttested
from appguard.provenance.signing import BuilderKey
from appguard.provenance.verify import verify
from tests.support.kms import Kms


def refused(case, envelope: bytes, expected=None) -> str:
    with pytest.raises(NotAttested) as error:
        verify(envelope, case.keys, expected or case.expected)
    return error.value.message


def altered(envelope: bytes, **changes) -> bytes:
    return json.dumps({**json.loads(envelope), **changes}).encode()


def test_what_the_step_signed_holds_for_its_bundle_app_and_run(case):
    assert verify(case.envelope, case.keys, case.expected).app_id == case.step.app_id


@pytest.mark.parametrize(
    ("envelope", "why"),
    [
        (b"", "strict JSON"),
        (b"[]", "no DSSE envelope"),
        (b"null", "no DSSE envelope"),
        (b"\xff\xfe", "strict JSON"),
        (b"[" * 100_000, "strict JSON"),
        (b'{"payload": NaN}', "strict JSON"),
        (b" " * (2 * 1024 * 1024 + 1), "larger than"),
    ],
    ids=["missing", "a list", "null", "not text", "bottomless", "no number", "huge"],
)
def test_what_is_no_envelope_is_refused(case, envelope, why):
    assert why in refused(case, envelope)


def test_another_bundles_attestation_is_refused(case):
    other = replace(case.expected, digest=BundleDigest("sha256:" + "1" * 64))

    assert "not sha256:1111" in refused(case, case.envelope, other)


def test_another_apps_attestation_is_refused(case):
    assert "not payroll" in refused(case, case.envelope, replace(case.expected, app_id=AppId("payroll")))


def test_the_attestation_of_an_earlier_run_of_the_same_review_is_refused(case):
    later = replace(case.expected, run=case.step.execution + "-2")

    assert "stems from the run" in refused(case, case.envelope, later)


def test_the_same_statement_signed_by_another_key_is_refused(case):
    stranger = BuilderKey(Kms(), "key")

    assert "not ours" in refused(case, case.notary.seal(case.statement, key=stranger))


def test_another_keys_signature_under_the_name_of_ours_is_refused(case):
    envelope = json.loads(case.notary.seal(case.statement, key=BuilderKey(Kms(), "key")))
    envelope["signatures"][0]["keyid"] = case.notary.key.keyid

    assert "does not hold" in refused(case, json.dumps(envelope).encode())


def test_a_changed_payload_is_refused(case):
    statement = case.statement
    statement["predicate"]["buildDefinition"]["externalParameters"]["requester"] = "eve@example.com"
    payload = base64.b64encode(json.dumps(statement).encode()).decode()

    assert "does not hold" in refused(case, altered(case.envelope, payload=payload))


def test_a_changed_payload_type_is_refused_before_anything_is_believed(case):
    assert "of type" in refused(case, altered(case.envelope, payloadType="text/plain"))
    assert "of type" in refused(case, case.notary.seal(case.statement, "application/json"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("predicateType", "https://slsa.dev/provenance/v0.2"),
        ("_type", "https://in-toto.io/Statement/v0.1"),
        ("predicateType", None),
    ],
)
def test_a_statement_of_another_kind_is_refused_though_we_signed_it(case, field, value):
    assert field in refused(case, case.notary.seal({**case.statement, field: value}))


def test_a_payload_that_is_no_statement_is_refused(case):
    assert "no statement" in refused(case, case.notary.seal([1]))


@pytest.mark.parametrize("where", [(), ("predicate",), ("predicate", "runDetails", "builder")])
def test_a_field_nobody_knows_is_refused(case, where):
    statement = inner = case.statement
    for step in where:
        inner = inner[step]
    inner["extra"] = 1

    assert "extra" in refused(case, case.notary.seal(statement))


def test_another_builder_is_refused(case):
    statement = case.statement
    statement["predicate"]["runDetails"]["builder"]["id"] = "https://example.com/builder"

    assert "builder.id" in refused(case, case.notary.seal(statement))


def test_a_key_that_stands_twice_is_refused_in_envelope_and_statement(case):
    twice = case.envelope.replace(b"{", b'{"payloadType":"x",', 1)
    signed = json.dumps(case.statement).encode().replace(b"{", b'{"predicateType":"x",', 1)

    assert "twice" in refused(case, twice)
    assert "twice" in refused(case, case.notary.seal(signed))


def test_an_unknown_field_of_the_envelope_is_refused(case):
    assert "extra" in refused(case, altered(case.envelope, extra=1))


def signatures(case) -> list[dict[str, str]]:
    return json.loads(case.envelope)["signatures"]


def test_without_a_signature_it_is_refused(case):
    assert "signatures" in refused(case, altered(case.envelope, signatures=[]))


def test_one_bad_signature_among_good_ones_spoils_them_all(case):
    strange = {"keyid": "0" * 64, "sig": signatures(case)[0]["sig"]}

    assert "not ours" in refused(case, altered(case.envelope, signatures=[*signatures(case), strange]))
    assert "not ours" in refused(case, altered(case.envelope, signatures=[strange, *signatures(case)]))


def test_a_key_counts_once(case):
    assert "twice" in refused(case, altered(case.envelope, signatures=signatures(case) * 2))


def test_a_key_that_was_withdrawn_is_a_key_nobody_knows(case):
    with pytest.raises(NotAttested, match="not ours"):
        verify(case.envelope, {}, case.expected)


@pytest.mark.parametrize("what", ["payload", "sig"])
@pytest.mark.parametrize("text", ["***", "YQ", "YQ==\n", "ä"])
def test_what_is_not_base64_is_refused(case, what, text):
    envelope = json.loads(case.envelope)
    (envelope if what == "payload" else envelope["signatures"][0])[what] = text

    assert "base64" in refused(case, json.dumps(envelope).encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_changed_byte_of_the_payload_survives(case, data):
    payload = bytearray(base64.b64decode(json.loads(case.envelope)["payload"]))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] ^= data.draw(st.integers(1, 255))

    assert "does not hold" in refused(
        case, altered(case.envelope, payload=base64.b64encode(payload).decode())
    )
