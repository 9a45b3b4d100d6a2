"""Which app: the role the gateway authenticated. Nobody else gets in, and no app gets another's data."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import botocore.auth
import pytest
from botocore.credentials import Credentials

from appguard.kernel.clock import utc_now
from infra.local.story.cast import ANA, MIA
from infra.local.story.ground import ACCOUNT_KEYS
from tests.e2e.caller import TOKEN, delivered
from tests.e2e.micro_apps import invoking, policy, role

pytestmark = pytest.mark.e2e

PROFILE, HOLIDAYS = "hr-db/queries/my_profile", "office-directory/queries/company_holidays"


@pytest.fixture
def acting(leave, ground):
    """The same request by somebody else."""

    def become(credentials):
        return replace(leave, credentials=credentials)

    return become


def test_an_apps_role_gets_nothing_of_what_another_app_was_granted(lunch, witness):
    entry = witness.refusal(lunch.ask(ANA, PROFILE), 403, "not_granted")
    assert (entry["app_id"], entry["actor"]["id"]) == ("attacked-lunch", ANA)


def test_an_apps_role_gets_nothing_by_naming_the_other_app(lunch, witness):
    reply = lunch.send(PROFILE, {TOKEN: lunch.token(ANA), "x-appguard-app": "attacked-leave"})
    witness.refusal(reply, 403, "not_granted")


def test_a_persons_own_credentials_are_no_app_although_they_may_call(ground, acting, witness):
    iam = ground.client("iam")
    iam.create_user(UserName="appguard-app-attacked-leave")
    iam.put_user_policy(
        UserName="appguard-app-attacked-leave",
        PolicyName="broker",
        PolicyDocument=policy(invoking(ground)),
    )
    key = iam.create_access_key(UserName="appguard-app-attacked-leave")["AccessKey"]
    person = acting(Credentials(key["AccessKeyId"], key["SecretAccessKey"]))

    entry = witness.refusal(person.ask(ANA, PROFILE), 403, "app_unknown")
    assert entry["actor"]["id"] == "unknown"


def test_the_accounts_root_is_no_app(acting, witness):
    root = Credentials(ACCOUNT_KEYS["aws_access_key_id"], ACCOUNT_KEYS["aws_secret_access_key"])
    witness.refusal(acting(root).ask(ANA, PROFILE), 403, "app_unknown")


@pytest.mark.parametrize("name", ["operator", "my-appguard-app-attacked-leave", "appguard-app-"])
def test_a_role_that_is_no_apps_is_refused_although_it_may_call(ground, acting, witness, name):
    entry = witness.refusal(acting(role(ground, name)).ask(ANA, PROFILE), 403, "app_unknown")
    assert "app_id" not in entry or entry["app_id"] is None


def test_the_role_of_an_app_the_catalog_does_not_know_is_refused(ground, acting, witness):
    ghost = acting(role(ground, "appguard-app-ghost"))
    assert witness.refusal(ghost.ask(ANA, PROFILE), 403, "not_granted")["app_id"] == "ghost"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("hr-db/queries/my_health_notes", "not_granted"),
        ("hr-db/queries/request_leave", "not_granted"),
        ("hr-db/commands/my_profile", "not_granted"),
        ("payroll-db/queries/my_payslips", "not_granted"),
        ("hr-db/queries/withdrawn_long_ago", "connector_retired"),
        ("archive-db/queries/everything", "connector_retired"),
    ],
)
def test_what_was_not_granted_or_is_withdrawn_is_refused(leave, witness, path, code):
    witness.refusal(leave.ask(ANA, path), 403, code)


def test_another_persons_request_can_be_neither_seen_nor_decided_nor_withdrawn(leave, ground, witness):
    [(request,)] = ground.rows(
        "SELECT request_id::text FROM hr.leave_request JOIN hr.employee USING (employee_id)"
        " WHERE status = 'requested' AND manager_id IS DISTINCT FROM"
        " (SELECT employee_id FROM hr.employee WHERE email = %s) AND email <> %s LIMIT 1",
        MIA,
        MIA,
    )
    decided = leave.ask(MIA, "hr-db/commands/decide_leave", request_id=request, decision="approved")
    witness.refusal(decided, 409, "nothing_changed", request)
    assert leave.ask(MIA, "hr-db/commands/cancel_leave", request_id=request).status_code == 409
    assert request not in leave.ask(MIA, "hr-db/queries/my_leave_requests").text


class TestGateway:
    """What the gateway's own check of signature and rights turns away, before any code of ours runs."""

    def test_a_request_nobody_signed(self, leave, witness):
        request = leave.signed(HOLIDAYS, {TOKEN: leave.token(ANA)}, {"parameters": {"year": 2026}})
        del request.headers["Authorization"]
        witness.turned_away(delivered(request))

    def test_a_request_signed_with_another_key(self, leave, acting, witness):
        known = leave.credentials
        guess = Credentials(known.access_key, "x" * 40, known.token)
        witness.turned_away(acting(guess).ask(ANA, HOLIDAYS, year=2026))

    def test_a_key_nobody_has(self, acting, witness):
        witness.turned_away(acting(Credentials("ASIA" + "Z" * 16, "x" * 40)).ask(ANA, HOLIDAYS, year=2026))

    def test_a_role_that_may_not_call(self, ground, acting, witness):
        idle = role(ground, "appguard-app-may-not-call", may_invoke=False)
        witness.turned_away(acting(idle).ask(ANA, HOLIDAYS, year=2026))

    def test_a_signature_for_another_service(self, leave, witness):
        witness.turned_away(leave.saying(service="s3").ask(ANA, HOLIDAYS, year=2026))

    def test_a_signature_for_another_region(self, leave, witness):
        witness.turned_away(leave.saying(region="eu-central-1").ask(ANA, HOLIDAYS, year=2026))

    def test_a_body_changed_after_signing(self, leave, witness):
        request = leave.signed(HOLIDAYS, {TOKEN: leave.token(ANA)}, {"parameters": {"year": 2026}})
        request.data = b'{"parameters":{"year":2027}}'
        witness.turned_away(delivered(request))

    def test_a_path_changed_after_signing(self, leave, witness):
        request = leave.signed(HOLIDAYS, {TOKEN: leave.token(ANA)}, {"parameters": {"year": 2026}})
        request.url = request.url.replace("company_holidays", "meeting_rooms")
        witness.turned_away(delivered(request))

    def test_a_signed_request_replayed_after_its_time(self, leave, witness):
        with patch.object(botocore.auth, "get_current_datetime", lambda: utc_now() - timedelta(minutes=20)):
            request = leave.signed(HOLIDAYS, {TOKEN: leave.token(ANA)}, {"parameters": {"year": 2026}})
        witness.turned_away(delivered(request))
