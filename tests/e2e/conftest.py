import json

import pytest

from infra.local import platform
from infra.local.places import CHOSEN, ROOT, home, sources_file
from infra.local.story.__main__ import begin
from infra.local.story.ground import Ground
from tests.e2e import wholeness
from tests.support import slack_server, teams_server
from tests.support.forge import served
from tests.support.siem_server import serving

LAKE = "security-lake"
BELIEVED = """
forges:
  - {kind: github, issuer: %s, address: https://github.com}
repositories:
  - {url: https://github.com/example/leave-request, refs: [refs/heads/main]}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back on all other tests comes last."""
    wholeness.in_order(items)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """It needs to know of those that do not run."""
    wholeness.note_left_out(items)


@pytest.fixture(scope="package")
def forge():
    """Stands for GitHub, whose CI may submit to the platform of the tests."""
    with served() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def siem():
    """Where the platform of the tests delivers its events. Nobody has put its token there yet."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def slack():
    """The workspace of the platform's reviewers."""
    with slack_server.serving() as running:
        yield running


@pytest.fixture(scope="session")
def teams():
    """A channel of theirs in Teams."""
    with teams_server.serving() as running:
        yield running


@pytest.fixture(scope="package")
def endpoints(forge, siem, slack, teams):
    """A platform of the tests' own, beside the one a developer may have running."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APPGUARD_HOME", str(ROOT / ".appguard" / "e2e"))
        platform.down(reset=True)
        sources_file().write_text(BELIEVED % forge.url)
        chosen = {
            "siem_splunk_url": siem.address,
            "siem_lake_bucket": LAKE,
            "slack_team_id": slack_server.TEAM,
            "slack_channel": slack_server.CHANNEL,
            "slack_api_url": slack.url,
            "teams": "true",
        }
        (home() / CHOSEN).write_text(json.dumps(chosen))
        running = platform.up()
        share_secrets(Ground(running), teams)
        yield running
        platform.down(reset=True)


def share_secrets(ground, teams):
    """What an administrator of Slack and Teams puts in place."""
    kept = {
        "slack": {"bot_token": slack_server.TOKEN, "signing_secret": slack_server.SECRET},
        "teams": {"url": teams.url},
    }
    for channel, secret in kept.items():
        ground.client("secretsmanager").create_secret(
            Name=f"appguard/channels/{channel}", SecretString=json.dumps(secret)
        )


@pytest.fixture(scope="package")
def ground(endpoints):
    return Ground(endpoints)


@pytest.fixture
def as_operator(ground, monkeypatch):
    """Commands of this process speak to the platform of the tests, with all rights."""
    for name, value in {
        "AWS_ENDPOINT_URL": ground.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="package")
def story(endpoints, ground):
    return begin(ground, endpoints)
