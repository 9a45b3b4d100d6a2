"""The shipped connectors, proved against the deployed databases with logins like those of apps."""

import pytest

from infra.local.story.chapters.prove import appguard


@pytest.mark.e2e
def test_the_databases_hold_what_the_connectors_promise(endpoints):
    assert appguard("connectors", "lint", "--database", "secret") == "Clean: nothing to correct.\n"
