"""The app's later life: idle, suspended, recertified, retired."""

from datetime import datetime, timedelta

from infra.local.story.cast import ANA, MIA, Story
from infra.local.story.chapters.review import _app, _state
from infra.local.story.ground import until
from infra.local.story.teller import check


def idle(story: Story) -> str:
    """Nobody comes for two months: the nightly sweep suspends the app and tells its owner."""
    later = datetime.fromisoformat(story.seen["now"]) + timedelta(days=61)
    story.ground.invoke("appguard-operations-sweep", {"time": later.isoformat()})
    until(lambda: _state(story, story.app_id) == "suspended", "the suspension")
    reply = story.person(MIA).open(f"{story.app_path}/pages/team")
    check(reply.status_code in (429, 503), f"the suspended app answers {reply.status_code}")
    return f"sweep of {later.date()}: suspended, its function throttled to 0 ({reply.status_code})"


def recertify(story: Story) -> str:
    """The owner confirms need, owner and access; the app is back with new dates."""
    ana = story.person(ANA)
    ana.open(f"{story.app_page}/recertify")
    ana.fill(f"{story.app_page}/recertify", confirm="yes")
    check(_state(story, story.app_id) == "active", "the app did not come back")
    reply = story.person(MIA).enter(f"{story.app_path}/pages/team", MIA)
    check(reply.ok, f"the recertified app answers {reply.status_code}")
    return "active again; its pages answer"


def retire(story: Story) -> str:
    """The owner retires the app: archived, and nothing of it left running."""
    ana = story.person(ANA)
    ana.open(f"{story.app_page}/retire")
    ana.fill(f"{story.app_page}/retire", confirm=story.app_id, reason="The new HR system does this.")
    until(lambda: _state(story, story.app_id) == "archived", "the archive")
    ground, name = story.ground, f"appguard-app-{story.app_id}"
    functions = [
        function["FunctionName"] for function in ground.client("lambda").list_functions()["Functions"]
    ]
    check(name not in functions, "its function is still there")
    roles = [role["RoleName"] for role in ground.client("iam").list_roles()["Roles"]]
    check(name not in roles, "its role is still there")
    archive = ground.client("s3").list_objects_v2(Bucket=ground.outputs["ArchiveBucket"])
    kept = [item["Key"] for item in archive.get("Contents", []) if story.app_id in item["Key"]]
    check(kept, "nothing was archived")
    check(_app(story, story.app_id)["state"]["S"] == "archived", "the catalog forgot the app")
    return f"stack, role and secret gone; {len(kept)} objects archived; the catalog entry stays"
