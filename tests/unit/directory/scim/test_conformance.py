"""A checker of SCIM servers, by others, against ours."""

from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from tests.support.scim import AT, TOKEN, application

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ON_PURPOSE = {
    # One kind is searched at a time: /Users/.search and /Groups/.search, not /.search.
    ("search_with_attributes", "there is nothing at this address"),
    # Members are users, whatever the client calls them.
    ("check_add_attribute", "members"),
    ("check_replace_attribute", "members"),
    # One address is kept, and it is the one for work, whatever the type the client gives it.
    ("check_replace_attribute", "emails"),
    # Who has no name is called by their user name, and whoever is not said to be inactive is active.
    ("check_remove_attribute", "displayName"),
    ("check_remove_attribute", "active"),
    # A manager is somebody we know; the checker names nobody.
    ("check_add_attribute", ENTERPRISE),
    ("check_add_attribute", f"{ENTERPRISE}:manager"),
    ("check_replace_attribute", ENTERPRISE),
    ("check_replace_attribute", f"{ENTERPRISE}:manager"),
}


def test_a_checker_of_servers_finds_nothing_but_what_we_do_otherwise_on_purpose(deployed):
    client = WSGISCIMClient(application, AT, headers={"authorization": f"Bearer {TOKEN}"})
    results = check_server(client)
    wrong = [one for one in results if one.status in {Status.ERROR, Status.CRITICAL}]
    assert {(one.title, (one.data or {}).get("urn", one.reason)) for one in wrong} == ON_PURPOSE
    assert sum(one.status is Status.SUCCESS for one in results) > 55
