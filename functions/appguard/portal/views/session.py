"""The session of the cookie, for a page that outlived an earlier one."""

import json

from appguard.portal.http import Reply, Request


def show(request: Request) -> Reply:
    """The token that forms must carry now; other sites cannot read it."""
    assert request.session is not None  # noqa: S101 - the route needs a role
    return Reply(json.dumps({"csrf": request.session.csrf}), content_type="application/json")
