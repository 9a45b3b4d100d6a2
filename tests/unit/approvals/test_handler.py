"""The Lambda entry points, with every cached factory made for this test."""

import re
from types import SimpleNamespace

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from appguard.approvals import approvals as approvals_module
from appguard.approvals import ask, handler, mailer, notify
from appguard.approvals.channels import showing
from appguard.approvals.email import Mail
from appguard.approvals.exceptions.exporting import ExportExceptions
from appguard.approvals.model import Verdict
from appguard.approvals.policy import approval_policy
from appguard.apps.bundle import Bundle
from appguard.apps.lifecycle import Trigger
from appguard.apps.model import KnownFault
from appguard.connectors.budgets.alert import budget_exceeded
from appguard.connectors.budgets.budget import Account
from appguard.connectors.registry import registry
from appguard.directory import directory as people
from appguard.directory import store
from appguard.directory.model import Account as ScimAccount
from appguard.directory.roster import Roster, Said
from appguard.directory.store import DirectoryStore
from appguard.kernel.event import Actor
from appguard.kernel.ids import EventId
from appguard.kernel.levels import DataClass
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.world import DORA, LEAVE, MIA, NOW, REQUESTER, RISKY, ROB, SAM, approve_finding, block

CONTEXT = SimpleNamespace(
    function_name="approvals",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:approvals",
    aws_request_id="request",
    get_remaining_time_in_millis=lambda: 30_000,
)


@pytest.fixture
def directory():
    """Whom the directory knows of those whose word is needed: nobody, until a test says so."""
    return []


@pytest.fixture
def deployed(world, monkeypatch, directory):
    """The handlers work on this world."""
    for name, value in {
        "CATALOG_TABLE": "catalog",
        "OUTBOX_TABLE": "outbox",
        "DIRECTORY_TABLE": "directory",
        "MAIL_FROM": "appguard@example.com",
        "REVIEWER_EMAIL": "reviewers@example.com",
        "PORTAL_URL": "https://portal.example.com/",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("sesv2").create_email_identity(EmailIdentity="appguard@example.com")
    for factory in (mailer.mailer, people.directory, store.kept):
        factory.cache_clear()
    monkeypatch.setattr(showing, "recipients", lambda _: directory)
    for module in (ask, notify, handler, showing, approvals_module):
        if hasattr(module, "approvals"):
            monkeypatch.setattr(module, "approvals", lambda: world.approvals)
    monkeypatch.setattr(notify, "reviews", lambda: world.reviews)
    monkeypatch.setattr(notify, "catalog", lambda: world.apps)
    monkeypatch.setattr(notify, "exceptions", lambda: world.exceptions)
    monkeypatch.setattr(notify, "results", world.results)
    return world


def mails():
    return ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages


def on_bus(event):
    return {"detail-type": event.action, "detail": event.model_dump(mode="json", by_alias=True)}


def asked(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)
    handler.ask({"step": step.model_dump(mode="json"), "task_token": "token"}, CONTEXT)
    return step


def test_asking_sends_the_reviewers_one_mail_with_a_link_that_opens_the_evidence(deployed):
    step = asked(deployed)

    [mail] = mails()
    text = str(mail.raw_data if hasattr(mail, "raw_data") else mail.body)
    locator = re.search(r"https://portal\.example\.com/approvals/([\w-]{43})", text)[1]
    assert mail.destinations["ToAddresses"] == ["reviewers@example.com"]
    assert deployed.approvals.open(locator).approval.review_id == step.review_id


def test_a_run_that_nobody_could_be_asked_for_is_told_so(deployed, monkeypatch):
    monkeypatch.setattr(ask, "mailer", lambda: SimpleNamespace(send=refuses))

    asked(deployed)

    assert deployed.answers.failed == [("token", "ConnectionError")]


def refuses(_mail):
    raise ConnectionError("no mail server")


def test_the_task_token_is_not_logged(deployed, monkeypatch, caplog):
    monkeypatch.setattr(ask, "mailer", lambda: SimpleNamespace(send=refuses))
    step = deployed.submitted(LEAVE, RISKY)
    handler.ask({"step": step.model_dump(mode="json"), "task_token": "hush-hush"}, CONTEXT)

    written = "".join(handler.logger.handlers[0].format(record) for record in caplog.records)
    assert "could not be asked" in written
    assert "hush-hush" not in written


def test_the_owner_is_told_once_however_often_the_event_comes(deployed):
    step = deployed.submitted(LEAVE, RISKY)
    deployed.gates_say(step, block())
    deployed.steps.refuse(step, Judgement())
    [event] = deployed.events("review.refused")

    for _ in range(3):
        handler.notify(on_bus(event), CONTEXT)

    assert [mail.destinations["ToAddresses"] for mail in mails()] == [["ana@example.com"]]


def test_a_mail_that_failed_is_sent_when_the_event_comes_again(deployed, monkeypatch):
    step = deployed.submitted(LEAVE, RISKY)
    deployed.steps.refuse(step, Judgement())
    [event] = deployed.events("review.refused")
    with monkeypatch.context() as broken:
        broken.setattr(mailer.Mailer, "send", lambda *_: refuses(None))
        with pytest.raises(ConnectionError):
            handler.notify(on_bus(event), CONTEXT)

    handler.notify(on_bus(event), CONTEXT)

    assert len(mails()) == 1


def test_a_decision_on_the_bus_is_delivered(deployed):
    asked(deployed)
    [waiting] = deployed.approvals.waiting()
    deployed.approvals.decide(waiting.approval_id, ROB, Verdict.APPROVE)
    [event] = deployed.events("approval.decided")

    handler.notify(on_bus(event), CONTEXT)

    assert len(deployed.answers.given) == 1


def test_the_end_of_a_review_closes_its_approval(deployed):
    step = asked(deployed)
    deployed.steps.expire(step)
    [event] = deployed.events("review.expired")

    handler.notify(on_bus(event), CONTEXT)

    assert deployed.approvals.waiting() == []


def test_an_event_nobody_waits_for_changes_nothing(deployed):
    asked(deployed)
    before = len(mails())

    handler.notify(on_bus(deployed.events("review.submitted")[0]), CONTEXT)

    assert len(mails()) == before


def test_a_published_version_closes_the_exceptions_it_does_not_need_and_older_news_closes_nothing(deployed):
    first = published(deployed, asked(deployed), approve_finding(), approve_finding("egress"))
    text = RISKY.files["app.yaml"] + b"# next\n"
    deployed.apps.save_draft(LEAVE, Bundle({"app.yaml": text}), REQUESTER)
    review = deployed.reviews.submit(LEAVE, deployed.apps.get(LEAVE).draft, REQUESTER)
    step = StepInput.of(review)
    deployed.found[step.review_id] = []
    second = published(deployed, step, approve_finding())

    handler.notify(on_bus(first), CONTEXT)
    assert {e.state for e in deployed.exceptions.of_app(LEAVE)} == {"open"}
    handler.notify(on_bus(second), CONTEXT)

    states = {e.about.rule: e.state for e in deployed.exceptions.of_app(LEAVE)}
    assert states == {"personal-data": "open", "egress": "closed"}


def test_an_archived_app_needs_no_exception_any_more(deployed):
    published(deployed, asked(deployed), approve_finding())
    for trigger in (Trigger.RETIRED, Trigger.ARCHIVED):
        deployed.apps.advance(LEAVE, trigger, REQUESTER)
    [event] = deployed.events("app.archived")

    handler.notify(on_bus(event), CONTEXT)

    assert [e.state for e in deployed.exceptions.of_app(LEAVE)] == ["closed"]


def test_owner_and_reviewers_hear_once_of_a_fault_that_became_known(deployed):
    published(deployed, asked(deployed), approve_finding())
    fault = KnownFault(package="jinja2", version="3.1.2", advisory="CVE-1", fixed="3.1.6", since=NOW)
    deployed.apps.know_faults(deployed.apps.get(LEAVE), (fault,), Actor.system("operations"))
    [event] = deployed.events("app.vulnerable")

    for _ in range(2):
        handler.notify(on_bus(event), CONTEXT)

    told = [mail.destinations["ToAddresses"] for mail in mails() if "known fault" in mail.subject]
    assert told == [["ana@example.com"], ["reviewers@example.com"]]


def published(world, step, *findings):
    """The event of a version that a reviewer approved with these findings."""
    world.gates_say(step, *findings)
    locator = world.approvals.ask(step, "token")
    world.approvals.decide(locator, ROB, Verdict.APPROVE, "The purpose covers it.")
    world.steps.approve(step, Judgement(decided_by=ROB.id))
    world.steps.publish(step)
    [event] = [e for e in world.events("review.published") if e.resource.id == step.review_id]
    return event


def test_an_export_that_was_allowed_outlives_a_version_unless_it_may_no_longer_ask_the_query(deployed):
    event = published(deployed, asked(deployed))
    exporting = ExportExceptions(deployed.exceptions, registry())
    exporting.allow(exporting.asked(LEAVE, "hr-db", "team_calendar"), ROB, "For the works council.")
    handler.notify(on_bus(event), CONTEXT)
    assert [each.state for each in deployed.exceptions.of_app(LEAVE)] == ["open"]

    deployed.exceptions.revoke(deployed.exceptions.of_app(LEAVE)[0].exception_id, SAM, "No longer.")
    [revoked] = deployed.events("exception.revoked")
    handler.notify(on_bus(revoked), CONTEXT)
    assert "gives out no more files" in mails()[-1].subject


def test_who_answers_for_the_data_and_security_hear_once_that_a_days_rows_are_used_up(deployed):
    published(deployed, asked(deployed))
    account = Account("hr-db", LEAVE, "mia@example.com", DataClass.PERSONAL)
    event = budget_exceeded(account, MIA, 10_000, deployed.clock())

    for _ in range(2):
        handler.notify(on_bus(event), CONTEXT)

    told = [mail for mail in mails() if "rows are used up" in mail.subject]
    assert [mail.destinations["ToAddresses"] for mail in told] == [
        ["hr-data@example.com"],
        ["reviewers@example.com"],
    ]
    assert "mia@example.com has been given the 10000 personal rows" in told[0].body


def test_the_owner_hears_when_what_was_accepted_has_lapsed(deployed):
    published(deployed, asked(deployed), approve_finding())
    [exception] = deployed.exceptions.of_app(LEAVE)
    deployed.exceptions.revoke(exception.exception_id, SAM, "No longer.")
    [event] = deployed.events("exception.revoked")

    for _ in range(2):
        handler.notify(on_bus(event), CONTEXT)

    assert mails()[-1].destinations["ToAddresses"] == ["ana@example.com"]
    assert sum("needs a reviewer's word" in mail.subject for mail in mails()) == 1


def test_no_mail_goes_to_somebody_who_left(deployed):
    said = Said(account=ScimAccount(user_name="ana"), email="Ana@example.com", name="Ana", active=False)
    Roster(DirectoryStore(deployed.dynamodb, deployed.outbox, "directory"), deployed.clock).enrol(said)
    for address in ("ana@example.com", "rob@example.com"):
        mailer.mailer().send(Mail(to=address, subject="News", text="News", html="<p>News</p>"))
    assert [mail.destinations["ToAddresses"] for mail in mails()] == [["rob@example.com"]]


def addressed():
    return [address for mail in mails() for address in mail.destinations["ToAddresses"]]


def test_everybody_whose_word_is_needed_is_asked_and_the_reviewers_address_only_for_seats_nobody_is_known_for(
    deployed, directory
):
    deployed.policy = approval_policy()
    directory.append(ROB)
    step = asked(deployed)
    assert addressed() == ["rob@example.com", "reviewers@example.com"]

    directory.append(DORA)
    handler.ask({"step": step.model_dump(mode="json"), "task_token": "token"}, CONTEXT)
    assert addressed()[2:] == ["rob@example.com", "dora@example.com"]


@pytest.mark.parametrize(
    ("action", "subject"),
    [
        ("approval.reminded", "Still to be decided: Leave request"),
        ("approval.escalated", "Nobody has decided yet: Leave request"),
    ],
)
def test_who_is_told_again_is_told_once_however_often_the_event_comes(deployed, directory, action, subject):
    directory += [ROB, DORA]
    asked(deployed)
    [event] = deployed.events("approval.asked")
    told = event.model_copy(update={"action": action, "event_id": EventId.new()})

    for _ in range(3):
        handler.notify(on_bus(told), CONTEXT)

    assert addressed()[2:] == ["rob@example.com", "dora@example.com"]
    assert mails()[-1].subject.startswith(subject)


def test_nobody_is_told_again_of_what_was_decided_meanwhile(deployed, directory):
    directory += [ROB, DORA]
    asked(deployed)
    [event] = deployed.events("approval.asked")
    [waiting] = deployed.approvals.waiting()
    deployed.approvals.decide(waiting.approval_id, ROB, Verdict.REFUSE, "No.")

    handler.notify(on_bus(event.model_copy(update={"action": "approval.reminded"})), CONTEXT)

    assert len(addressed()) == 2
