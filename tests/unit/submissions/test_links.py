"""The owner's link between an app and a folder of a repository."""

import pytest

from appguard.kernel.errors import Invalid
from appguard.provenance.sources import Sources
from tests.support.forge import REPOSITORY
from tests.support.world import DEFECTS, REQUESTER


@pytest.mark.parametrize(
    "said", [REPOSITORY, f"{REPOSITORY}/", f"{REPOSITORY}.git", f" {REPOSITORY} "], ids=repr
)
@pytest.mark.parametrize(("folder", "kept"), [("", "."), ("/", "."), ("./apps/x/", "apps/x")])
def test_what_people_copy_along_is_left_out(door, said, folder, kept):
    link = door.links.link(DEFECTS, said, folder, REQUESTER)
    assert (link.repository, link.folder) == (REPOSITORY, kept)
    assert door.links.of(DEFECTS) == link


@pytest.mark.parametrize(
    "said",
    [
        "",
        "example/defects",
        "http://github.com/example/defects",
        "https://github.com/example",
        "https://user@github.com/example/defects",
        "https://github.com/example/defects?x=1",
        "https://github.com.evil.example/example/defects",
        "https://elsewhere.example.com/example/defects",
        'https://github.com/example/"><script>',
    ],
)
def test_only_a_repository_of_a_service_that_may_submit_is_linked(door, world, said):
    with pytest.raises(Invalid):
        door.links.link(DEFECTS, said, "", REQUESTER)
    assert (door.links.of(DEFECTS), world.events("app")) == (None, [])


@pytest.mark.parametrize("folder", ["..", "apps/../..", "a\\b", ".git", "a\nb", "x" * 300])
def test_only_a_folder_within_it(door, folder):
    with pytest.raises(Invalid, match="folder"):
        door.links.link(DEFECTS, REPOSITORY, folder, REQUESTER)


def test_linking_and_unlinking_are_in_the_ledger_with_the_place(door, world):
    door.links.link(DEFECTS, REPOSITORY, "apps/x", REQUESTER)
    world.clock.pass_(minutes=1)
    door.links.unlink(DEFECTS, REQUESTER)

    linked, unlinked = world.events("app")
    assert [linked.action, unlinked.action] == ["app.linked", "app.unlinked"]
    for event in (linked, unlinked):
        assert event.metadata == {"repository": REPOSITORY, "folder": "apps/x"}
        assert event.actor == REQUESTER
    assert door.links.of(DEFECTS) is None


def test_unlinking_what_is_not_linked_changes_nothing(door, world):
    door.links.unlink(DEFECTS, REQUESTER)
    assert world.events("app") == []


def test_where_no_service_may_submit_nothing_can_be_linked(door):
    door.believed = Sources()
    with pytest.raises(Invalid, match="no Git service") as error:
        door.links.link(DEFECTS, REPOSITORY, "", REQUESTER)
    assert "platform team" in error.value.advice
