import pytest


@pytest.fixture
def templates(tmp_path):
    (tmp_path / "templates" / "desks").mkdir(parents=True)
    manifest = tmp_path / "templates" / "desks" / "app.yaml"
    manifest.write_text("name: ${name}\nconnectors:\n  - name: desk-db\n    queries: [asked]\n")
    return tmp_path / "templates"


def test_a_retired_connector_that_a_template_offers_is_refused(lint, templates):
    [finding] = lint(state="retired", templates=templates)
    assert finding.rule == "connector-retired-offered"
    assert "the template desks" in finding.message


def test_one_that_no_template_offers_is_let_through(rules, templates):
    assert rules(state="retired") == set()
    assert rules(state="restricted", templates=templates) == set()
