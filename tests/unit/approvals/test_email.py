from html.parser import HTMLParser

from appguard.approvals.email import approval_asked, compose
from appguard.apps.bundle import Bundle
from appguard.kernel.line import LONGEST
from appguard.reviews.model import StepInput
from appguard.reviews.steps import Judgement
from tests.support.git_source import OURS, git
from tests.support.world import LEAVE, REQUESTER, RISKY, approve_finding

LINK = "https://portal.example.com/approvals/the-locator"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.links = set(), []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.links += [value for name, value in attrs if name == "href"]


def tags(html):
    found = Tags()
    found.feed(html)
    return found


def asked(world, step, *findings):
    """The mail about this run, whose link ends in a locator nobody could guess."""
    world.gates_say(step, *findings)
    summary = world.summary(world.approvals.ask(step, "token"))
    return approval_asked("rob@example.com", summary.model_copy(update={"link": LINK}))


def test_what_people_wrote_is_text_never_markup():
    mail = compose(
        "rob@example.com",
        "Decide: <b>Leave</b>",
        ['<img src=x onerror=alert(1)> & "quotes"'],
        ["<a href='https://evil.example'>click</a>"],
        ("Look", LINK + '"><script>'),
    )

    found = tags(mail.html)
    assert found.seen == {"html", "body", "p", "ul", "li", "a"}
    assert found.links == [LINK + '"><script>']


def test_a_line_break_in_a_name_forges_neither_header_nor_paragraph():
    mail = compose(
        "rob@example.com", "Leave\r\nBcc: all@example.com", ["one\n\nApproved by: CEO"], [], ("Look", LINK)
    )

    assert "\n" not in mail.subject
    assert "one Approved by: CEO" in mail.text


def test_a_very_long_text_is_cut():
    mail = compose("rob@example.com", "x" * 1000, ["y" * 100_000], [], ("Look", LINK))

    assert len(mail.subject) <= 150
    assert len(mail.text) < 2 * LONGEST


def test_of_a_next_version_one_line_says_what_is_more_and_one_what_is_less(world):
    step = world.submitted(LEAVE, RISKY)
    world.gates_say(step)
    world.steps.approve(step, Judgement())
    world.steps.publish(step)
    text = (
        RISKY.files["app.yaml"].replace(b"memory_mb: 256", b"memory_mb: 512").replace(b", team_calendar", b"")
    )
    smaller = Bundle({"app.yaml": text})
    world.apps.save_draft(LEAVE, smaller, REQUESTER)
    mail = asked(world, StepInput.of(world.reviews.submit(LEAVE, smaller.digest, REQUESTER)))

    assert "More: It asks for twice the memory (256 → 512 MB)." in mail.text.splitlines()
    [less] = [line for line in mail.text.splitlines() if line.startswith("Less: ")]
    assert "It will no longer read" in less


def test_of_what_came_from_git_the_mail_says_whose_push_it_was(world):
    review = world.reviews.submit(LEAVE, world.draft(LEAVE, RISKY), REQUESTER, git())

    mail = asked(world, StepInput.of(review))

    assert f"Sent by octocat from refs/heads/main of {OURS}, commit aaaaaaaaaaaa." in mail.text


def test_asking_names_risk_and_capabilities_and_has_one_link_that_only_shows(world):
    mail = asked(world, world.submitted(LEAVE, RISKY))

    assert mail.to == "rob@example.com"
    assert mail.subject == "Please decide: Leave request (medium risk)"
    assert "- NEW: Reads “" in mail.text
    assert tags(mail.html).links == [LINK]
    assert mail.text.count(LINK) == 1


def test_what_is_accepted_by_approving_is_listed_after_what_the_app_may_do(world):
    mail = asked(
        world, world.submitted(LEAVE, RISKY), approve_finding(), approve_finding("personal-data", line=9)
    )

    assert "By approving you accept, for 180 days:\n\n- It reads personal data. (in 2 places)" in mail.text
    assert "<li>It reads personal data. (in 2 places)</li>" in mail.html
