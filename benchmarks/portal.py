"""The portal and a low-risk review on the local platform, which is brought up when it does not run."""

from collections.abc import Iterator

from benchmarks.measure import Measurement, seconds
from infra.local.platform import up
from infra.local.story.__main__ import begin
from infra.local.story.cast import ANA, unused_id
from infra.local.story.chapters import build, review
from infra.local.story.ground import Ground

ROUNDS = 9


def measure() -> Iterator[Measurement]:
    """Pages in milliseconds of server time: what the emulator and an empty reply cost is taken off."""
    endpoints = up()
    story = begin(Ground(endpoints), endpoints)
    build.ask(story)
    ana = story.person(ANA)

    def opening(path: str) -> float:
        return seconds(lambda: ana.open(path), ROUNDS) * 1000

    nothing = opening("/healthz")
    for path in ("/", "/new", "/catalog", story.app_page, f"{story.app_page}/edit"):
        name = path.replace(story.app_id, "<app>")
        yield Measurement(f"portal: GET {name}", round(opening(path) - nothing), "ms", 300)
    review.quick_seconds(story)  # a first review pays for the cold start of every function on its way
    story.quick_id = unused_id(story.ground, story.quick_id)
    yield Measurement("low-risk app: submit to published", round(review.quick_seconds(story), 1), "s", 15)
