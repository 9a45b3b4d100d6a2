"""About whom the rows of a query speak."""

import random

from appguard.connectors.model import Query
from appguard.connectors.synthetic.people import USER

TEAM = 8


def subject_of(query: Query, index: int, seed: int) -> int:
    """The number of the person a row is about.

    Rows tied to the user by one column are the user's own; by several, those of people around them.
    """
    if len(query.user_in) == 1:
        return USER
    return 1 + random.Random(f"{seed}/subject/{index}").randrange(TEAM)  # noqa: S311 - examples
