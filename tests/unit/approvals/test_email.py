from html.parser import HTMLParser

from appguard.approvals.email import approval_asked, compose
from appguard.apps.bundle import Bundle
from appguard.reviews.steps import Judgement
from tests.support.git_source import OURS, git
from tests.support.world import LEAVE, REQUESTER, RISKY

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
    assert len(mail.text) < 2000


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
    evidence = world.evidence(world.reviews.submit(LEAVE, smaller.digest, REQUESTER))

    mail = approval_asked("rob@example.com", evidence, LINK, 7)

    assert "More: It asks for twice the memory (256 → 512 MB)." in mail.text.splitlines()
    [less] = [line for line in mail.text.splitlines() if line.startswith("Less: ")]
    assert "It will no longer read" in less


def test_of_what_came_from_git_the_mail_says_whose_push_it_was(world):
    review = world.reviews.submit(LEAVE, world.draft(LEAVE, RISKY), REQUESTER, git())

    mail = approval_asked("rob@example.com", world.evidence(review), "https://x", 7)

    assert f"Sent by octocat from refs/heads/main of {OURS}, commit aaaaaaaaaaaa." in mail.text


def test_asking_names_risk_and_capabilities_and_has_one_link_that_only_shows(world):
    step = world.submitted(LEAVE, RISKY)
    evidence = world.evidence(world.reviews.get(step.review_id))

    mail = approval_asked("rob@example.com", evidence, LINK, 7)

    assert mail.to == "rob@example.com"
    assert mail.subject == f"Please decide: Leave request ({evidence.tier.value} risk)"
    assert "- NEW: Reads “" in mail.text
    assert tags(mail.html).links == [LINK]
    assert mail.text.count(LINK) == 1
