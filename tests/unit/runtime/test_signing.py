from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from appguard.kernel.errors import Unavailable
from appguard.runtime.signing import sign_as_this_function

URL = "https://x.example/$default/connectors/hr-db/queries/a"


@pytest.fixture(autouse=True)
def role(monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")


def test_a_call_is_signed_for_its_service_with_the_functions_own_role():
    headers = sign_as_this_function("execute-api", "POST", URL, {"a": "b"}, b"{}")
    assert "Credential=AKIDEXAMPLE/" in headers["Authorization"]
    assert "/eu-central-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "session"
    assert headers["a"] == "b"


def test_the_signature_is_the_one_botocores_own_credentials_give(monkeypatch):
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: moment)
    ours = sign_as_this_function("execute-api", "POST", URL, {"a": "b"}, b"{}")
    request = AWSRequest("POST", URL, data=b"{}", headers={"a": "b"})
    SigV4Auth(Credentials("AKIDEXAMPLE", "secret", "session"), "execute-api", "eu-central-1").add_auth(
        request
    )
    assert ours["Authorization"] == request.headers["Authorization"]


def test_without_a_role_nothing_is_sent(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(Unavailable):
        sign_as_this_function("execute-api", "POST", URL, {}, b"")
