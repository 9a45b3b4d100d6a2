"""Attempts to see or change more than one may: each refused by a clear code, on record, leaking nothing."""

import base64
import json
from datetime import UTC, datetime

import pytest
from joserfc.jwk import OctKey, RSAKey

from appguard.connectors.errors import AppUnknown, ConnectorRetired, NotGranted, TokenRefused
from appguard.kernel.errors import AppGuardError, Invalid, TooLarge
from appguard.kernel.event import Result
from tests.unit.connectors.provider import AUDIENCE, ISSUER, claims_of, role_of, sign

INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE hr.employee; --",
    "x' UNION SELECT bank_account FROM hr.employee --",
    "\\'; SELECT pg_sleep(5); --",
    "%' OR full_name LIKE '%",
    "'||(SELECT email FROM hr.employee LIMIT 1)||'",
    "$$; DROP TABLE hr.employee; $$",
    "\u02bc OR 1=1 --",
    "\uff07 OR 1=1 --",
    "1; SET ROLE hr_owner",
    "%(appguard_limit)s",
    "{0.__class__}",
]
"""Texts that would do harm if a value ever became SQL."""


def refusal(broker, call, kind=AppGuardError):
    with pytest.raises(kind) as caught:
        broker.command(call) if call.operation in COMMANDS else broker.query(call)
    return caught.value


COMMANDS = {"request_leave", "cancel_leave", "decide_leave", "report_defect"}


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_text_parameter_is_stored_as_it_is_and_runs_nothing(broker, ask, database, text):
    call = ask("office-directory", "report_defect", office="Berlin", place="Lift", description=text)
    assert broker.command(call) == 1
    with database.admin() as admin:
        stored = admin.execute(
            "SELECT description FROM office.defect ORDER BY defect_id DESC LIMIT 1"
        ).fetchone()
        assert stored == (text,)
        assert admin.execute("SELECT count(*) FROM hr.employee").fetchone() == (120,)


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize(
    ("operation", "parameter", "others"),
    [
        ("my_leave_requests", "status", {}),
        ("my_leave_balance", "year", {}),
        ("team_calendar", "from", {"to": "2026-12-31"}),
        ("decide_leave", "request_id", {"decision": "approved"}),
        ("request_leave", "leave_type", {"starts_on": "2027-01-04", "ends_on": "2027-01-04"}),
    ],
)
def test_choice_integer_date_and_id_refuse_text_that_is_sql(
    broker, ask, witness, operation, parameter, others, text
):
    call = ask("hr-db", operation, body={"parameters": {parameter: text, **others}})
    error = refusal(broker, call, Invalid)
    assert parameter in error.message
    assert text not in json.dumps(error.as_dict(), ensure_ascii=False)
    assert witness.last.metadata["code"] == "invalid"
    assert text not in witness.everything()


@pytest.mark.parametrize(
    "value",
    [True, 2026.0, 2026.5, "2026", [2026], {"$gt": 0}, 10**30, -1, "NaN", None],
    ids=str,
)
def test_an_integer_is_a_whole_number_in_its_range_and_nothing_that_resembles_one(broker, ask, value):
    refusal(broker, ask("hr-db", "my_leave_balance", year=value), Invalid)


@pytest.mark.parametrize(
    "value",
    [
        "infinity",
        "-infinity",
        "now",
        "2026-02-30",
        "2026-W05-1",
        "20260205",
        "2026-2-5",
        "\uff12026-01-01",
        "0001-01-01",
        0,
        ["2026-01-01"],
    ],
    ids=str,
)
def test_a_date_is_a_calendar_day_and_nothing_postgresql_would_also_take(broker, ask, value):
    refusal(
        broker,
        ask("hr-db", "team_calendar", body={"parameters": {"from": value, "to": "2026-12-31"}}),
        Invalid,
    )


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "\u202eevil", "a\ud800b", "x" * 501, 5, ["x"], {"a": "b"}], ids=repr
)
def test_a_text_takes_no_control_characters_surrogates_or_excess(broker, ask, text):
    call = ask("office-directory", "report_defect", office="Berlin", place="Lift", description=text)
    refusal(broker, call, Invalid)


@pytest.mark.parametrize(
    "name", ["user_email", "email", "app_id", "appguard_limit", "order_by", "limit", "columns", "sub"]
)
def test_parameters_nobody_declared_are_refused(broker, ask, name):
    refusal(broker, ask("hr-db", "my_profile", body={"parameters": {name: "mia@example.com"}}), Invalid)


@pytest.mark.parametrize("member", ["user", "user_email", "app_id", "sql", "columns", "order_by", "role"])
def test_the_body_cannot_say_who_is_asking_or_what_to_run(broker, ask, member):
    refusal(broker, ask("hr-db", "my_profile", body={"parameters": {}, member: "mia@example.com"}), Invalid)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"parameters": {"year": NaN}}',
        b'{"parameters": [1]}',
        b'{"parameters": {"year": 2026, "year": 2027}}',
        b'{"parameters": ' + b"[" * 30000,
        b"1" * 5000,
    ],
)
def test_a_body_that_is_not_the_expected_json_is_refused(broker, ask, body):
    refusal(broker, ask("hr-db", "my_leave_balance", body=body), Invalid)


def test_an_oversize_body_is_refused_before_it_is_parsed(broker, ask, witness):
    refusal(
        broker, ask("hr-db", "my_profile", body=b'{"parameters": {"x": "' + b"y" * 70_000 + b'"}}'), TooLarge
    )
    assert witness.last.metadata["code"] == "too_large"


@pytest.mark.parametrize(
    "role",
    [
        "",
        "appguard-app-leave",
        "arn:aws:iam::111122223333:role/appguard-app-leave",
        "arn:aws:iam::111122223333:user/appguard-app-leave",
        "arn:aws:sts::111122223333:assumed-role/admin/appguard-app-leave",
        "arn:aws:sts::111122223333:assumed-role/appguard-app-/x",
        "arn:aws:sts::111122223333:assumed-role/my-appguard-app-leave/x",
        "arn:aws:sts::111122223333:assumed-role/appguard-app-leave/x\n",
        "arn:aws:sts::111122223333:assumed-role/appguard-app-leave/x/appguard-app-payroll",
        "arn:aws:sts::111122223333:federated-user/appguard-app-leave",
        role_of("leave", account="999999999999"),
    ],
)
def test_only_the_role_of_an_app_in_this_account_is_an_app(broker, ask, witness, role):
    refusal(broker, ask("hr-db", "my_profile", role=role), AppUnknown)
    assert witness.last.result is Result.DENIED
    assert witness.last.actor.id == "unknown"


def test_another_app_does_not_get_what_this_one_was_granted(broker, ask, witness):
    refusal(broker, ask("hr-db", "my_profile", app="lunch"), NotGranted)
    assert (witness.last.app_id, witness.last.metadata["code"]) == ("lunch", "not_granted")


def test_an_app_that_is_not_active_gets_nothing(broker, ask):
    refusal(broker, ask("hr-db", "my_profile", app="drafted"), NotGranted)


def test_a_command_is_no_query_and_a_query_no_command(broker, ask):
    with pytest.raises(NotGranted):
        broker.query(ask("hr-db", "request_leave"))
    with pytest.raises(NotGranted):
        broker.command(ask("hr-db", "my_profile"))


@pytest.mark.parametrize(
    "name", ["nope", "../hr-db", "hr-db/../payroll-db", "HR-DB", "hr-db\x00", "x" * 5000, "'; --"]
)
def test_a_connector_that_is_not_there_is_refused_without_repeating_its_name(broker, ask, witness, name):
    error = refusal(broker, ask(name, "my_profile"), NotGranted)
    assert name not in error.message
    assert len(witness.last.resource.id) < 100


def test_an_operation_that_is_not_there_is_not_granted(broker, ask, witness):
    refusal(broker, ask("hr-db", "my_profile; DROP"), NotGranted)
    assert witness.last.resource.id == "hr-db/(malformed)"


def test_a_withdrawn_query_is_refused_although_it_was_granted(broker, ask, grants):
    hr = grants["leave"].connectors["hr-db"]
    widened = hr.model_copy(update={"queries": hr.queries | {"all_salaries"}})
    grants["leave"] = grants["leave"].model_copy(update={"connectors": {"hr-db": widened}})
    refusal(broker, ask("hr-db", "all_salaries"), ConnectorRetired)


def test_a_manager_cannot_decide_on_somebody_elses_team(broker, ask, database):
    with database.admin() as admin:
        (request,) = admin.execute(
            """SELECT request_id::text FROM hr.leave_request JOIN hr.employee USING (employee_id)
               WHERE status = 'requested' AND manager_id = 10 LIMIT 1"""
        ).fetchone()
    call = ask("hr-db", "decide_leave", email="mia@example.com", request_id=request, decision="approved")
    assert refusal(broker, call).code == "nothing_changed"


def test_nobody_approves_their_own_leave(broker, ask, database):
    with database.admin() as admin:
        (request,) = admin.execute(
            """INSERT INTO hr.leave_request (employee_id, leave_type, starts_on, ends_on, days, status)
               VALUES (2, 'unpaid', '2027-06-07', '2027-06-07', 1, 'requested') RETURNING request_id::text"""
        ).fetchone()
    call = ask("hr-db", "decide_leave", email="mia@example.com", request_id=request, decision="approved")
    assert refusal(broker, call).code == "nothing_changed"


class TestTokens:
    """The user's identity: a token of the issuer, for us, now; anything else is nobody."""

    def refused(self, broker, ask, witness, token):
        error = refusal(broker, ask("hr-db", "my_profile", token=token), TokenRefused)
        assert error.message == "the user's sign-in is not valid here"
        assert witness.last.result is Result.DENIED
        assert witness.last.actor.id == "leave"
        assert "mia@example.com" not in witness.everything()

    def test_alg_none_is_refused(self, broker, ask, witness):
        def part(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

        for algorithm in ("none", "None", "NONE", ""):
            unsigned = f"{part({'alg': algorithm})}.{part(claims_of('mia@example.com'))}."
            self.refused(broker, ask, witness, unsigned)

    def test_the_public_key_as_an_hmac_secret_is_refused(self, broker, ask, witness, provider):
        public = provider.rsa.as_pem(private=False)
        forged = sign(
            OctKey.import_key(base64.b64encode(public)),
            {"alg": "HS256", "kid": "rsa-1"},
            claims_of("mia@example.com"),
        )
        self.refused(broker, ask, witness, forged)

    def test_a_key_brought_along_in_the_header_is_refused(self, broker, ask, witness):
        own = RSAKey.generate_key(2048)
        header = {"alg": "RS256", "jwk": own.as_dict(private=False)}
        self.refused(broker, ask, witness, sign(own, header, claims_of("mia@example.com")))

    def test_another_key_under_a_known_key_id_is_refused(self, broker, ask, witness):
        self.refused(
            broker,
            ask,
            witness,
            sign(RSAKey.generate_key(2048), {"alg": "RS256", "kid": "rsa-1"}, claims_of("mia@example.com")),
        )

    def test_changed_claims_under_an_old_signature_are_refused(self, broker, ask, witness, provider):
        header, _, signature = provider.token("ana@example.com").split(".")
        claims = (
            base64.urlsafe_b64encode(json.dumps(claims_of("mia@example.com")).encode()).rstrip(b"=").decode()
        )
        self.refused(broker, ask, witness, f"{header}.{claims}.{signature}")

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "another-client"},
            {"aud": [AUDIENCE, "another"], "azp": "another"},
            {"aud": None},
            {"iss": "https://evil.example.com"},
            {"iss": ISSUER + "/"},
            {"exp": int(datetime.now(UTC).timestamp()) - 120},
            {"exp": "tomorrow"},
            {"exp": None},
            {"nbf": int(datetime.now(UTC).timestamp()) + 600},
            {"iat": int(datetime.now(UTC).timestamp()) + 600},
            {"email_verified": False},
            {"email_verified": "true"},
            {"email_verified": None},
            {"email": None},
            {"email": "no address"},
            {"email": "mia@example.com\n"},
            {"email": ["mia@example.com"]},
            {"email": "mia@exam\u0440le.com"},
            {"sub": ""},
            {"token_use": "access"},
        ],
        ids=",".join,
    )
    def test_a_claim_that_does_not_hold_is_refused(self, broker, ask, witness, provider, claims):
        self.refused(broker, ask, witness, provider.token("mia@example.com", **claims))

    @pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "x" * 9000, "é.é.é", "Bearer x", "null"])
    def test_what_is_no_token_is_refused(self, broker, ask, witness, token):
        self.refused(broker, ask, witness, token)

    def test_an_access_token_is_no_proof_of_identity(self, broker, ask, witness, provider):
        header = {"alg": "RS256", "kid": "rsa-1", "typ": "at+jwt"}
        self.refused(broker, ask, witness, sign(provider.rsa, header, claims_of("mia@example.com")))
