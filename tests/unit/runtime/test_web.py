import base64

import pytest

from appguard.kernel.errors import Invalid, NotFound
from appguard.runtime.web import Request, Response


def event(path="/apps/leave-request/", **more):
    return {"rawPath": path, "requestContext": {"http": {"method": "GET"}, "requestId": "r"}, **more}


def read(*args, **more):
    return Request.from_event(event(*args, **more), "leave-request")


@pytest.mark.parametrize(
    ("raw", "below"),
    [
        ("/apps/leave-request", "/"),
        ("/apps/leave-request/", "/"),
        ("/apps/leave-request/pages/ask", "/pages/ask"),
        ("/prod/apps/leave-request/pages/ask", "/pages/ask"),
    ],
)
def test_paths_are_read_below_the_app(raw, below):
    assert read(raw).path == below


@pytest.mark.parametrize("raw", ["/", "/apps/leave-request-2/", "/apps/other/"])
def test_another_apps_path_is_not_ours(raw):
    with pytest.raises(NotFound):
        read(raw)


def test_cookies_are_read_from_the_list_of_aws_and_from_the_header_of_others():
    assert read(cookies=["a=1", "b=2"]).cookies == {"a": "1", "b": "2"}
    assert read(headers={"Cookie": "a=1; b=2; broken[=; c"}).cookies == {"a": "1", "b": "2"}


def test_a_body_is_decoded_where_the_gateway_encoded_it():
    encoded = base64.b64encode(b"name=Jos%C3%A9&empty=").decode()
    assert read(body=encoded, isBase64Encoded=True).form() == {"name": "José", "empty": ""}
    assert read(body="name=x&name=y").form() == {"name": "y"}


@pytest.mark.parametrize("body", ["&".join(f"f{n}=" for n in range(301)), "a=%ff"])
def test_a_body_that_is_no_form_is_refused(body):
    with pytest.raises(Invalid):
        read(body=body).form()


def test_a_redirect_is_followed_with_get_and_not_stored():
    sent = Response.redirect("/there", "a=1").to_event()
    assert sent["statusCode"] == 303
    assert sent["headers"]["location"] == "/there"
    assert sent["headers"]["cache-control"] == "no-store"
    assert sent["cookies"] == ["a=1"]
