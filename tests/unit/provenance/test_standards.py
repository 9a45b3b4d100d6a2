"""Our statement in the eyes of others: the in-toto and SLSA models, and securesystemslib's DSSE."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf.json_format import Parse, ParseDict
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from appguard.kernel.pem import public_key_pem
from appguard.provenance import dsse
from appguard.provenance.signing import BuilderKey
from appguard.provenance.verify import verify
from tests.support.kms import Kms


def their_key(kms: Kms) -> SSlibKey:
    return SSlibKey.from_crypto(kms.key.public_key(), keyid=BuilderKey(kms, "key").keyid)


def test_the_statement_is_a_valid_in_toto_statement(case):
    statement = Statement.copy_from_pb(Parse(json.dumps(case.statement), statement_pb2.Statement()))

    statement.validate()
    assert statement.pb.predicate_type == "https://slsa.dev/provenance/v1"


def test_the_predicate_has_the_fields_of_slsa_v1_and_no_others(case):
    found = ParseDict(case.statement["predicate"], provenance_pb2.Provenance())

    assert found.build_definition.build_type
    assert found.build_definition.HasField("external_parameters")
    assert found.run_details.builder.id
    for resource in (*found.build_definition.resolved_dependencies, *found.run_details.byproducts):
        ResourceDescriptor.copy_from_pb(resource).validate()
    begun, done = found.run_details.metadata.started_on, found.run_details.metadata.finished_on
    assert (done.ToDatetime() - begun.ToDatetime()).total_seconds() == 300


def test_securesystemslib_verifies_our_envelope(case):
    envelope = Envelope.from_dict(json.loads(case.envelope))

    accepted = envelope.verify([their_key(case.notary.kms)], 1)

    assert list(accepted) == [case.notary.key.keyid]
    assert envelope.payload_type == dsse.PAYLOAD_TYPE


def test_securesystemslib_refuses_what_another_key_signed(case):
    envelope = Envelope.from_dict(json.loads(case.envelope))

    with pytest.raises(VerificationError):
        envelope.verify([their_key(Kms())], 1)


def test_we_verify_what_securesystemslib_signed(case):
    kms = case.notary.kms
    envelope = Envelope(json.dumps(case.statement).encode(), dsse.PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(kms.key, their_key(kms)))

    verify(json.dumps(envelope.to_dict()).encode(), case.keys, case.expected)


def test_we_encode_before_signing_as_securesystemslib_does():
    theirs = Envelope(b"\x00 hello", "über/type", {}).pae()

    assert dsse.pae("über/type", b"\x00 hello") == theirs


def test_the_key_in_pem_is_the_key(case):
    assert load_pem_public_key(public_key_pem(case.notary.kms.spki)) == case.notary.kms.key.public_key()
