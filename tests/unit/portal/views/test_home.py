from datetime import timedelta

from appguard.access.access import access
from appguard.apps.catalog import catalog
from appguard.apps.lifecycle import Trigger
from appguard.kernel.clock import utc_now
from appguard.kernel.event import Actor, Role
from appguard.kernel.ids import AppId, ConnectorName
from appguard.portal import todo
from tests.unit.portal.world import ANA, DORA, MIA, ROB, Browser, leave_request, published, waiting

SYSTEM = Actor.system("test")
LEA = ANA.model_copy(update={"id": "lea@example.com", "email": "lea@example.com", "name": "Lea Roth"})


def home(person):
    return Browser.of(person).get("/").body


def test_everybody_without_anything_is_told_what_to_do_next(portal):
    assert "Make your first app" in home(ANA)
    assert "Look at the templates" in home(ANA)
    assert "ask the platform team for the requester role" in home(MIA)


def test_each_app_says_what_its_owner_does_next(portal):
    app = leave_request()
    assert 'href="/my/leave-request/edit">Go on editing' in home(ANA)
    published(app)
    catalog().advance(app.app_id, Trigger.SUSPENDED, SYSTEM)
    page = home(ANA)
    assert "One thing waits for you." in page
    assert 'href="/my/leave-request/recertify">Take it into use again' in page


def test_a_decision_waits_for_those_who_may_make_it(portal):
    waiting(leave_request())
    assert "Decision asked" in home(ROB)
    assert "Decision asked" not in home(ANA)


def test_an_app_that_ends_soon_is_to_be_recertified():
    app = published_app(retires_in=20)
    assert [each.address for each in todo.own_apps([app], utc_now().date())] == ["/my/app-00001/recertify"]
    assert not list(todo.own_apps([published_app(retires_in=200)], utc_now().date()))


def published_app(retires_in):
    from appguard.apps.model import App, Grants, Publication, Risk  # noqa: PLC0415
    from appguard.kernel.ids import BundleDigest  # noqa: PLC0415
    from appguard.kernel.levels import RiskTier  # noqa: PLC0415

    return App(
        app_id=AppId("app-00001"),
        name="One",
        owner=ANA.id,
        owner_email=ANA.email,
        team="Team",
        state="active",
        created_at=utc_now(),
        publication=Publication(
            bundle_digest=BundleDigest("sha256:" + "0" * 64),
            risk=Risk(tier=RiskTier.LOW, reasons=()),
            grants=Grants(),
            url="/",
            published_at=utc_now(),
            retire_on=utc_now().date() + timedelta(days=retires_in),
            idle_after_days=60,
        ),
    )


def test_an_offer_waits_for_the_person_it_is_for(portal):
    app = published(leave_request())
    catalog().offer(app, "lea@example.com", ANA, Role.REQUESTER, "Yours?")
    assert 'href="/my/leave-request/offer"' in home(LEA)
    assert "Offered to you" not in home(ANA)


def test_a_question_waits_for_data_owners_and_its_answer_for_the_asker(portal):
    asked = access().ask(ConnectorName("payroll-db"), ANA, "Payslips <b>here</b>")
    assert "Payslips &lt;b&gt;here&lt;/b&gt;" in home(DORA)
    assert "Question to the data owner" not in home(ROB)
    assert "Not answered yet" in home(ANA)
    access().answer(asked.request_id, DORA, "Use the payslip portal.", yes=False)
    assert "Use the payslip portal." in home(ANA)
    assert "Question to the data owner" not in home(DORA)
