"""The manifest in the documentation is the app that the code expects."""

from pathlib import Path

import yaml

from appguard.approvals.channels.slack.api import SCOPES
from infra.stacks.platform import SLACK_ROUTE

MANIFEST = yaml.safe_load(Path("docs/slack-app.yaml").read_text())


def test_the_manifest_asks_for_the_scopes_that_are_used_and_for_no_others():
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == set().union(*SCOPES.values())
    assert "user" not in MANIFEST["oauth_config"]["scopes"]


def test_buttons_are_answered_where_the_route_is_and_nothing_else_is_listened_to():
    settings = MANIFEST["settings"]
    assert settings["interactivity"]["request_url"] == f"https://appguard.example.com{SLACK_ROUTE}"
    assert "event_subscriptions" not in settings
    assert not settings["socket_mode_enabled"]
