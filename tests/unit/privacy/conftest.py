import boto3
import pytest

from appguard.audit.by_subject import BySubject
from appguard.audit.reader import in_bucket
from appguard.audit.store import LedgerStore
from appguard.audit.subject_index import SubjectIndex
from appguard.privacy.store import KeyStore, lookup_key
from tests.support.ledger import *  # noqa: F403 - its fixtures are ours
from tests.support.tables import table


@pytest.fixture
def key_store(dynamodb) -> KeyStore:
    """Subjects' keys in moto."""
    table(dynamodb, "subjects", keys=("pk",))
    kms = boto3.client("kms")
    made = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    return KeyStore(dynamodb, "subjects", lookup_key(kms, made))


@pytest.fixture
def living(dynamodb, s3) -> BySubject:
    """The ledger in moto, found by subject."""
    store, index = LedgerStore(dynamodb, "ledger", "outbox"), SubjectIndex(dynamodb, "ledger")
    return BySubject(index, store, in_bucket(s3, "ledger"))
