"""What of a file was believed, not proved: said each time, so that clean means no more than it does."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pydantic import ValidationError

from appguard.connectors.kinds.athena import AthenaConnector
from appguard.connectors.kinds.dynamodb import DynamoConnector
from appguard.connectors.kinds.http import HttpConnector
from appguard.connectors.kinds.postgresql import PostgresConnector
from appguard.connectors.lint.file import ConnectorFile
from appguard.connectors.lint.rules.groups_made import makes_groups
from appguard.connectors.lint.rules.samples import FOLDER, answers_in, sample_of


def unproved(file: ConnectorFile, *, asked: bool) -> Iterator[str]:
    """In sentences; `asked` is whether the source itself was."""
    match file.connector:
        case PostgresConnector() | AthenaConnector() if not asked:
            yield "that the source has these columns; --database secret asks it"
        case DynamoConnector():
            if not asked:
                yield "that the tables have these keys; --database secret asks for them"
            yield "that items have these attributes and types; DynamoDB does not declare them"
        case HttpConnector() as connector:
            if missing := connector.queries.keys() - _recorded(file):
                names = ", ".join(sorted(missing))
                yield f"that the API answers {names} so; {FOLDER}/{file.path.stem}.json may hold an answer"
    for query in file.of_athena:
        if query.declared.min_group and not makes_groups(query.statement.tree):
            count = query.declared.min_group.count
            yield f"that {count} of {query.name} counts persons; the source made the groups"


def _recorded(file: ConnectorFile) -> AbstractSet[str]:
    """The queries whose answers were recorded. A sample that cannot be read is a finding of its own."""
    sample = sample_of(file.path)
    try:
        return answers_in(sample).keys() if sample.exists() else set()
    except ValidationError:
        return set()
