"""Templates: what each gives to start from, page by page."""

from functools import cache

from appguard.apps.manifest import Criticality, Intent, Manifest, Metadata
from appguard.apps.risk import assess
from appguard.apps.templates import AppTemplate, start, templates
from appguard.connectors.registry import registry
from appguard.kernel.errors import NotFound
from appguard.kernel.ids import AppId
from appguard.portal import render
from appguard.portal.http import Reply, Request


def browse(request: Request) -> Reply:
    """All templates."""
    return render.page("templates.html", request, templates=list(templates().values()))


def show(request: Request) -> Reply:
    """One template: its pages as fields and columns, its data, its risk, and the way to start."""
    template = templates().get(request.params["name"])
    if template is None:
        raise NotFound("There is no such template")
    begun = beginning(template)
    return render.page(
        "template.html",
        request,
        about=template,
        manifest=begun,
        connectors=registry(),
        risk=assess(begun, registry(), ()),
    )


@cache
def beginning(template: AppTemplate) -> Manifest:
    """The app one gets, with words of nobody in particular."""
    about = Metadata(
        id=AppId("example"),
        name="Example",
        description="Shows what the template gives.",
        owner="owner@example.com",
        team="Your team",
    )
    intent = Intent(
        purpose="Shows what the template gives to start from.",
        users=template.users,
        data_class=template.data_class,
        criticality=Criticality.LOW,
    )
    return start(template.name, about, intent).manifest()
