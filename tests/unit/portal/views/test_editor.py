import re
from hashlib import sha256

import boto3
import pytest

from appguard.apps.bundle import MANIFEST, Bundle
from appguard.apps.catalog import catalog
from appguard.gates.model import GateContext
from appguard.kernel.event import Role
from appguard.kernel.ids import AppId
from appguard.packages import stored
from appguard.packages.model import Resolution
from appguard.packages.store import PackageStore
from tests.unit.portal.world import ANA, ROB, Browser, leave_request, published, submitted

HERE = "/my/leave-request/edit"


def text_of(app):
    return catalog().bundle(app.draft).files[MANIFEST].decode()


def test_the_editor_shows_the_manifest_and_what_the_checks_would_say():
    app = leave_request()
    body = Browser.of(ANA).get(HERE).body
    assert "my_leave_balance" in body
    assert "It would be passed on to a reviewer." in body
    assert app.draft in body


def test_a_mistake_is_found_while_typing_with_its_line_and_nothing_is_saved():
    app = leave_request()
    wrong = text_of(app).replace("users: employees", "users: everyone")
    line = wrong[: wrong.index("users: everyone")].count("\n") + 1
    piece = Browser.of(ANA).post("/my/leave-request/check", headers={"hx-request": "true"}, text=wrong)
    assert f"line {line}" in piece.body
    assert f'<b class="bad">{line}</b>' in piece.body
    assert "It would be refused." in piece.body
    assert catalog().get(app.app_id).draft == app.draft


def test_saving_makes_a_new_version_finished_or_not():
    app = leave_request()
    browser = Browser.of(ANA)
    for changed in (text_of(app).replace("Leave request", "Days off"), "kind: [unfinished"):
        before = catalog().get(app.app_id).draft
        assert browser.post(HERE, digest=before, text=changed.replace("\n", "\r\n")).status == 303
        assert text_of(catalog().get(app.app_id)) == changed


def test_saving_over_a_version_one_has_not_seen_is_refused():
    app = leave_request()
    browser = Browser.of(ANA)
    browser.post(HERE, digest=app.draft, text=text_of(app) + "# one\n")
    answer = browser.post(HERE, digest=app.draft, text=text_of(app) + "# other\n")
    assert (answer.status, "changed elsewhere" in answer.body) == (409, True)


def test_checking_without_script_keeps_the_typed_text():
    app = leave_request()
    answer = Browser.of(ANA).post(HERE, action="check", text=text_of(app).replace("MicroApp", "MacroApp"))
    assert "kind: MacroApp" in answer.body
    assert catalog().get(app.app_id).draft == app.draft


def test_only_the_owner_edits_and_only_while_it_is_no_review():
    app = leave_request()
    other = Browser.of(ROB.model_copy(update={"groups": frozenset({"requesters", "reviewers"})}))
    assert other.get(HERE).status == 403
    assert other.post(HERE, digest=app.draft, text="x").status == 403
    submitted(app)
    assert Browser.of(ANA).get(HERE).status == 409


def test_the_manifest_of_another_app_cannot_be_saved():
    app = leave_request()
    stolen = text_of(app).replace("id: leave-request", "id: another-app", 1)
    assert Browser.of(ANA).post(HERE, digest=app.draft, text=stolen).status == 403


def test_hostile_text_is_refused_or_shown_and_never_fails():
    app = leave_request()
    browser = Browser.of(ANA)
    bomb = "a: &a [x,x]\n" + "\n".join(f"b{i}: &b{i} [*a,*a]" for i in range(50))
    for text in (bomb, "</textarea><script>alert(1)</script>", "{" * 500, "\x00\x01", "- " * 300, "é" * 1000):
        answer = browser.post("/my/leave-request/check", headers={"hx-request": "true"}, text=text)
        assert answer.status in {200, 400}
        assert "<script>alert" not in answer.body
    assert browser.post(HERE, digest=app.draft, text="x" * 1_600_000).status == 413


def test_a_published_app_is_edited_beside_the_version_in_use():
    app = published(leave_request())
    changed = text_of(app).replace("Leave request", "Days off")
    Browser.of(ANA).post(HERE, digest=app.draft, text=changed)
    now = catalog().get(AppId("leave-request"))
    assert now.publication.bundle_digest == app.draft != now.draft


MEND = "/my/leave-request/fix"


def offered(body):
    return re.findall(r'name="fix" value="([0-9a-f]{16})" formaction="/my/leave-request/fix"', body)


def test_a_fix_is_applied_in_the_editor_and_not_saved():
    app = leave_request()
    browser = Browser.of(ANA)
    wrong = text_of(app).replace("data_class: personal", "data_class: internal # for now")
    checked = browser.post("/my/leave-request/check", headers={"hx-request": "true"}, text=wrong)
    name = offered(checked.body)[0]
    answer = browser.post(MEND, text=wrong.replace("\n", "\r\n"), fix=name, digest=app.draft)
    assert answer.status == 200
    assert "data_class: personal # for now" in answer.body
    assert "not saved yet" in answer.body
    assert "It would be passed on to a reviewer." in answer.body
    assert catalog().get(app.app_id).draft == app.draft


def test_a_fix_for_another_text_or_of_nobody_knows_what_is_refused():
    app = leave_request()
    browser = Browser.of(ANA)
    wrong = text_of(app).replace("data_class: personal", "data_class: internal")
    name = offered(browser.post(HERE, action="check", text=wrong).body)[0]
    for text, fix in ((text_of(app), name), ("# shifted\n" + wrong, name), (wrong, "../x"), (wrong, "")):
        assert browser.post(MEND, text=text, fix=fix).status == 409


def test_a_fix_is_looked_for_under_the_policies_it_was_offered_under(monkeypatch):
    app = leave_request()
    browser = Browser.of(ANA)
    wrong = text_of(app).replace("data_class: personal", "data_class: internal")
    name = offered(browser.post(HERE, action="check", text=wrong).body)[0]
    monkeypatch.setattr(GateContext, "of_platform", lambda: pytest.fail("not the policies in force"))

    assert browser.post(MEND, text=wrong, fix=name).status == 200


def test_only_the_owner_may_have_a_text_mended():
    app = leave_request()
    other = Browser.of(ROB.model_copy(update={"groups": frozenset({"requesters", "reviewers"})}))
    assert other.post(MEND, text=text_of(app), fix="0" * 16).status == 403


def test_the_editor_says_what_may_stand_where():
    leave_request()
    body = Browser.of(ANA).get(HERE).body
    assert "What may stand here" in body
    assert "<dt><code>retire_after_months</code></dt>" in body


COMPLETE = "/my/leave-request/fix/saved"
BARE = "holidays==0.59\n"
WHOLE = f"holidays==0.59 \\\n    --hash=sha256:{'a' * 64}\nsix==1.17.0 \\\n    --hash=sha256:{'b' * 64}\n"


@pytest.fixture
def packaged(portal, monkeypatch):
    """The draft with a package, about which the package index was asked before."""
    store = PackageStore(boto3.client("s3"), "artifacts")
    monkeypatch.setattr(stored, "_store", lambda: store)
    known = Resolution(proposal=WHOLE, added=("six",))
    store.save_resolution(sha256(BARE.encode()).hexdigest(), known)
    app = leave_request()
    bundle = catalog().bundle(app.draft)
    return catalog().save_draft(
        app.app_id, Bundle({**bundle.files, "requirements.txt": BARE.encode()}), ANA.acting_as(Role.REQUESTER)
    )


def completing(body):
    return re.findall(rf'name="fix" value="([0-9a-f]{{16}})" formaction="{COMPLETE}"', body)


def test_packages_are_completed_in_a_new_version_together_with_the_text(packaged):
    browser = Browser.of(ANA)
    opened = browser.get(HERE).body
    assert "Apply and save: Complete requirements.txt: add six and write the hashes." in opened
    typed = text_of(packaged).replace("Leave request", "Days off")
    fix = completing(opened)[0]

    answer = browser.post(COMPLETE, fix=fix, digest=packaged.draft, text=typed.replace("\n", "\r\n"))

    assert (answer.status, answer.headers["location"]) == (303, f"{HERE}?saved=1")
    now = catalog().get(packaged.app_id)
    assert now.draft != packaged.draft
    assert catalog().bundle(now.draft).files["requirements.txt"].decode() == WHOLE
    assert text_of(now) == typed
    after = browser.get(f"{HERE}?saved=1").body
    assert completing(after) == []
    assert "six==1.17.0" in after


def test_what_is_written_into_packages_comes_from_the_checks_and_not_from_the_form(packaged):
    browser = Browser.of(ANA)
    fix = completing(browser.get(HERE).body)[0]
    form = {"digest": packaged.draft, "text": text_of(packaged)}
    for wrong in ("", "0" * 16, fix[:-1], "../x"):
        assert browser.post(COMPLETE, fix=wrong, **form).status == 409
    forged = {"requirements.txt": "evil==1", "requirements": "evil==1", "edits": "[]"}
    assert browser.post(COMPLETE, fix=fix, **form, **forged).status == 303
    files = catalog().bundle(catalog().get(packaged.app_id).draft).files
    assert files["requirements.txt"].decode() == WHOLE
    assert files.keys() == catalog().bundle(packaged.draft).files.keys()


def test_packages_of_a_draft_that_changed_meanwhile_are_not_overwritten(packaged):
    browser = Browser.of(ANA)
    fix = completing(browser.get(HERE).body)[0]
    browser.post(HERE, digest=packaged.draft, text=text_of(packaged) + "# one\n")
    seen = {"fix": fix, "text": text_of(packaged)}
    newer = catalog().get(packaged.app_id).draft
    assert browser.post(COMPLETE, digest=packaged.draft, **seen).status == 409
    assert browser.post(COMPLETE, **seen).status == 409
    assert catalog().get(packaged.app_id).draft == newer


def test_only_the_owner_may_have_packages_completed(packaged):
    other = Browser.of(ROB.model_copy(update={"groups": frozenset({"requesters", "reviewers"})}))
    form = {"digest": packaged.draft, "text": text_of(packaged), "fix": "0" * 16}
    assert other.post(COMPLETE, **form).status == 403
    assert Browser.of(ANA).post(COMPLETE, csrf="", **form).status == 403
