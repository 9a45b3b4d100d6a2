"""What each screen says about itself: what it is, and what happens next. Who can help is the same on all."""

from typing import NamedTuple

from appguard.kernel.phrase import Phrase as _


class Help(NamedTuple):
    """One screen's help; `guide` tells more."""

    what: str
    next: str
    guide: str = "requester"


_APP = Help(
    _("One app: where it stands on its way, what the checks found, and what it may touch."),
    _("The line under the name shows its step. If something waits for you, the page begins with it."),
)
_EDITOR = Help(
    _("The text an app is made of. The checks of the review run while you type."),
    _("Saving keeps a draft that only you see. Nothing is in use before it was submitted and reviewed."),
)
_PREVIEW = Help(
    _("The pages of your draft as colleagues will see them, on made-up rows, masked like real ones."),
    _("Nothing here reaches real data. If it looks right, go back to the app and submit the version."),
)
_APPROVAL = Help(
    _("A request for a decision: what the app is for, what it may touch, and what the checks found."),
    _("Opening it decides nothing. Approving lets the review go on; a refusal sends back your comment."),
    "reviewer",
)
_REPORT = Help(
    _("Compliance reports, computed from the ledger alone, with the evidence behind every control."),
    _("Each is signed and locked. That you fetch a file is recorded."),
    "auditor",
)
_ENTRY = Help(
    _("One entry of the ledger, and the proof that it stands there unchanged."),
    _("Download the proof to check it without this portal, or go on to what else happened."),
    "auditor",
)
_IMPACT = Help(
    _("What a changed set of policies would do to the apps in use."),
    _("One person proposes it after the comparison, another publishes it. Only then does it judge anything."),
    "auditor",
)
_GUIDE = Help(
    _("Guides for what people do here, and whom to ask when they do not help."),
    _("Choose what you want to do. Every page of the portal has its own short help at the top, too."),
    "training",
)
_CONNECTORS = Help(
    _("The approved ways to data, and what each lets apps ask and change."),
    _("Open one to see its columns and who answers for it. If it is closed to apps, ask for access there."),
    "data-owner",
)
_TEMPLATES = Help(
    _("Secure beginnings for apps, each with pages, data and examples."),
    _("Start from one; you get a draft that only you see."),
    "training",
)
_CHANGE = Help(
    _("A change in the life of an app, and what follows from it."),
    _("Read what happens, then say why. Nothing happens before you send it."),
)
_VERSIONS = Help(
    _("Every version of an app, what became of each, and how two of them differ."),
    _("Compare two, or bring an earlier one back as the draft."),
)

ACTS = ("suspend", "recertify", "transfer", "retire", "lock", "release", "offer")
HELP = {
    "/my/<app_id>/versions": _VERSIONS,
    "/my/<app_id>/versions/compare": _VERSIONS,
    "/connectors": _CONNECTORS,
    "/connectors/<name>": _CONNECTORS,
    "/templates": _TEMPLATES,
    "/templates/<name>": _TEMPLATES,
    **{f"/my/<app_id>/{act}": _CHANGE for act in ACTS},
    "/": Help(
        _("What waits for you, and the apps you own."),
        _("Open what waits first. A new app begins with a page of questions."),
        "training",
    ),
    "/help": _GUIDE,
    "/help/<name>": _GUIDE,
    "/account": Help(
        _("Who you are here, what your roles let you do, and where you are signed in."),
        _("End a session you do not know. Roles come with your groups; the platform team changes them."),
        "training",
    ),
    "/dashboard": Help(
        _("How fast apps come into use, what stops them, and how things stand."),
        _("Choose the days; take the figures away as a file if you need them elsewhere."),
        "auditor",
    ),
    "/catalog": Help(
        _("Every app that colleagues have published."),
        _("Open an app to see who owns it and to use it. If nothing fits, make one yourself."),
    ),
    "/new": Help(
        _("One page about what your app is for. From it follow the risk, who has to agree, and a template."),
        _("You get a draft that works, which you then change. Nobody else sees it before you submit it."),
        "training",
    ),
    "/my/<app_id>": _APP,
    "/my/<app_id>/edit": _EDITOR,
    "/my/<app_id>/preview/<page_id>": _PREVIEW,
    "/exceptions": Help(
        _("What a reviewer accepted although a check spoke against it, for how long, and why."),
        _("Renew what is still needed: an app whose exception has ended cannot be recertified."),
        "reviewer",
    ),
    "/exports/allow": Help(
        _("A question: may rows that an app shows leave it as a file?"),
        _("A reviewer decides. Until then the app shows the rows and gives no file."),
        "reviewer",
    ),
    "/persons": Help(
        _("Who saw or changed the data of one person, through which app."),
        _("The answer covers what the ledger holds. You may then decide on forgetting or keeping it."),
        "data-owner",
    ),
    "/reports": _REPORT,
    "/reports/<report_id>": _REPORT,
    "/audit": Help(
        _("Everything that was done, decided, seen or refused, each with its proof."),
        _("Search, open an entry, and take its proof with you."),
        "auditor",
    ),
    "/audit/<log>/<number>": _ENTRY,
    "/secrets": Help(
        _("What apps and databases sign in with, and how old it is. Nobody sees the values."),
        _("They are replaced by themselves. A late one raises an alarm."),
        "data-owner",
    ),
    "/policies": Help(
        _("The rules every app is judged by, in plain words, with what to do about each."),
        _("They judge at once while you edit, and again in the review."),
    ),
    "/policies/impact": _IMPACT,
    "/approvals": Help(
        _("Requests that wait for a decision of somebody with your role."),
        _("Open one to see the evidence. You cannot decide on what you asked for or own."),
        "reviewer",
    ),
    "/approvals/<locator>": _APPROVAL,
}
