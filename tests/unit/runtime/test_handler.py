import json

import pytest

from appguard.runtime import app_definition, handler
from tests.browser.micro_app import APP, CONTEXT, environment


class Anywhere:
    origin = "https://apps.example.com"
    app_url = "https://apps.example.com/apps/leave-request"


@pytest.fixture
def deployed(tmp_path, monkeypatch):
    """Deploy a definition; gives the function that does it."""
    caches = (handler.settings, handler.site, app_definition.app_definition)

    def forget():
        for cached in caches:
            cached.cache_clear()

    def deploy(text):
        (tmp_path / "app.json").write_text(text)

    for name, value in environment(Anywhere, "https://login.example.com").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(app_definition, "BESIDE_THE_PACKAGE", tmp_path / "app.json")
    forget()
    yield deploy
    forget()


def get(path):
    request = {"http": {"method": "GET"}, "requestId": "r"}
    return handler.serve({"rawPath": f"/apps/leave-request{path}", "requestContext": request}, CONTEXT)


def test_a_smoke_test_learns_that_the_app_is_well_without_signing_in(deployed):
    deployed(json.dumps(APP))
    answer = get("/healthz")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"status": "ok", "app": "leave-request", "pages": 3}


@pytest.mark.parametrize(
    "text",
    ["", "{}", json.dumps({**APP, "pages": []}), json.dumps({**APP, "app_id": "another-app"})],
    ids=["empty", "nothing", "no pages", "another app"],
)
def test_a_definition_that_cannot_be_served_fails_the_smoke_test_and_tells_no_details(deployed, text):
    deployed(text)
    answer = get("/healthz")
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["error"]["code"] == "not_serving"


def test_a_missing_definition_fails_the_smoke_test(deployed):
    assert get("/healthz")["statusCode"] == 500


def test_sign_in_codes_stay_out_of_the_log(deployed, capsys):
    deployed(json.dumps(APP))
    request = {"http": {"method": "GET"}, "requestId": "r"}
    handler.serve(
        {
            "rawPath": "/apps/leave-request/healthz",
            "rawQueryString": "code=secret-code",
            "requestContext": request,
        },
        CONTEXT,
    )
    said = capsys.readouterr()
    assert "secret-code" not in said.out + said.err
