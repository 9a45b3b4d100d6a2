"""A review that waits for a person, brought to its end."""

from infra.local.story.cast import ROB, Story
from infra.local.story.chapters import review
from infra.local.story.ground import until


def approved(story: Story, comment: str) -> None:
    """Rob approves by the link that was mailed to him; the app of the story is in use afterwards."""
    review.receive(story)
    rob = story.person(ROB)
    rob.open(story.seen["link"])
    path = "/approvals/" + story.seen["link"].rsplit("/", 1)[1]
    rob.fill(path, verdict="approve", comment=comment)
    until(lambda: review._state(story, story.app_id) == "active", "the app to be published")
