import boto3
import pytest
from botocore.stub import Stubber

from appguard.audit.signing import SPKI_PREFIX, kms_signer, pem
from appguard.audit.verify import load_keys
from appguard.kernel.errors import Misconfigured


@pytest.fixture
def kms(aws):
    client = boto3.client("kms")
    with Stubber(client) as stub:
        yield client, stub


def test_messages_are_signed_raw_with_ed25519(kms, key):
    client, stub = kms
    public = key.public_key().public_bytes_raw()
    stub.add_response("get_public_key", {"PublicKey": SPKI_PREFIX + public}, {"KeyId": "k"})
    wanted = {
        "KeyId": "k",
        "Message": b"head",
        "MessageType": "RAW",
        "SigningAlgorithm": "ED25519_SHA_512",
    }
    stub.add_response("sign", {"Signature": key.sign(b"head")}, wanted)
    signer = kms_signer(client, "k")
    assert signer.public_key == public
    assert signer.sign(b"head") == key.sign(b"head")


def test_a_key_of_another_kind_is_a_wrong_deployment(kms):
    client, stub = kms
    stub.add_response("get_public_key", {"PublicKey": b"\x30" * 91}, {"KeyId": "k"})
    with pytest.raises(Misconfigured, match="Ed25519"):
        kms_signer(client, "k")


def test_the_key_file_reads_back_as_the_key(signer):
    assert [key.raw for key in load_keys(pem(signer.public_key))] == [signer.public_key]
