"""From an idea to a submitted bundle."""

from pathlib import Path

from infra.local.story.cast import ANA, Story
from infra.local.story.ground import until
from infra.local.story.teller import check

EXAMPLE = Path(__file__).parents[4] / "examples" / "leave-request" / "app.yaml"
# A well-formed key that belongs to nobody, put together here so that scanners of this repository stay calm.
LEAKED_KEY = "AKIA" + "Z7QK4V2NX5M3LWJB"


def ask(story: Story) -> str:
    """Ana fills in the one-page form and reads the risk tier with its reasons."""
    propose(
        story,
        name="Leave request",
        app_id=story.app_id,
        purpose="Replace the leave spreadsheet that is sent around by e-mail and shows everyone everything.",
        team="People operations",
        data_class="personal",
        template="hr-self-service",
    )
    ana = story.person(ANA)
    ana.open(story.app_page)
    check("medium" in ana.text.casefold(), "the app page does not show the tier medium")
    check("personal data" in ana.text, "the tier comes without its reason")
    return f"draft {story.app_id} from the HR template; risk medium, because it touches personal data"


def propose(story: Story, **answers: str) -> None:
    """Ana answers the intent form for an app of little criticality that all employees may use."""
    ana = story.person(ANA)
    ana.open("/new")
    ana.fill("/new", users="employees", criticality="low", **answers)


def edit(story: Story) -> str:
    """Ana replaces the template's manifest by her own fields, pages and mapping."""
    _save(story, _manifest(story))
    ana = story.person(ANA)
    ana.open(f"{story.app_page}/edit")
    check("team_calendar" in str(ana.page), "the saved manifest is not shown")
    return "four pages, one mapping, three queries and one command saved; checked while typing"


def try_out(story: Story) -> str:
    """The preview runs in the sandbox, on synthetic rows."""
    ana = story.person(ANA)
    page = ana.open(f"{story.app_page}/preview/team/frame").text
    check("Team calendar" in page, "the sandbox shows no team calendar")
    real = story.seen["real_names"]
    check(not [name for name in real if name in page], "the preview shows a real person")
    return f"team calendar rendered by a function without rights; none of {len(real)} real names in it"


def leak(story: Story) -> str:
    """A version with a secret in it is refused, with the line and the remedy, and without the secret."""
    ana = story.person(ANA)
    _save(story, _manifest(story).replace("No health details,", f"Key {LEAKED_KEY}. No health details,"))
    submit(story)
    until(lambda: story.state(story.app_id) == "refused", "the refusal")
    ana.open(story.app_page)
    check("secret" in ana.text.casefold(), f"the refusal does not name the secret: {ana.text[:500]}")
    check(LEAKED_KEY not in str(ana.page), "the page repeats the secret")
    return "refused by the secret scan; the page names file, line and remedy, and hides the value"


def hand_in(story: Story) -> str:
    """The corrected version goes through the gates and waits for a person."""
    _save(story, _manifest(story))
    submit(story)
    until(lambda: _shows(story, "A reviewer has been asked"), "the review to ask a reviewer")
    return "eight gates clear; medium risk waits for a named person"


def submit(story: Story) -> None:
    """Press the button on the app's page."""
    ana = story.person(ANA)
    ana.open(story.app_page)
    ana.fill(f"{story.app_page}/submit")


def _save(story: Story, text: str) -> None:
    ana = story.person(ANA)
    ana.open(f"{story.app_page}/edit")
    ana.fill(f"{story.app_page}/edit", text=text)


def _manifest(story: Story) -> str:
    return EXAMPLE.read_text().replace("id: leave-request", f"id: {story.app_id}")


def _shows(story: Story, words: str) -> bool:
    ana = story.person(ANA)
    ana.open(story.app_page)
    return words.casefold() in ana.text.casefold()
