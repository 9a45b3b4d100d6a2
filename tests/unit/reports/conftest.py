from tests.support.ledger import (  # noqa: F401
    aws,
    dynamodb,
    event,
    key,
    outbox,
    s3,
    seal,
    sequencer,
    signer,
)
