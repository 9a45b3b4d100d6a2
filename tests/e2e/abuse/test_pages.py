"""What is done to people and their pages: forged forms, frames, links, names, sizes, ids of others."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from infra.local.story.cast import ANA, MIA, ROB
from infra.local.story.ground import until
from infra.local.story.visitor import Visitor

pytestmark = pytest.mark.e2e
SESSION = "appguard_session"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def page(drafted) -> str:
    """Ana's draft, which others go after."""
    return drafted("abused-pages")


def refused(reply: httpx.Response, status: int, code: str) -> bool:
    return reply.status_code == status and code in reply.text


@pytest.mark.parametrize("forged", ["", "guess", "somebody else's"])
def test_a_form_that_did_not_come_from_a_page_of_the_session_changes_nothing(page, raw, token, forged):
    given = token(MIA) if forged == "somebody else's" else forged
    reply = raw(ANA).post(f"{page}/submit", data={"csrf": given})
    assert refused(reply, 403, "cross_site_request")


def test_the_right_token_from_a_foreign_origin_changes_nothing(page, raw, token):
    reply = raw(ANA).post(
        f"{page}/submit", data={"csrf": token(ANA)}, headers={"origin": "https://evil.example"}
    )
    assert refused(reply, 403, "cross_site_request")


def test_a_form_sent_as_json_or_as_text_changes_nothing(page, raw, token):
    for kind in ("application/json", "text/plain"):
        body = f'{{"csrf": "{token(ANA)}"}}'
        reply = raw(ANA).post(f"{page}/submit", content=body, headers={"content-type": kind})
        assert refused(reply, 403, "cross_site_request")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/catalog", "/my/abused-pages", "/no/such/page"])
def test_no_page_lets_itself_be_framed_or_runs_what_is_not_ours(page, raw, path):
    headers = raw(ANA).get(path).headers
    assert headers["x-frame-options"] == "DENY"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-inline'" not in policy
    assert "base-uri 'none'" in policy


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\t//evil.example",
        "https:evil.example",
        "/@evil.example",
        "javascript:alert(1)",
        "/sign-in?next=//evil.example",
    ],
)
def test_signing_in_never_leads_away(endpoints, elsewhere):
    visitor = Visitor(endpoints.portal)
    visitor._browser.open(f"{endpoints.portal}/sign-in", params={"next": elsewhere})
    landed = visitor._identify(ANA)
    for step in (*landed.history, landed):
        assert step.url.startswith((f"{endpoints.portal}/", f"{endpoints.oidc_issuer}/"))


def test_a_session_somebody_planted_before_the_sign_in_opens_nothing(endpoints, visit):
    planted = visit(MIA)._browser.session.cookies.get(SESSION)
    victim = Visitor(endpoints.portal)
    victim._browser.session.cookies.set(SESSION, "planted-by-somebody-else", domain="127.0.0.1", path="/")
    victim.enter("/", ANA)
    held = victim._browser.session.cookies.get_dict()[SESSION]
    assert held not in {"planted-by-somebody-else", planted}
    stale = httpx.get(f"{endpoints.portal}/", cookies={SESSION: "planted-by-somebody-else"})
    assert stale.status_code == 303


def test_a_sign_in_begun_in_one_browser_does_not_end_in_another(endpoints):
    mine, other = Visitor(endpoints.portal), Visitor(endpoints.portal)
    mine.open("/sign-in")
    away = mine._browser.session.post(mine._browser.url, data={"sub": ANA}, allow_redirects=False)
    reply = other.open(away.headers["location"])
    assert "Ana Alvarez" not in reply.text
    assert other.open("/account").url.startswith(endpoints.oidc_issuer)


@pytest.mark.parametrize("field", ["name", "purpose", "team"])
def test_markup_in_what_people_write_is_shown_and_never_obeyed(drafted, visit, field):
    app_id = f"abused-{field}"
    hostile = f'{SCRIPT}"><img src=x onerror=alert(1)>{{{{7*7}}}}'
    answers = {field: hostile if field != "purpose" else f"{hostile} and a long enough purpose."}
    where = drafted(app_id, **answers)
    seen = 0
    for path in ("/", where, f"{where}/edit"):
        text = visit(ANA).open(path).text
        assert SCRIPT not in text
        assert "<img src=x" not in text
        seen += "&lt;script&gt;" in text
    assert seen, "the words are shown somewhere"


def test_markup_in_a_manifest_is_shown_and_never_obeyed(drafted, visit):
    where = drafted("abused-manifest")
    ana = visit(ANA)
    ana.open(f"{where}/edit")
    text = ana.page.find("textarea", {"name": "text"}).text
    ana.fill(f"{where}/edit", text=text.replace("Broken things", f"</textarea>{SCRIPT}"))
    for path in (f"{where}/edit", where, "/"):
        assert SCRIPT not in ana.open(path).text


@pytest.mark.parametrize("person", [MIA, ROB])
def test_the_draft_of_somebody_else_is_neither_shown_nor_changed(page, raw, token, person):
    client, csrf = raw(person), token(person)
    for action in ("submit", "edit", "check", "suspend", "retire", "recertify", "repository", "fix"):
        reply = client.post(
            f"{page}/{action}", data={"csrf": csrf, "text": "id: stolen", "reason": "mine now"}
        )
        assert reply.status_code in {403, 404}, action
    for part in ("edit", "preview/report"):
        assert client.get(f"{page}/{part}").status_code in {403, 404}, part
    if person == MIA:  # reviewers read every app
        assert {client.get(f"{page}{part}").status_code for part in ("", "/sbom")} <= {403, 404}


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fhandler.py",
        "/static/%2e%2e/handler.py",
        "/static/portal.css%00.html",
        "/static/....//handler.py",
        "/my/..%2f..%2fetc%2fpasswd",
        "/my/%2e%2e/edit",
        "/reports/..%2f..%2fledger/file",
        "/approvals/..%2f..%2fcatalog",
        "/audit/3y/..%2f1",
    ],
)
def test_no_address_leads_out_of_its_folder(raw, path):
    reply = raw(ANA).get(path)
    assert reply.status_code in {303, 400, 403, 404}
    assert "import " not in reply.text
    assert "root:" not in reply.text


def test_what_is_too_large_is_refused_with_its_limit(page, raw, token):
    reply = raw(ANA).post(f"{page}/edit", data={"csrf": token(ANA), "text": "x" * 1_600_000, "digest": ""})
    assert reply.status_code == 413
    many = "&".join(f"field{number}=1" for number in range(2_000))
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert raw(ANA).post(f"{page}/edit", content=many, headers=form).status_code == 400


def test_four_clicks_on_submit_are_one_review(drafted, raw, submission, ground):
    where = drafted("abused-clicks")
    fields = submission(where)
    with ThreadPoolExecutor(4) as pool:
        replies = list(
            pool.map(lambda _: raw(ANA).post(f"{where}/submit", data=fields).status_code, range(4))
        )
    assert set(replies) <= {303, 409}
    runs = until(lambda: _runs(ground, "abused-clicks"), "the review")
    assert len(runs) == 1


def _runs(ground, app_id: str) -> list[str]:
    found = ground.client("dynamodb").query(
        TableName=ground.outputs["CatalogTable"],
        IndexName="by_owner",
        KeyConditionExpression="gsi1pk = :app",
        ExpressionAttributeValues={":app": {"S": f"REVIEWS#{app_id}"}},
    )
    return [item["pk"]["S"] for item in found["Items"]]


def test_a_link_somebody_is_led_to_changes_nothing(page, raw, visit):
    before = visit(ANA).open(page).text
    for action in ("submit", "retire", "suspend", "recertify", "transfer", "withdraw"):
        raw(ANA).get(f"{page}/{action}?confirm=abused-pages&reason=x&csrf=x")
    assert raw(ANA).get("/sign-out").status_code == 404
    assert visit(ANA).open(page).text == before


def test_errors_tell_nothing_of_the_inside(raw):
    reply = raw(ANA).get("/my/%F0%9F%92%A3", headers={"accept": "application/json"})
    assert reply.json()["error"].keys() == {"code", "message", "remediation"}
    for inside in ("Traceback", "botocore", "dynamodb", "arn:aws"):
        assert inside not in reply.text
