"""A review that waits for a person, brought to its end."""

from infra.local.story.cast import ROB, Story
from infra.local.story.chapters import review
from infra.local.story.ground import until


def approved(story: Story, comment: str) -> None:
    """Dora agrees and Rob approves by the link that was mailed to him; the app is in use afterwards."""
    review.receive(story)
    review.agree(story)
    rob = story.person(ROB)
    rob.open(story.seen["link"])
    path = "/approvals/" + story.seen["link"].rsplit("/", 1)[1]
    rob.fill(path, verdict="approve", comment=comment)
    until(lambda: review._state(story, story.app_id) == "active", "the app to be published")
