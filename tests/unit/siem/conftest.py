from tests.support.ledger import *  # noqa: F403 - its fixtures are ours
