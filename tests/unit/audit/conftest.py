from tests.support.ledger import *  # noqa: F403 - its fixtures are ours
from tests.support.witness import *  # noqa: F403 - likewise
