import pytest

from appguard.connectors.opening import opened
from appguard.connectors.registry import registry
from appguard.connectors.sources.athena import AthenaSource
from appguard.connectors.sources.dynamodb import DynamoSource
from appguard.connectors.sources.http import HttpSource
from appguard.connectors.sources.postgresql import PostgresSource


class Unread:
    """Secrets that nobody may read yet."""

    def __getattr__(self, name):
        raise AssertionError(f"a secret was asked for {name} before anybody asked the source")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("hr-db", PostgresSource),
        ("equipment-desk", DynamoSource),
        ("workplace-usage", AthenaSource),
        ("facility-tickets", HttpSource),
    ],
)
def test_a_connector_opens_a_source_of_its_kind_and_reads_no_secret_for_that(name, kind, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert type(opened(registry()[name], Unread())) is kind
